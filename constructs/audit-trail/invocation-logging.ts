import { CustomResource, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring';
import { dataRemovalPolicy, HandlerFunction, SecureBucket, SecureLogGroup, WorkloadRole } from '../workload';

/** Properties of the invocation logging. */
interface InvocationLoggingProps {
  readonly logKey: PurposeKey;
  readonly retention: logs.RetentionDays;
  readonly removalPolicy?: RemovalPolicy;
}

/** Where bodies go that are too large for a log event (100 kB). */
const LARGE_DATA_PREFIX = 'large';

/**
 * Records prompts and completions of every Bedrock call in this account and Region: text only, encrypted, kept for a
 * limited time. CloudFormation has no type for it, so a custom resource sets it; an account and Region has one such
 * configuration, and another one that is found there is never overwritten.
 */
export class InvocationLogging extends Construct {
  /** Prompts and completions. */
  readonly logGroup: logs.ILogGroup;
  /** Bodies too large for a log event. */
  readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, props: InvocationLoggingProps) {
    super(scope, id);
    this.logGroup = new SecureLogGroup(this, 'Log', {
      encryptionKey: props.logKey,
      retention: props.retention,
      removalPolicy: dataRemovalPolicy(this, props.removalPolicy),
    });
    const bucket = this.largeDataBucket(props);
    this.bucket = bucket;
    const role = this.deliveryRole();
    const handler = this.handler(props, role);
    const configuration = new CustomResource(this, 'Configuration', {
      serviceToken: handler.functionArn,
      resourceType: 'Custom::BedrockInvocationLogging',
      serviceTimeout: Duration.minutes(5),
      properties: {
        LogGroupName: this.logGroup.logGroupName,
        RoleArn: role.roleArn,
        LargeDataBucket: bucket.bucketName,
        LargeDataPrefix: LARGE_DATA_PREFIX,
      },
    });
    // Bedrock tries both destinations when it is configured, so their policies come first; and last on deletion.
    configuration.node.addDependency(role, bucket, handler, ...(handler.role ? [handler.role] : []));
  }

  /** Amazon Bedrock User Guide, "Monitor model invocation using CloudWatch Logs and Amazon S3". */
  private largeDataBucket(props: InvocationLoggingProps): SecureBucket {
    const fromBedrock = { ArnLike: { 'aws:SourceArn': this.bedrockArn() } };
    props.logKey.allowService('bedrock.amazonaws.com', ['kms:GenerateDataKey'], fromBedrock);
    const kept = Duration.days(props.retention);
    const bucket = new SecureBucket(this, 'LargeData', {
      encryptionKey: props.logKey,
      lifecycleRules: [{ expiration: kept, noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: props.removalPolicy,
    });
    const account = Stack.of(this).account;
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'BedrockWrites',
        principals: [new iam.ServicePrincipal('bedrock.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${LARGE_DATA_PREFIX}/AWSLogs/${account}/BedrockModelInvocationLogs/*`)],
        conditions: { ...fromBedrock, StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    return bucket;
  }

  private deliveryRole(): WorkloadRole {
    const role = new WorkloadRole(this, 'DeliveryRole', {
      assumedBy: new iam.ServicePrincipal('bedrock.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: { 'aws:SourceArn': this.bedrockArn() },
        },
      }),
      description: 'Lets Bedrock write invocation logs',
    });
    this.logGroup.grantWrite(role);
    return role;
  }

  /** Outside the VPC: it calls Bedrock's control plane and answers CloudFormation, and sees no prompt. */
  private handler({ logKey, removalPolicy }: InvocationLoggingProps, deliveryRole: WorkloadRole): HandlerFunction {
    const handler = new HandlerFunction(this, 'Handler', {
      handler: 'bedrock-invocation-logging',
      description: 'Sets Bedrock model invocation logging for this account and Region',
      encryptionKey: logKey,
      timeout: Duration.minutes(2),
      reservedConcurrentExecutions: 1,
      removalPolicy,
    });
    handler.addToRolePolicy(
      new iam.PolicyStatement({
        actions: [
          'bedrock:DeleteModelInvocationLoggingConfiguration',
          'bedrock:GetModelInvocationLoggingConfiguration',
          'bedrock:PutModelInvocationLoggingConfiguration',
        ],
        // The configuration is the account's; these actions take no resource (Service Authorization Reference).
        resources: ['*'],
      }),
    );
    handler.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [deliveryRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
      }),
    );
    return handler;
  }

  private bedrockArn(): string {
    const stack = Stack.of(this);
    return `arn:${stack.partition}:bedrock:${stack.region}:${stack.account}:*`;
  }
}
