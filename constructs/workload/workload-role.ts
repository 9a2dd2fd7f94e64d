import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { WorkloadBoundary } from './workload-boundary';

/** Properties of a workload role. */
export interface WorkloadRoleProps {
  /** Who may assume the role. */
  readonly assumedBy: iam.IPrincipal;
  /** What the role is for, as a reviewer reads it in the console. */
  readonly description: string;
  /** Only where the ARN must be known at synth: two stacks of one account cannot share a name. @default - CloudFormation makes one */
  readonly roleName?: string;
}

/**
 * A role that stays inside its stack's `WorkloadBoundary` and keeps its permissions in customer-managed policies.
 *
 * Managed rather than inline, so that NIST SP 800-53 AC-6 checks (IAMNoInlinePolicy) hold and a reviewer can list
 * and version them.
 */
export class WorkloadRole extends iam.Role {
  private permissions?: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: WorkloadRoleProps) {
    super(scope, id, {
      ...props,
      permissionsBoundary: WorkloadBoundary.of(scope),
    });
  }

  override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (!this.permissions) {
      this.permissions = new iam.ManagedPolicy(this, 'Permissions', { roles: [this] });
    }
    this.permissions.addStatements(statement);
    if (statement.effect === iam.Effect.ALLOW) {
      WorkloadBoundary.of(this).allow(...statement.actions);
    }
    return { statementAdded: true, policyDependable: this.permissions };
  }
}
