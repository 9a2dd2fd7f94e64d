import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Actions that no workload role may ever hold, whatever is attached to it: they switch evidence, encryption,
 * isolation or the boundary itself off. They belong to the deployment pipeline and to break-glass roles.
 */
const TAMPERING_ACTIONS = [
  'bedrock:DeleteGuardrail',
  'cloudtrail:DeleteTrail',
  'cloudtrail:PutEventSelectors',
  'cloudtrail:PutInsightSelectors',
  'cloudtrail:StopLogging',
  'cloudtrail:UpdateTrail',
  'ec2:AttachInternetGateway',
  'ec2:CreateInternetGateway',
  'ec2:CreateNatGateway',
  'ec2:CreateRoute',
  'ec2:CreateVpcPeeringConnection',
  'iam:AttachRolePolicy',
  'iam:CreatePolicyVersion',
  'iam:CreateRole',
  'iam:CreateUser',
  'iam:DeleteRolePermissionsBoundary',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'logs:DeleteDataProtectionPolicy',
  'logs:DeleteLogGroup',
  'logs:DeleteLogStream',
  'logs:DeleteRetentionPolicy',
  'logs:PutLogGroupDeletionProtection',
  's3:BypassGovernanceRetention',
  's3:DeleteBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  'sts:TagSession',
];

/**
 * The permissions boundary of every workload role in one stack.
 *
 * Its ceiling is the union of what the stack's roles are granted in code, so a policy attached to a role by hand
 * later adds nothing; and it denies tampering outright. A boundary grants nothing by itself, which is why its
 * statements name actions and leave the resources to the roles' own policies.
 */
export class WorkloadBoundary extends iam.ManagedPolicy {
  /** The boundary of the stack that `scope` is in; made at the first call. */
  static of(scope: IConstruct): WorkloadBoundary {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild('WorkloadBoundary');
    return (existing as WorkloadBoundary | undefined) ?? new WorkloadBoundary(stack);
  }

  private readonly ceiling = new iam.PolicyStatement({ sid: 'Ceiling', resources: ['*'] });

  private constructor(stack: Stack) {
    super(stack, 'WorkloadBoundary', { description: 'Ceiling of every workload role in this stack' });
    this.addStatements(
      this.ceiling,
      new iam.PolicyStatement({
        sid: 'NoTampering',
        effect: iam.Effect.DENY,
        actions: TAMPERING_ACTIONS,
        resources: ['*'],
      }),
    );
    iam.PermissionsBoundary.of(stack).apply(this);
  }

  /** Raises the ceiling to include `actions`. `WorkloadRole` does this for whatever it is granted. */
  allow(...actions: string[]): void {
    const present = new Set(this.ceiling.actions);
    this.ceiling.addActions(...actions.filter((action) => !present.has(action)));
  }
}
