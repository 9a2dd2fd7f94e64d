import { Arn, ArnFormat, Fn, Names, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring';
import { SecureLogGroup, WorkloadRole } from '../workload';
import type { LaunchGuard } from './launch-guard';
import { type PipelineParts, pipelineDefinition } from './pipeline-definition';

/** Rule that Step Functions makes and keeps to learn when a job ends (Step Functions Developer Guide, "SageMaker"). */
const SYNC_RULE = 'StepFunctionsGetEventsForSageMakerTrainingJobsRule';

/** Properties of a training pipeline. */
export interface TrainingPipelineProps {
  readonly parts: PipelineParts;
  /** Functions that the pipeline invokes. */
  readonly functions: lambda.IFunction[];
  readonly guard: LaunchGuard;
  /** Encrypts the definition and the history of executions. */
  readonly encryptionKey: PurposeKey;
  /** Encrypts the log. */
  readonly logKey: PurposeKey;
  /** Of the log. */
  readonly removalPolicy?: RemovalPolicy;
}

/** The state machine, with a role that starts guarded training jobs and the pipeline's own functions, and nothing else. */
export class TrainingPipeline extends Construct {
  /** ARN of the state machine. */
  readonly stateMachineArn: string;
  /** Role of the state machine. */
  readonly role: WorkloadRole;

  private readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrainingPipelineProps,
  ) {
    super(scope, id);
    const stack = Stack.of(this);
    // A name known in advance: the role's key permissions are bound to the machine, and the machine needs the role.
    this.name = Names.uniqueResourceName(this, { maxLength: 80, separator: '-' });
    this.stateMachineArn = this.arn('stateMachine', this.name);
    this.role = this.createRole();
    const machine = new sfn.CfnStateMachine(this, 'StateMachine', {
      stateMachineName: this.name,
      stateMachineType: 'STANDARD',
      roleArn: this.role.roleArn,
      definitionString: stack.toJsonString(pipelineDefinition(props.parts)),
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: props.encryptionKey.keyArn,
        kmsDataKeyReusePeriodSeconds: 300,
      },
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: this.createLog().logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
    });
    machine.node.addDependency(this.role);
  }

  /** Lets `grantee` start runs, follow them and stop them. */
  grantStart(grantee: iam.IGrantable): iam.Grant {
    const start = iam.Grant.addToPrincipal({
      grantee,
      actions: ['states:StartExecution'],
      resourceArns: [this.stateMachineArn],
    });
    const follow = iam.Grant.addToPrincipal({
      grantee,
      actions: ['states:DescribeExecution', 'states:GetExecutionHistory', 'states:StopExecution'],
      resourceArns: [this.arn('execution', `${this.name}:*`)],
    });
    return start.combine(follow).combine(this.grantKey(grantee));
  }

  private createRole(): WorkloadRole {
    const { encryptionKey, functions, guard } = this.props;
    const role = new WorkloadRole(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnEquals: { 'aws:SourceArn': this.stateMachineArn },
        },
      }),
      description: 'Runs the training pipeline',
    });
    for (const gate of functions) {
      iam.Grant.addToPrincipal({
        grantee: role,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [gate.functionArn],
      });
    }
    guard.grantStart(role, ['sagemaker:CreateTrainingJob'], `${this.props.parts.jobPrefix}-*`);
    this.followJobs(role);
    this.deliverLogs(role, encryptionKey);
    sendTraces(role);
    this.grantKey(role);
    // Whoever deploys creates the machine with the key.
    encryptionKey.allowProvisioning('states', 'kms:Decrypt', 'kms:GenerateDataKey');
    return role;
  }

  private followJobs(role: WorkloadRole): void {
    const stack = Stack.of(this);
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
        resources: [stack.formatArn({ service: 'events', resource: 'rule', resourceName: SYNC_RULE })],
      }),
    );
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['sagemaker:ListTags'],
        resources: [
          stack.formatArn({
            service: 'sagemaker',
            resource: 'training-job',
            resourceName: `${this.props.parts.jobPrefix}-*`,
          }),
        ],
      }),
    );
  }

  /**
   * Execution logs of a machine with a CMK travel encrypted with that key: the role encrypts, the delivery service
   * decrypts, both in the encryption context of this account's logs.
   */
  private deliverLogs(role: WorkloadRole, key: PurposeKey): void {
    const stack = Stack.of(this);
    const logsArn = stack.formatArn({
      service: 'logs',
      resource: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:DescribeLogGroups',
          'logs:DescribeResourcePolicies',
          'logs:GetLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:UpdateLogDelivery',
        ],
        // Deliveries have no ARN (Step Functions Developer Guide, "Logging using CloudWatch Logs").
        resources: ['*'],
      }),
    );
    key.grantWithContext(role, { SourceArn: logsArn }, 'kms:GenerateDataKey');
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'DeliverExecutionLogs',
        principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'kms:EncryptionContext:SourceArn': logsArnOf(key) } },
      }),
    );
  }

  private createLog(): SecureLogGroup {
    // A retained group keeps its name: the last part of the stack's id is another one when the stack is made again.
    const stackId = Fn.select(2, Fn.split('/', Stack.of(this).stackId));
    return new SecureLogGroup(this, 'Log', {
      // Under this prefix, Step Functions needs no entry of its own in the account's log resource policy, which is short.
      logGroupName: `/aws/vendedlogs/states/${this.name}-${stackId}`,
      encryptionKey: this.props.logKey,
      removalPolicy: this.props.removalPolicy,
    });
  }

  private grantKey(grantee: iam.IGrantable): iam.Grant {
    const context = { 'aws:states:stateMachineArn': this.stateMachineArn };
    return this.props.encryptionKey.grantWithContext(grantee, context, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  private arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** Traces name states and their times, never their input. X-Ray's actions take no resource (Service Authorization Reference). */
function sendTraces(role: WorkloadRole): void {
  role.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    }),
  );
}

/** All logs of the key's own account and Region, so that the key's stack refers to nothing of a later one. */
function logsArnOf(key: PurposeKey): string {
  return Arn.format({ service: 'logs', resource: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }, Stack.of(key));
}
