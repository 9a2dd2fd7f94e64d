import { Opaque } from './opaque';
import { own } from './values';

/** Where a stack is assumed to be deployed; gives every resource the same name and ARN each time. */
export interface Placement {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The account that synthesis assumes, from AWS's own examples. */
export const ASSUMED_ACCOUNT = '111122223333';

/** The partition that a Region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) {
    return 'aws-cn';
  }
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Domain of the partition's endpoints. */
export function urlSuffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

type ArnForm = (place: Placement, name: string) => string;

const regional =
  (service: string, resource: string): ArnForm =>
  ({ partition, region, account }, name) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}${name}`;

const global =
  (service: string, resource: string): ArnForm =>
  ({ partition, account }, name) =>
    `arn:${partition}:${service}::${account}:${resource}${name}`;

/** ARN forms, from each service's page in the Service Authorization Reference ("Resource types"). */
const ARN_FORMS: Readonly<Record<string, ArnForm>> = {
  'AWS::ApiGateway::RestApi': ({ partition, region }, name) =>
    `arn:${partition}:apigateway:${region}::/restapis/${name}`,
  'AWS::Athena::WorkGroup': regional('athena', 'workgroup/'),
  'AWS::Bedrock::Guardrail': regional('bedrock', 'guardrail/'),
  'AWS::CloudTrail::Trail': regional('cloudtrail', 'trail/'),
  'AWS::CloudWatch::Alarm': regional('cloudwatch', 'alarm:'),
  'AWS::DynamoDB::Table': regional('dynamodb', 'table/'),
  'AWS::EC2::VPC': regional('ec2', 'vpc/'),
  'AWS::EC2::VPCEndpoint': regional('ec2', 'vpc-endpoint/'),
  'AWS::ECR::Repository': regional('ecr', 'repository/'),
  'AWS::Events::EventBus': regional('events', 'event-bus/'),
  'AWS::Events::Rule': regional('events', 'rule/'),
  'AWS::IAM::ManagedPolicy': global('iam', 'policy/'),
  'AWS::IAM::Role': global('iam', 'role/'),
  'AWS::IAM::User': global('iam', 'user/'),
  'AWS::KinesisFirehose::DeliveryStream': regional('firehose', 'deliverystream/'),
  'AWS::KMS::Key': regional('kms', 'key/'),
  // Of the function's form; the function's own name is not known here.
  'AWS::Lambda::Alias': (place, name) => `${regional('lambda', 'function:')(place, name)}:alias`,
  'AWS::Lambda::Function': regional('lambda', 'function:'),
  'AWS::Logs::LogGroup': (place, name) => `${regional('logs', 'log-group:')(place, name)}:*`,
  'AWS::S3::Bucket': ({ partition }, name) => `arn:${partition}:s3:::${name}`,
  'AWS::SageMaker::Domain': regional('sagemaker', 'domain/'),
  'AWS::SageMaker::Endpoint': regional('sagemaker', 'endpoint/'),
  'AWS::SageMaker::EndpointConfig': regional('sagemaker', 'endpoint-config/'),
  'AWS::SageMaker::Model': regional('sagemaker', 'model/'),
  'AWS::SageMaker::ModelPackageGroup': regional('sagemaker', 'model-package-group/'),
  'AWS::SageMaker::Pipeline': regional('sagemaker', 'pipeline/'),
  'AWS::SecretsManager::Secret': regional('secretsmanager', 'secret:'),
  'AWS::SNS::Topic': regional('sns', ''),
  'AWS::SQS::Queue': regional('sqs', ''),
  'AWS::SSM::Parameter': (place, name) => regional('ssm', `parameter${name.startsWith('/') ? '' : '/'}`)(place, name),
  'AWS::StepFunctions::StateMachine': regional('states', 'stateMachine:'),
  'AWS::WAFv2::WebACL': regional('wafv2', 'regional/webacl/'),
};

/** Types whose Ref is the ARN, not the name (CloudFormation User Guide, "Return values" of each type). */
const REF_IS_ARN = new Set([
  'AWS::Bedrock::Guardrail',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::IAM::ManagedPolicy',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Version',
  'AWS::SageMaker::DataQualityJobDefinition',
  'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::EndpointConfig',
  'AWS::SageMaker::Model',
  'AWS::SageMaker::ModelBiasJobDefinition',
  'AWS::SageMaker::ModelExplainabilityJobDefinition',
  'AWS::SageMaker::ModelPackage',
  'AWS::SageMaker::ModelPackageGroup',
  'AWS::SageMaker::ModelQualityJobDefinition',
  'AWS::SecretsManager::Secret',
  'AWS::SNS::Topic',
  'AWS::StepFunctions::StateMachine',
]);

/** Properties that name a resource, where its template gives the name. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Athena::WorkGroup': 'Name',
  'AWS::CloudTrail::Trail': 'TrailName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SageMaker::Endpoint': 'EndpointName',
  'AWS::SageMaker::ModelPackageGroup': 'ModelPackageGroupName',
  'AWS::SageMaker::Pipeline': 'PipelineName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

/** The property that gives a type its name, if the template may. */
export function namePropertyOf(type: string): string | undefined {
  return own(NAME_PROPERTIES, type);
}

/** A name for a resource that CloudFormation names: the same each time, and made of what every service accepts. */
export function physicalName(stack: string, logicalId: string): string {
  return `${stack}-${logicalId}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
}

/** The ARN of a resource, as its service forms it; for a type not listed, a stand-in of the same shape. */
export function arnOf(type: string, place: Placement, name: string): string {
  const [, service = 'unknown', resource = 'unknown'] = type.split('::');
  const form = own(ARN_FORMS, type) ?? regional(service.toLowerCase(), `${resource.toLowerCase()}/`);
  return form(place, name);
}

/** What Ref gives. */
export function refOf(type: string, place: Placement, name: string): string {
  if (type === 'AWS::SQS::Queue') {
    return `https://sqs.${place.region}.${urlSuffixOf(place.region)}/${place.account}/${name}`;
  }
  return REF_IS_ARN.has(type) ? arnOf(type, place, name) : name;
}

/**
 * What GetAtt gives: the ARN for `Arn` and `RoleArn`, the name for `Id`, `KeyId`, `GroupId` and `TopicName`, and for other
 * attributes a stand-in that names resource and attribute. Only a deployment knows those of custom resources and nested stacks.
 */
export function attributeOf(type: string, place: Placement, name: string, attribute: string): string | Opaque {
  if (type.startsWith('Custom::') || type.startsWith('AWS::CloudFormation::')) {
    return new Opaque(`attribute ${attribute} of ${name}`);
  }
  const [, noun = attribute, kind] = /^(.*?)(Arn|Id|Name)?$/s.exec(attribute) ?? [];
  const own = (type.split('::').at(-1) ?? '').toLowerCase().endsWith(noun.toLowerCase());
  if (!kind || !own) {
    return `${name}.${attribute}`;
  }
  return kind === 'Arn' ? arnOf(type, place, name) : name;
}
