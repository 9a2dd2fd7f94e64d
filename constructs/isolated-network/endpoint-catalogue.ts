import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { EndpointService } from './endpoint-service';
import type { Perimeter } from './perimeter';

const AWS = ec2.InterfaceVpcEndpointAwsService;

/** What is known of one service's endpoint. */
export interface EndpointFacts {
  /** Service name as the CDK writes it, with the prefixes that differ by Region; absent where the endpoint is a gateway. */
  readonly interface?: ec2.IInterfaceVpcEndpointService;
  /** DNS names of the service, before `.<region>.<suffix>`. A label `*` stands for any name below. */
  readonly names: string[];
  /** Endpoint policy. `others` are the services that the network has endpoints for. */
  readonly policy: (perimeter: Perimeter, others: ReadonlySet<EndpointService>) => iam.PolicyStatement[];
  /** Partitions without the service. @default - none known */
  readonly absentIn?: string[];
}

/** Every action on own resources, and by name the actions that have no resource. */
function own(prefix: string, ...withoutResource: string[]): EndpointFacts['policy'] {
  return (perimeter) => [
    perimeter.onOwnResources(`${prefix}:*`),
    ...(withoutResource.length > 0
      ? [perimeter.withoutResource(...withoutResource.map((action) => `${prefix}:${action}`))]
      : []),
  ];
}

/**
 * The endpoints that Palisade knows. Sources:
 * - service names and their exceptions by Region: `InterfaceVpcEndpointAwsService` of the CDK;
 * - DNS names and `absentIn`: botocore 1.43.11, endpoints.json (partitions aws, aws-cn, aws-us-gov, aws-eusc);
 * - actions without a resource: the Service Authorization Reference. PutMetricData, GetMetricData and ListMetrics have
 *   gained a resource type there, but requests outside a dataset still carry none.
 */
export const ENDPOINT_CATALOGUE: Readonly<Record<EndpointService, EndpointFacts>> = {
  [EndpointService.APPCONFIG_DATA]: {
    interface: AWS.APPCONFIGDATA,
    names: ['appconfigdata'],
    policy: own('appconfig'),
  },
  [EndpointService.AUTO_SCALING]: {
    interface: AWS.AUTOSCALING,
    names: ['autoscaling'],
    policy: own('autoscaling', 'DescribeAutoScalingGroups', 'DescribeAutoScalingInstances', 'DescribeLifecycleHooks'),
  },
  [EndpointService.BEDROCK]: {
    interface: AWS.BEDROCK,
    names: ['bedrock'],
    absentIn: ['aws-cn'],
    policy: (perimeter, others) => [
      ...own('bedrock', 'GetFoundationModelAvailability', 'ListFoundationModels')(perimeter, others),
      foundationModels(perimeter, 'bedrock:GetFoundationModel'),
    ],
  },
  [EndpointService.BEDROCK_RUNTIME]: {
    interface: AWS.BEDROCK_RUNTIME,
    names: ['bedrock-runtime'],
    absentIn: ['aws-cn'],
    policy: (perimeter) => [
      // Inference profiles that AWS defines carry this account's id in their ARN but belong to AWS: hence ARNs here.
      perimeter.onOwnArns('bedrock', ['*'], 'bedrock:ApplyGuardrail', ...INVOKE_MODEL),
      foundationModels(perimeter, 'bedrock:CountTokens', ...INVOKE_MODEL),
    ],
  },
  [EndpointService.DYNAMODB]: {
    names: ['dynamodb', '*.ddb'],
    // DynamoDB Developer Guide, "Required policy for endpoints": DescribeEndpoints must be allowed.
    policy: own('dynamodb', 'DescribeEndpoints'),
  },
  [EndpointService.ECR_API]: {
    interface: AWS.ECR,
    names: ['api.ecr'],
    policy: own('ecr', 'GetAuthorizationToken'),
  },
  [EndpointService.ECR_DOCKER]: {
    interface: AWS.ECR_DOCKER,
    names: ['*.dkr.ecr'],
    policy: own('ecr'),
  },
  [EndpointService.EVENTS]: { interface: AWS.EVENTBRIDGE, names: ['events'], policy: own('events') },
  [EndpointService.EXECUTE_API]: {
    interface: AWS.APIGATEWAY,
    names: ['*.execute-api'],
    policy: (perimeter) => [perimeter.onOwnArns('execute-api', ['*'], 'execute-api:Invoke')],
  },
  [EndpointService.FIREHOSE]: { interface: AWS.KINESIS_FIREHOSE, names: ['firehose'], policy: own('firehose') },
  [EndpointService.KMS]: { interface: AWS.KMS, names: ['kms'], policy: own('kms', 'GenerateRandom') },
  [EndpointService.LAMBDA]: { interface: AWS.LAMBDA, names: ['lambda'], policy: own('lambda') },
  [EndpointService.LOGS]: { interface: AWS.CLOUDWATCH_LOGS, names: ['logs'], policy: own('logs', 'DescribeLogGroups') },
  [EndpointService.MONITORING]: {
    interface: AWS.CLOUDWATCH_MONITORING,
    names: ['monitoring'],
    policy: own('cloudwatch', 'GetMetricData', 'GetMetricStatistics', 'ListMetrics', 'PutMetricData'),
  },
  [EndpointService.S3]: { interface: AWS.S3, names: ['s3', '*.s3'], policy: s3Policy },
  [EndpointService.SAGEMAKER_API]: {
    interface: AWS.SAGEMAKER_API,
    names: ['api.sagemaker'],
    policy: own(
      'sagemaker',
      'ListEndpoints',
      'ListModelPackageGroups',
      'ListModels',
      'ListPipelines',
      'ListProcessingJobs',
      'ListTrainingJobs',
      'Search',
    ),
  },
  [EndpointService.SAGEMAKER_RUNTIME]: {
    interface: AWS.SAGEMAKER_RUNTIME,
    names: ['runtime.sagemaker'],
    policy: own('sagemaker'),
  },
  [EndpointService.SECRETS_MANAGER]: {
    interface: AWS.SECRETS_MANAGER,
    names: ['secretsmanager'],
    policy: own('secretsmanager'),
  },
  // Publishing to a telephone number has no resource, and so stays outside the perimeter.
  [EndpointService.SNS]: { interface: AWS.SNS, names: ['sns'], policy: own('sns') },
  [EndpointService.SQS]: { interface: AWS.SQS, names: ['sqs'], policy: own('sqs') },
  [EndpointService.SSM]: {
    interface: AWS.SSM,
    names: ['ssm'],
    policy: (perimeter, others) => [
      // What the agent needs of AmazonSSMManagedInstanceCore and has no resource.
      ...own('ssm', 'GetManifest', 'ListAssociations', 'PutConfigurePackageResult', 'PutInventory')(perimeter, others),
      perimeter.onAwsOwned(
        'PublicParameters',
        [perimeter.arn('ssm', { account: '', resource: 'parameter/aws/service/*' })],
        'ssm:GetParameter',
        'ssm:GetParameters',
        'ssm:GetParametersByPath',
      ),
    ],
  },
  [EndpointService.SSM_MESSAGES]: {
    interface: AWS.SSM_MESSAGES,
    names: ['ssmmessages'],
    policy: (perimeter) => [
      perimeter.withoutResource(
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ),
    ],
  },
  [EndpointService.STATES]: {
    interface: AWS.STEP_FUNCTIONS,
    names: ['states'],
    policy: own('states', 'SendTaskFailure', 'SendTaskHeartbeat', 'SendTaskSuccess'),
  },
  [EndpointService.STS]: { interface: AWS.STS, names: ['sts'], policy: own('sts', 'GetCallerIdentity') },
  [EndpointService.XRAY]: {
    interface: AWS.XRAY,
    names: ['xray'],
    policy: own(
      'xray',
      'GetSamplingRules',
      'GetSamplingStatisticSummaries',
      'GetSamplingTargets',
      'PutTelemetryRecords',
      'PutTraceSegments',
    ),
  },
};

const INVOKE_MODEL = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/**
 * Foundation models belong to AWS and have no account in their ARNs. Any Region, because a cross-Region inference
 * profile is checked against the model in each Region that it may route to; which Regions those are, the caller's own
 * policy decides.
 */
function foundationModels(perimeter: Perimeter, ...actions: string[]): iam.PolicyStatement {
  const models = perimeter.arn('bedrock', { region: '*', account: '', resource: 'foundation-model/*' });
  return perimeter.onAwsOwned('FoundationModels', [models], ...actions);
}

function s3Policy(perimeter: Perimeter, others: ReadonlySet<EndpointService>): iam.PolicyStatement[] {
  const bucket = (name: string) => perimeter.arn('s3', { region: '', account: '', resource: name });
  const statements = [perimeter.onOwnResources('s3:*')];
  if (others.has(EndpointService.ECR_DOCKER)) {
    // Amazon ECR User Guide, "Minimum Amazon S3 bucket permissions for Amazon ECR".
    const layers = bucket(`prod-${perimeter.region}-starport-layer-bucket/*`);
    statements.push(perimeter.presignedByAws('EcrLayers', [layers], 's3:GetObject'));
  }
  if (others.has(EndpointService.SAGEMAKER_API)) {
    // SageMaker Developer Guide: the bucket of built-in algorithms' and JumpStart's artifacts. Read only.
    const jumpStart = bucket(`jumpstart-cache-prod-${perimeter.region}`);
    statements.push(
      perimeter.onAwsOwned('SageMakerArtifacts', [jumpStart, `${jumpStart}/*`], 's3:GetObject', 's3:ListBucket'),
    );
  }
  return statements;
}
