import { Arn, type CfnResource, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { WorkloadBoundary } from '../workload';

/** Id that the CDK gives the provider of `restrictDefaultSecurityGroup`, one in each stack. */
const PROVIDER = 'Custom::VpcRestrictDefaultSGCustomResourceProvider';

const RULE_ACTIONS = [
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:RevokeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupIngress',
];

const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** Properties of the narrowing. */
export interface DefaultGroupProviderProps {
  /** VPC made with `restrictDefaultSecurityGroup`. */
  readonly vpc: ec2.Vpc;
  /** Receives the provider's log. */
  readonly logGroup: logs.ILogGroup;
}

/**
 * Narrows the CDK function that empties a VPC's default security group. As the CDK makes it, its role has an inline
 * policy and an AWS-managed one that writes every log of the account; here it has one managed policy, for this group
 * and this log, inside the stack's boundary.
 */
export class DefaultGroupProvider extends Construct {
  constructor(scope: Construct, id: string, props: DefaultGroupProviderProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const provider = stack.node.findChild(PROVIDER);
    const role = provider.node.findChild('Role') as CfnResource;
    const handler = provider.node.findChild('Handler') as CfnResource;
    role.addPropertyDeletionOverride('ManagedPolicyArns');
    role.addPropertyDeletionOverride('Policies');
    handler.addPropertyOverride('LoggingConfig', { LogGroup: props.logGroup.logGroupName });
    WorkloadBoundary.of(this).allow(...RULE_ACTIONS, ...LOG_ACTIONS);

    const group = { service: 'ec2', resource: 'security-group', resourceName: props.vpc.vpcDefaultSecurityGroup };
    const permissions = new iam.CfnManagedPolicy(this, 'Permissions', {
      description: 'Empties the default security group',
      roles: [role.ref],
      policyDocument: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ actions: RULE_ACTIONS, resources: [Arn.format(group, stack)] }),
          new iam.PolicyStatement({ actions: LOG_ACTIONS, resources: [props.logGroup.logGroupArn] }),
        ],
      }),
    });
    // Before the function, not only before the custom resource: what takes a function to make is what IAM takes to know.
    handler.addResourceDependency(permissions);
  }
}
