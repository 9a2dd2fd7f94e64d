import { Arn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { WorkloadRole } from '../workload';

/** Properties of a flow log. */
export interface FlowLogProps {
  /** VPC whose traffic is recorded. */
  readonly vpcId: string;
  /** Receives the records. */
  readonly logGroup: logs.ILogGroup;
}

/**
 * Records accepted and rejected traffic of a VPC every minute. Written with the L1, because the L2 lets the delivery
 * role pass itself on.
 */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogProps) {
    super(scope, id);
    const role = new WorkloadRole(this, 'Role', {
      assumedBy: deliveryOfThisAccount(this),
      description: 'Delivers VPC flow logs to their log group',
    });
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [props.logGroup.logGroupArn],
      }),
    );
    const flowLog = new ec2.CfnFlowLog(this, 'Resource', {
      resourceId: props.vpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logGroupName: props.logGroup.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
    });
    flowLog.node.addDependency(role);
  }
}

/** Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs": against the confused deputy. */
function deliveryOfThisAccount(scope: Construct): iam.IPrincipal {
  const stack = Stack.of(scope);
  return new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com').withConditions({
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': Arn.format({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' }, stack) },
  });
}
