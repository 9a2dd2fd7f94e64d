import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { WorkloadRole } from '../workload';
import type { StopFlag } from './stop-flag';

/** Properties of a kill switch. */
export interface KillSwitchProps {
  /** The function that all calls of the model go through. */
  readonly gateway: lambda.IFunction;
  /** Reserved concurrency of the gateway while it answers; what the way back restores. */
  readonly concurrency: number;
  /** Told of a stop too, for gateways that are no function. @default - none */
  readonly flag?: StopFlag;
  /** Beginning of the runbooks' names: known by heart, and one per account and Region. */
  readonly name: string;
}

/**
 * Stops a model at once, without a deployment: a Systems Manager runbook takes all concurrency from the gateway, so that
 * no new call reaches the model, and sets the flag that copies of the gateway in containers look at; a second one gives both
 * back. The runbooks are the one way to either, so that the two say the same. Nobody may run them before it is granted.
 */
export class KillSwitch extends Construct {
  /** Name of the runbook that stops. */
  readonly stopDocumentName: string;
  /** Name of the runbook that lets calls in again. */
  readonly resumeDocumentName: string;

  private readonly props: KillSwitchProps;
  private readonly role: WorkloadRole;

  constructor(scope: Construct, id: string, props: KillSwitchProps) {
    super(scope, id);
    this.props = props;
    this.role = this.runbookRole();
    const { concurrency } = props;
    this.stopDocumentName = this.runbook('Stop', 'No new call reaches the model', [
      // What can be stopped is, whatever becomes of the rest; the run still ends as failed.
      { ...this.setConcurrency(0), ...(props.flag && { onFailure: 'Continue' }) },
      ...this.setFlag('stopped'),
    ]);
    this.resumeDocumentName = this.runbook('Resume', 'Calls reach the model again', [
      ...this.setFlag('running'),
      this.setConcurrency(concurrency),
    ]);
  }

  /** Lets `grantee` stop the model, and see whether that worked. */
  grantStop(grantee: iam.IGrantable): iam.Grant {
    return this.grantRun(grantee, this.stopDocumentName);
  }

  /** Lets `grantee` end a stop. Keep it apart from who stops: starting again is a decision, stopping is a reflex. */
  grantResume(grantee: iam.IGrantable): iam.Grant {
    return this.grantRun(grantee, this.resumeDocumentName);
  }

  /** Only runs of this account's runbooks (Systems Manager User Guide, "Create a service role for Automation"). */
  private runbookRole(): WorkloadRole {
    const stack = Stack.of(this);
    const role = new WorkloadRole(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ssm.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': this.arn('automation-execution', '*') },
        },
      }),
      description: `Stops ${this.props.gateway.node.path} and lets it run again`,
    });
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:PutFunctionConcurrency'],
        resources: [this.props.gateway.functionArn],
      }),
    );
    this.props.flag?.grantSet(role);
    return role;
  }

  private runbook(id: string, description: string, steps: object[]): string {
    const name = `${this.props.name}-${id.toLowerCase()}`;
    new ssm.CfnDocument(this, id, {
      name,
      documentType: 'Automation',
      documentFormat: 'JSON',
      // A document with a name of its own cannot be replaced.
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '0.3',
        description,
        assumeRole: this.role.roleArn,
        mainSteps: [...steps.slice(0, -1), { ...steps.at(-1), isEnd: true }],
      },
    }).node.addDependency(this.role);
    return name;
  }

  private setConcurrency(concurrency: number): object {
    return {
      name: 'SetConcurrency',
      action: 'aws:executeAwsApi',
      inputs: {
        Service: 'lambda',
        Api: 'PutFunctionConcurrency',
        FunctionName: this.props.gateway.functionName,
        ReservedConcurrentExecutions: concurrency,
      },
    };
  }

  private setFlag(state: 'running' | 'stopped'): object[] {
    const deployment = this.props.flag?.deploymentOf(state);
    return deployment === undefined
      ? []
      : [
          {
            name: 'SetFlag',
            action: 'aws:executeAwsApi',
            inputs: {
              Service: 'appconfig',
              Api: 'StartDeployment',
              ApplicationId: deployment.applicationId,
              EnvironmentId: deployment.environmentId,
              DeploymentStrategyId: deployment.deploymentStrategyId,
              ConfigurationProfileId: deployment.configurationProfileId,
              ConfigurationVersion: deployment.configurationVersion,
            },
          },
        ];
  }

  /** The run acts with the runbook's role, so whoever starts it must be allowed to pass that role on, and nothing else. */
  private grantRun(grantee: iam.IGrantable, name: string): iam.Grant {
    const executions = this.arn('automation-execution', '*');
    const grants: iam.GrantOnPrincipalOptions[] = [
      {
        grantee,
        actions: ['ssm:StartAutomationExecution'],
        resourceArns: [this.arn('automation-definition', `${name}:*`), this.arn('document', name), executions],
      },
      { grantee, actions: ['ssm:GetAutomationExecution'], resourceArns: [executions] },
      {
        grantee,
        actions: ['iam:PassRole'],
        resourceArns: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      },
    ];
    return grants.map((grant) => iam.Grant.addToPrincipal(grant)).reduce((all, grant) => all.combine(grant));
  }

  private arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource, resourceName });
  }
}
