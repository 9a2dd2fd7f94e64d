import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { type KeyRing, Purpose } from '../key-ring';
import { DeadLetterQueue, type FunctionNetwork, HandlerFunction, SecureBucket } from '../workload';
import { assignDuty, RegistryDuty } from './registry-role';

/** Properties of a model registry. */
export interface ModelRegistryProps {
  /** Keys of the AI system: MODEL encrypts artifacts, LOGS the function's log, the seal key signs approvals. */
  readonly keys: KeyRing;
  /**
   * Where the approval function runs. Needs endpoints for S3, KMS, SageMaker API, SSM and Events.
   * @default - outside any VPC
   */
  readonly network?: FunctionNetwork;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** What the parameter says while no package is approved. */
export const NO_APPROVED_MODEL = 'none';

/**
 * Models that passed training, waiting for a second person's approval, and the approvals themselves.
 *
 * A change of a package's status to Approved starts a function that compares approver and requester, hashes the
 * artifact again, and either signs a record of the approval or sets the package to Rejected. Only a package with a
 * signed record can be deployed (`ApprovedModel`).
 *
 * Throws PALISADE-R001 and PALISADE-R002 from its grants: one role, one duty.
 */
export class ModelRegistry extends Construct {
  /** Package group that models are registered in. */
  readonly group: sagemaker.CfnModelPackageGroup;
  /** Registered artifacts, and approvals under `approvals/`. */
  readonly bucket: s3.IBucket;
  /** Name of the SSM parameter that holds the approved package's ARN, or `none`. */
  readonly approvedPackageParameter: string;
  /** Decides about approvals. */
  readonly approvalFunction: lambda.IFunction;
  /** Keys of the AI system. */
  readonly keys: KeyRing;

  private readonly dutyTag: string;

  constructor(scope: Construct, id: string, props: ModelRegistryProps) {
    super(scope, id);
    const { keys } = props;
    const { stage, system } = keys;
    this.keys = keys;
    this.dutyTag = `palisade:registry/${stage}/${system}`;
    this.bucket = new SecureBucket(this, 'Models', {
      encryptionKey: keys.key(Purpose.MODEL),
      removalPolicy: props.removalPolicy,
    });
    this.group = this.packageGroup(`${stage}-${system}`);
    this.approvedPackageParameter = `/palisade/${stage}/${system}/approved-model-package`;
    const parameter = new ssm.StringParameter(this, 'ApprovedPackage', {
      parameterName: this.approvedPackageParameter,
      stringValue: NO_APPROVED_MODEL,
      description: `Model package of ${system} that may be deployed to ${stage}`,
    });
    this.approvalFunction = this.decider(parameter, props.network);
  }

  /** Lets `grantee` create packages, and write artifacts and run locks. Approvals stay out of its reach. */
  grantRegister(grantee: iam.IGrantable): iam.Grant {
    assignDuty(grantee, this.dutyTag, RegistryDuty.REGISTER);
    const create = iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'],
      resourceArns: [this.group.attrModelPackageGroupArn, this.packages()],
    });
    const write = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject'],
      // Artifacts and run locks lie in a folder per training job; nothing else is written by name.
      resourceArns: ['*/model.tar.gz', '*/run.lock.json'].map((name) => this.bucket.arnForObjects(name)),
    });
    const key = this.keys.key(Purpose.MODEL).grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
    return create.combine(write).combine(key);
  }

  /** Lets `grantee`, a person's role, set the approval status. The status alone deploys nothing. */
  grantApprove(grantee: iam.IGrantable): iam.Grant {
    assignDuty(grantee, this.dutyTag, RegistryDuty.APPROVE);
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'],
      resourceArns: [this.packages()],
    });
  }

  /** Lets `grantee`, such as an endpoint's role, read and decrypt registered artifacts. */
  grantReadArtifacts(grantee: iam.IGrantable): iam.Grant {
    const read = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resourceArns: [this.bucket.arnForObjects('*/model.tar.gz')],
    });
    return read.combine(this.decrypt(grantee));
  }

  /** Lets `grantee` check that a package is approved: its description, its approval record and its artifact's version. */
  grantVerify(grantee: iam.IGrantable): iam.Grant {
    const describe = iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:DescribeModelPackage'],
      resourceArns: [this.packages()],
    });
    const read = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: ['approvals/*', '*/model.tar.gz'].map((name) => this.bucket.arnForObjects(name)),
    });
    const verify = this.keys.sealKey.grant(grantee, 'kms:Verify');
    return describe.combine(read).combine(verify).combine(this.decrypt(grantee));
  }

  private decrypt(grantee: iam.IGrantable): iam.Grant {
    const context = { 'aws:s3:arn': this.bucket.bucketArn };
    return this.keys.key(Purpose.MODEL).grantWithContext(grantee, context, 'kms:Decrypt');
  }

  private packages(): string {
    const { modelPackageGroupName } = this.group;
    return Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'model-package',
      resourceName: `${modelPackageGroupName}/*`,
    });
  }

  /** The resource policy holds against what IAM policies of the account allow: a Deny there is final. */
  private packageGroup(modelPackageGroupName: string): sagemaker.CfnModelPackageGroup {
    const stack = Stack.of(this);
    const packages = { service: 'sagemaker', resource: 'model-package', resourceName: `${modelPackageGroupName}/*` };
    return new sagemaker.CfnModelPackageGroup(this, 'Group', {
      modelPackageGroupName,
      modelPackageGroupDescription: `Models of ${this.keys.system} in ${this.keys.stage}`,
      modelPackageGroupPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyApproversAndTheDeciderChangeStatus',
            Effect: 'Deny',
            Principal: { AWS: new iam.AccountRootPrincipal().arn },
            Action: ['sagemaker:UpdateModelPackage'],
            Resource: stack.formatArn(packages),
            Condition: {
              StringNotEquals: { [`aws:PrincipalTag/${this.dutyTag}`]: [RegistryDuty.APPROVE, RegistryDuty.DECIDE] },
            },
          },
        ],
      },
    });
  }

  private decider(parameter: ssm.StringParameter, network?: FunctionNetwork): lambda.IFunction {
    const { keys } = this;
    const stack = Stack.of(this);
    const decider = new HandlerFunction(this, 'Approval', {
      handler: 'model-approval',
      description: `Checks and signs approvals of models of ${keys.system}`,
      encryptionKey: keys.key(Purpose.LOGS),
      network,
      timeout: Duration.minutes(15),
      memorySize: 1769,
      environment: {
        ACCOUNT: stack.account,
        BUCKET: this.bucket.bucketName,
        GROUP: this.group.modelPackageGroupName,
        PARAMETER: this.approvedPackageParameter,
        SEAL_KEY: keys.sealKey.keyArn,
      },
    });
    assignDuty(decider, this.dutyTag, RegistryDuty.DECIDE);
    this.grantReadArtifacts(decider);
    keys.sealKey.grant(decider, 'kms:Sign');
    keys.key(Purpose.MODEL).grant(decider, 'kms:GenerateDataKey');
    parameter.grantRead(decider);
    parameter.grantWrite(decider);
    const statements: [string[], string][] = [
      [['s3:PutObject'], this.bucket.arnForObjects('approvals/*')],
      [['sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'], this.packages()],
      [['events:PutEvents'], stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
    ];
    for (const [actions, resource] of statements) {
      decider.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
    }
    this.onStatusChange(decider);
    return decider;
  }

  private onStatusChange(decider: lambda.Function): void {
    const key = this.keys.key(Purpose.LOGS);
    key.allowService('events.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    new events.Rule(this, 'StatusChange', {
      description: `Approval status of a model of ${this.keys.system} changed`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Package State Change'],
        detail: { ModelPackageGroupName: [this.group.modelPackageGroupName] },
      },
      targets: [
        new targets.LambdaFunction(decider, {
          deadLetterQueue: DeadLetterQueue.of(this, key),
          maxEventAge: Duration.hours(2),
          retryAttempts: 5,
        }),
      ],
    });
  }
}
