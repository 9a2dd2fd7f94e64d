import { type CfnCondition, type CfnUpdatePolicy, Duration, Tags } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, type IDependable } from 'constructs';
import type { FunctionNetwork } from '../workload';

/** Properties of an enclave fleet. */
interface EnclaveFleetProps {
  readonly name: string;
  readonly network: FunctionNetwork;
  readonly template: ec2.LaunchTemplate;
  readonly targetGroupArn: string;
  /** The balancer: a group whose targets have none would call every host healthy. */
  readonly after: IDependable;
  readonly minimumHosts: number;
  readonly maximumHosts: number;
  /** Requests at once that scaling aims at. */
  readonly requestsPerHost: number;
  /** Requests at once on each host. */
  readonly inFlight: cloudwatch.Metric;
  /** Alarms that take a replacement of hosts back. */
  readonly rollbackOn: readonly cloudwatch.IAlarm[];
  /** Whether there is anything to run. */
  readonly condition: CfnCondition;
}

/** Name of the hook that holds a host until it has answered what it was asked. */
export const TERMINATION_HOOK = 'drain';

/** From the launch until the enclave has proved itself: packages, image, model. In seconds. */
const WARM_UP = 600;

/** A host that lives longer was not patched. */
const MAXIMUM_AGE = Duration.days(14);

/** The new host comes first, and proves itself, before an old one goes. In percent of the hosts that there should be. */
const REPLACEMENT = { minHealthyPercentage: 100, maxHealthyPercentage: 150 };

/** The group of hosts. A change replaces them one by one, a new one first, and brings the old ones back on an alarm. */
export class EnclaveFleet extends Construct {
  constructor(scope: Construct, id: string, props: EnclaveFleetProps) {
    super(scope, id);
    const { network, template, condition } = props;
    const { subnetIds } = network.vpc.selectSubnets(network.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
    const group = new autoscaling.CfnAutoScalingGroup(this, 'Group', {
      autoScalingGroupName: props.name,
      launchTemplate: {
        launchTemplateId: template.launchTemplateId,
        version: template.latestVersionNumber,
      },
      minSize: `${props.minimumHosts}`,
      // One more, for the host that comes before the old one goes.
      maxSize: `${props.maximumHosts + 1}`,
      vpcZoneIdentifier: subnetIds,
      targetGroupArns: [props.targetGroupArn],
      // An instance that runs is not an enclave that proves itself.
      healthCheckType: 'ELB',
      healthCheckGracePeriod: WARM_UP,
      defaultInstanceWarmup: WARM_UP,
      maxInstanceLifetime: MAXIMUM_AGE.toSeconds(),
      // Also for a host that fails, or has lived its time: by default the old one goes before the new one comes
      // (EC2 Auto Scaling User Guide, "Instance maintenance policy").
      instanceMaintenancePolicy: REPLACEMENT,
      terminationPolicies: ['OldestLaunchTemplate', 'OldestInstance'],
      metricsCollection: [{ granularity: '1Minute' }],
      lifecycleHookSpecificationList: [
        {
          lifecycleHookName: TERMINATION_HOOK,
          lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          heartbeatTimeout: 300,
          defaultResult: 'CONTINUE',
        },
      ],
    });
    group.node.addDependency(props.after);
    group.cfnOptions.condition = condition;
    group.cfnOptions.updatePolicy = refresh(props.rollbackOn);
    Tags.of(group).add('ai:tee', 'nitro');
    this.scaling(group, props);
  }

  private scaling(group: autoscaling.CfnAutoScalingGroup, { inFlight, requestsPerHost, condition }: EnclaveFleetProps) {
    const { namespace, metricName, statistic } = inFlight;
    const policy = new autoscaling.CfnScalingPolicy(this, 'Scaling', {
      autoScalingGroupName: group.ref,
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: {
        customizedMetricSpecification: { namespace, metricName, statistic },
        targetValue: requestsPerHost,
      },
    });
    policy.cfnOptions.condition = condition;
  }
}

/** CloudFormation User Guide, "UpdatePolicy attribute", AutoScalingInstanceRefresh. */
function refresh(alarms: readonly cloudwatch.IAlarm[]): CfnUpdatePolicy {
  return {
    autoScalingInstanceRefresh: {
      strategy: 'Rolling',
      preferences: {
        ...REPLACEMENT,
        instanceWarmup: WARM_UP,
        bakeTime: 300,
        skipMatching: true,
        alarmSpecification: { alarms: alarms.map(({ alarmName }) => alarmName) },
      },
    },
  };
}
