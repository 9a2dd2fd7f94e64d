import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { demanded, type JobRequirements, violations } from './requirements';

/** Jobs whose every property of isolation and encryption IAM can see. */
export const GUARDED_JOBS = {
  'sagemaker:CreateTrainingJob': 'training-job',
  'sagemaker:CreateProcessingJob': 'processing-job',
  'sagemaker:CreateHyperParameterTuningJob': 'hyper-parameter-tuning-job',
} as const;

/** An action that starts a guarded job. */
export type GuardedAction = keyof typeof GUARDED_JOBS;

/**
 * Everything else that runs a container or opens a shell. IAM cannot see whether these are isolated:
 * CreateTransformJob and CreateAutoMLJob lack `sagemaker:NetworkIsolation`, the rest lack more (Service Authorization
 * Reference, "Amazon SageMaker").
 */
const OTHER_COMPUTE = [
  'sagemaker:CreateAIBenchmarkJob',
  'sagemaker:CreateAIRecommendationJob',
  'sagemaker:CreateAutoMLJob*',
  'sagemaker:CreateCluster',
  'sagemaker:CreateCompilationJob',
  'sagemaker:Create*JobDefinition',
  'sagemaker:CreateEdgePackagingJob',
  'sagemaker:CreateInferenceRecommendationsJob',
  'sagemaker:CreateLabelingJob',
  'sagemaker:CreateMonitoringSchedule',
  'sagemaker:CreateNotebookInstance',
  'sagemaker:CreateOptimizationJob',
  'sagemaker:CreatePresignedNotebookInstanceUrl',
  'sagemaker:CreateTransformJob',
  'sagemaker:StartSession',
];

/** Properties of a launch guard. */
export interface LaunchGuardProps {
  /** What every job must state. */
  readonly requirements: JobRequirements;
  /** The only role that SageMaker may be given. */
  readonly executionRole: iam.IRole;
  /** Longest run in seconds. */
  readonly maximumRuntimeSeconds: number;
}

/**
 * A policy of denials for whoever starts training: no policy attached beside it opens another way to compute.
 *
 * A managed policy, so that it can also be attached to roles made elsewhere. It grants nothing.
 */
export class LaunchGuard extends iam.ManagedPolicy {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: LaunchGuardProps,
  ) {
    super(scope, id, { description: 'Training only as isolated, encrypted jobs in the VPC' });
    this.addStatements(
      ...violations(props.requirements).map(({ sid, conditions }) => deny(sid, Object.keys(GUARDED_JOBS), conditions)),
      deny('RemoteDebugging', ['sagemaker:CreateTrainingJob', 'sagemaker:UpdateTrainingJob'], {
        Bool: { 'sagemaker:EnableRemoteDebug': 'true' },
      }),
      deny('WarmPools', ['sagemaker:CreateTrainingJob', 'sagemaker:UpdateTrainingJob'], {
        Null: { 'sagemaker:KeepAlivePeriod': 'false' },
      }),
      deny('OtherData', ['sagemaker:CreateTrainingJob', 'sagemaker:CreateHyperParameterTuningJob'], {
        Null: { 'sagemaker:FileSystemId': 'false' },
      }),
      deny('LongRuns', Object.keys(GUARDED_JOBS), {
        NumericGreaterThan: { 'sagemaker:MaxRuntimeInSeconds': String(props.maximumRuntimeSeconds) },
      }),
      deny('OtherCompute', OTHER_COMPUTE),
      new iam.PolicyStatement({
        sid: 'OtherRoles',
        effect: iam.Effect.DENY,
        actions: ['iam:PassRole'],
        notResources: [props.executionRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
    );
  }

  /** Attaches the guard to a role, user or group. Throws PALISADE-T004 for any other principal. */
  protect(grantee: iam.IGrantable): void {
    const principal = grantee.grantPrincipal;
    if ('roleName' in principal) {
      this.attachToRole(principal as iam.IRole);
    } else if ('userName' in principal) {
      this.attachToUser(principal as iam.IUser);
    } else if ('groupName' in principal) {
      this.attachToGroup(principal as iam.IGroup);
    } else {
      throw new PalisadeError({
        code: 'PALISADE-T004',
        where: this.node.path,
        problem: 'only a role, user or group can start training: the guard has to be attached to it',
        fix: 'grant to the role that the service or account assumes',
      });
    }
  }

  /**
   * Lets `grantee` start, follow and stop jobs of the given kinds, under the guard.
   *
   * @param names pattern of the jobs' names
   */
  grantStart(grantee: iam.IGrantable, actions: GuardedAction[], names = '*'): iam.Grant {
    this.protect(grantee);
    const resourceArns = actions.map((action) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource: GUARDED_JOBS[action], resourceName: names }),
    );
    const jobs = actions.map((action) => action.replace('sagemaker:Create', ''));
    const grants = [
      { actions: [...actions], resourceArns, conditions: demanded(this.props.requirements) },
      { actions: jobs.flatMap((job) => [`sagemaker:Describe${job}`, `sagemaker:Stop${job}`]), resourceArns },
      {
        actions: ['sagemaker:AddTags'],
        resourceArns,
        conditions: { StringEquals: { 'sagemaker:TaggingAction': jobs.map((job) => `Create${job}`) } },
      },
      {
        actions: ['iam:PassRole'],
        resourceArns: [this.props.executionRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      },
    ];
    return grants
      .map((grant) => iam.Grant.addToPrincipal({ grantee, ...grant }))
      .reduce((all, grant) => all.combine(grant));
  }
}

function deny(
  sid: string,
  actions: string[],
  conditions?: Record<string, Record<string, string | string[]>>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions, resources: ['*'], conditions });
}
