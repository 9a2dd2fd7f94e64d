import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { WorkloadBoundary, WorkloadRole } from '../workload';

/**
 * Lets API Gateway write logs in this account and Region. AWS keeps one such setting per account and Region, and
 * refuses to deploy an API stage with logs before it is there: make it once, in a stack that all APIs depend on.
 *
 * Retained on deletion with its role, policy and boundary, or the other APIs of the account would silently stop logging.
 */
export class ApiGatewayLogging extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new WorkloadRole(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Lets API Gateway write its logs',
    });
    // The actions of AWS's own AmazonAPIGatewayPushToCloudWatchLogs, which API Gateway checks for when the role is set.
    const { policyDependable } = role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogGroups',
          'logs:DescribeLogStreams',
          'logs:FilterLogEvents',
          'logs:GetLogEvents',
          'logs:PutLogEvents',
        ],
        resources: [stack.formatArn({ service: 'logs', resource: '*' })],
      }),
    );
    const account = new apigateway.CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.node.addDependency(role);
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    for (const kept of [role, policyDependable as iam.ManagedPolicy, WorkloadBoundary.of(this)]) {
      kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
