import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { peopleOf } from '../../runtime/provenance';
import { type IDecisionLedger, recordDecisions } from '../governance-ledger/decision-ledger';
import { type KeyRing, Purpose } from '../key-ring';
import { DeadLetterQueue, dataRemovalPolicy, type FunctionNetwork, HandlerFunction, SecureBucket } from '../workload';
import { APPROVALS, ARTIFACTS, BILLS, RUN_LOCKS, restrictRegistry } from './bucket-policy';
import { groupPolicy } from './group-policy';
import { BORN_PENDING, denyToRole, PROVENANCE_STAYS } from './provenance-guard';
import { assignDuty, RegistryDuty } from './registry-role';

/** Properties of a model registry. */
export interface ModelRegistryProps {
  /** Keys of the AI system: MODEL encrypts artifacts, LOGS the function's log, the seal key signs approvals. */
  readonly keys: KeyRing;
  /**
   * People who may approve, as their role sessions name them, such as `jane@example.com`.
   * @default - everybody who holds a role with `grantApprove` and did not ask for the model
   */
  readonly approvers?: string[];
  /**
   * Where the approval function runs. Needs endpoints for S3, KMS, SageMaker API, SSM and Events.
   * @default - outside any VPC
   */
  readonly network?: FunctionNetwork;
  /**
   * Has each approval, before its model can be deployed, and each rejection. Functions in a VPC then need an endpoint for Lambda.
   * @default - no ledger: the approval itself is signed and kept
   */
  readonly ledger?: IDecisionLedger;
  /**
   * How long an artifact, run lock or approval is kept after another one took its name. It serves no more, because an
   * approval pins the version of its artifact; it shows what was once approved. Current versions are kept without end.
   * @default Duration.days(3650) - ten years, as the EU AI Act, Article 18(1), asks of documentation
   */
  readonly noncurrentRetention?: Duration;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** What the parameter says while no package is approved. */
export const NO_APPROVED_MODEL = 'none';

/** Names of package groups (Amazon SageMaker API Reference, "CreateModelPackageGroup"), which only a deployment checks. */
const GROUP_NAME = /^(?=.{1,63}$)[a-z0-9](-*[a-z0-9])*$/;

/**
 * Models that passed training, waiting for a second person's approval, and the approvals themselves.
 *
 * A change of a package's status to Approved starts a function that compares approver and requester, hashes the
 * artifact again, and either signs a record of the approval or sets the package to Rejected. Only a package with a
 * signed record can be deployed (`ApprovedModel`). Each decision is an event on the default bus: source
 * `palisade.model-registry`, detail type `Model Approval Decided`.
 *
 * Throws PALISADE-R004 for names of stage and system that give no name for a package group, PALISADE-R005 for a list
 * of approvers with nobody in it. Its grants throw PALISADE-R001 and PALISADE-R002: one role, one duty.
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

  /** Tag that names a role's duty in this registry. */
  private readonly dutyTag: string;
  /** ARN pattern of the group's packages. */
  private readonly packages: string;
  /** ARN of the group, written rather than read from it, because its own policy names it. */
  private readonly groupArn: string;

  constructor(scope: Construct, id: string, props: ModelRegistryProps) {
    super(scope, id);
    const { keys } = props;
    const groupName = `${keys.stage}-${keys.system}`;
    this.requireGroupName(groupName);
    this.requireSomebody(props.approvers);
    this.keys = keys;
    this.dutyTag = `palisade:registry/${keys.stage}/${keys.system}`;
    this.groupArn = this.sageMakerArn('model-package-group', groupName);
    this.packages = this.sageMakerArn('model-package', `${groupName}/*`);
    const bucket = new SecureBucket(this, 'Models', {
      encryptionKey: keys.key(Purpose.MODEL),
      lifecycleRules: [{ noncurrentVersionExpiration: props.noncurrentRetention ?? Duration.days(3650) }],
      removalPolicy: props.removalPolicy,
    });
    this.bucket = bucket;
    this.group = this.packageGroup(groupName, props.removalPolicy);
    this.approvedPackageParameter = `/palisade/${keys.stage}/${keys.system}/approved-model-package`;
    const decider = this.decider(this.parameter(), props);
    restrictRegistry(bucket, { deciderRoleArn: decider.role?.roleArn ?? '', dutyTag: this.dutyTag });
    this.onStatusChange(decider);
    this.approvalFunction = decider;
  }

  /** Lets `grantee` create pending packages, and write artifacts and run locks. Approvals stay out of its reach. */
  grantRegister(grantee: iam.IGrantable): iam.Grant {
    assignDuty(grantee, this.dutyTag, RegistryDuty.REGISTER);
    const create = iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'],
      resourceArns: [this.groupArn, this.packages],
    });
    const write = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject'],
      resourceArns: [ARTIFACTS, RUN_LOCKS, BILLS].map((name) => this.bucket.arnForObjects(name)),
    });
    denyToRole(grantee, [this.groupArn, this.packages], BORN_PENDING, {
      sid: 'RegistrarsApproveNothing',
      actions: ['sagemaker:UpdateModelPackage'],
    });
    // S3 decrypts the bucket's key to use it, also for writing (Amazon S3 User Guide, "S3 Bucket Keys").
    return create.combine(write).combine(this.useKey(grantee, 'kms:Decrypt', 'kms:GenerateDataKey'));
  }

  /** Lets `grantee`, a person's role, set the approval status. The status alone deploys nothing. */
  grantApprove(grantee: iam.IGrantable): iam.Grant {
    assignDuty(grantee, this.dutyTag, RegistryDuty.APPROVE);
    denyToRole(grantee, [this.groupArn, this.packages], ...PROVENANCE_STAYS, {
      sid: 'ApproversRegisterNothing',
      actions: ['sagemaker:CreateModelPackage'],
    });
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'],
      resourceArns: [this.packages],
    });
  }

  /** Lets `grantee`, such as an endpoint's role, read and decrypt registered artifacts. */
  grantReadArtifacts(grantee: iam.IGrantable): iam.Grant {
    const read = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resourceArns: [this.bucket.arnForObjects(ARTIFACTS)],
    });
    return read.combine(this.useKey(grantee, 'kms:Decrypt'));
  }

  /** Lets `grantee` check that a package is approved: its description, its approval record and its artifact's version. */
  grantVerify(grantee: iam.IGrantable): iam.Grant {
    const describe = iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:DescribeModelPackage'],
      resourceArns: [this.packages],
    });
    const verify = this.keys.sealKey.grant(grantee, 'kms:Verify');
    return describe.combine(this.grantReadArtifacts(grantee)).combine(this.readApprovals(grantee)).combine(verify);
  }

  private readApprovals(grantee: iam.IGrantable): iam.Grant {
    const read = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [this.bucket.arnForObjects(APPROVALS)],
    });
    // Without it S3 calls an object that is not there forbidden (Amazon S3 API Reference, "GetObject").
    const list = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
    return read.combine(list);
  }

  /** With S3 Bucket Keys the encryption context is the bucket's ARN, so the key serves this bucket only. */
  private useKey(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    const context = { 'aws:s3:arn': this.bucket.bucketArn };
    return this.keys.key(Purpose.MODEL).grantWithContext(grantee, context, ...actions);
  }

  private sageMakerArn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
  }

  private packageGroup(name: string, requested?: RemovalPolicy): sagemaker.CfnModelPackageGroup {
    const { stage, system } = this.keys;
    const group = new sagemaker.CfnModelPackageGroup(this, 'Group', {
      modelPackageGroupName: name,
      modelPackageGroupDescription: `Models of ${system} in ${stage}`,
      modelPackageGroupPolicy: groupPolicy([this.groupArn, this.packages], this.dutyTag),
    });
    const removal = dataRemovalPolicy(this, requested);
    // The name is fixed: a group that a failed first deployment left behind would stand in the way of the second.
    group.applyRemovalPolicy(removal === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : removal);
    return group;
  }

  /**
   * CloudFormation writes the value again whenever the resource changes, which would take the approved model back. So
   * nothing in it may change: it carries no tags, because tags follow the manifests.
   */
  private parameter(): ssm.StringParameter {
    const parameter = new ssm.StringParameter(this, 'ApprovedPackage', {
      parameterName: this.approvedPackageParameter,
      stringValue: NO_APPROVED_MODEL,
      description: `Model package of ${this.keys.system} that may be deployed to ${this.keys.stage}`,
    });
    (parameter.node.defaultChild as ssm.CfnParameter).addPropertyDeletionOverride('Tags');
    return parameter;
  }

  /** One decision at a time, so that the last event always sees the last status. */
  private decider(
    parameter: ssm.StringParameter,
    { approvers, ledger, network, removalPolicy }: ModelRegistryProps,
  ): HandlerFunction {
    const { keys } = this;
    const stack = Stack.of(this);
    const decider = new HandlerFunction(this, 'Approval', {
      handler: 'model-approval',
      description: `Checks and signs approvals of models of ${keys.system}`,
      encryptionKey: keys.key(Purpose.LOGS),
      network,
      timeout: Duration.minutes(15),
      // One full virtual CPU: hashing uses one thread.
      memorySize: 1769,
      reservedConcurrentExecutions: 1,
      removalPolicy,
      environment: {
        ACCOUNT: stack.account,
        BUCKET: this.bucket.bucketName,
        GROUP: this.group.modelPackageGroupName,
        PARAMETER: this.approvedPackageParameter,
        SEAL_KEY: keys.sealKey.keyArn,
        ...(approvers && { APPROVERS: JSON.stringify(approvers) }),
      },
    });
    if (ledger) {
      recordDecisions(decider, ledger, keys);
    }
    assignDuty(decider, this.dutyTag, RegistryDuty.DECIDE);
    this.grantReadArtifacts(decider);
    this.readApprovals(decider);
    this.useKey(decider, 'kms:GenerateDataKey');
    keys.sealKey.grant(decider, 'kms:Sign');
    const statements: [string[], string][] = [
      [['s3:PutObject'], this.bucket.arnForObjects(APPROVALS)],
      [['sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'], this.packages],
      [['ssm:GetParameter', 'ssm:PutParameter'], parameter.parameterArn],
      [['events:PutEvents'], stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
    ];
    for (const [actions, resource] of statements) {
      decider.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
    }
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

  private requireGroupName(name: string): void {
    if (!GROUP_NAME.test(name)) {
      throw new PalisadeError({
        code: 'PALISADE-R004',
        where: this.node.path,
        problem: `'${name}' cannot name a model package group: more than 63 characters, or a hyphen at the end`,
        fix: 'shorten the names of stage and system to 62 characters together, and end them with a letter or digit',
      });
    }
  }

  private requireSomebody(approvers?: string[]): void {
    if (approvers && peopleOf(approvers).size < Math.max(1, approvers.length)) {
      throw new PalisadeError({
        code: 'PALISADE-R005',
        where: this.node.path,
        problem: `the approvers are [${approvers.join(', ')}]: nobody, no name, or one person twice`,
        fix: 'name at least one person who may approve, each once',
      });
    }
  }
}
