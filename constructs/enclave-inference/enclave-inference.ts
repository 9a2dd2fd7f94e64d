import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { EnclaveMeasurements } from '../../runtime/measurements';
import { AttestedKey, type EnclavePin, type KeyWatch } from '../attested-key';
import type { ReleasedEnclave } from '../enclave-release';
import type { IRecordStore } from '../inference-environment';
import { type KeyRing, Purpose, PurposeKey } from '../key-ring';
import { type FunctionNetwork, SecureLogGroup, WorkloadRole } from '../workload';
import { EnclaveFleet } from './enclave-fleet';
import { FleetAlarms } from './fleet-alarms';
import { FleetBalancer } from './fleet-balancer';
import { HostTemplate } from './host-template';
import { hostType } from './instance-types';

/** Properties of enclave inference. */
export interface EnclaveInferenceProps {
  /** Keys of the AI system: LOGS encrypts the hosts' log. */
  readonly keys: KeyRing;
  /** What the hosts run. */
  readonly release: ReleasedEnclave;
  /** `loadMeasurements('enclave/measurements/<system>.json')`: the images that get the model, and that hosts start. */
  readonly measurements: EnclaveMeasurements;
  /** Where the hosts run: isolated subnets with endpoints for Auto Scaling, KMS, Logs and S3. */
  readonly network: FunctionNetwork;
  /** Where receipts are recorded. */
  readonly records: IRecordStore;
  /** Shows attempts at the key, and is told of them and of the fleet: an `AuditTrail`. */
  readonly watch: KeyWatch;
  /** EC2 instance type of the hosts, such as `m6i.xlarge` (`HOST_TYPES`). @default 'm6i.xlarge' */
  readonly instanceType?: string;
  /** vCPUs of the enclave: whole cores; one core stays with the parent. @default 2 */
  readonly enclaveCpus?: number;
  /** Memory of the enclave in MiB: four times its image, the model, and what the model server needs. @default 8192 */
  readonly enclaveMemoryMiB?: number;
  /** Hosts that always run; one more than the load needs, in two Availability Zones. @default 2 */
  readonly minimumHosts?: number;
  /** Hosts that scaling aims to stay within; one more may be there while a host is replaced. @default 4 */
  readonly maximumHosts?: number;
  /** Requests that each host answers at once, on average, before the fleet grows. @default 16 */
  readonly requestsPerHost?: number;
  /** What images are recognized by. @default EnclavePin.IMAGE */
  readonly pin?: EnclavePin;
  /** Binds the key to the hosts' role by PCR3; needs a stack with account and Region. @default true */
  readonly bindParentRole?: boolean;
  /** Lets Session Manager reach the hosts; needs endpoints for SSM and its messages. @default false - nobody logs in */
  readonly sessionManager?: boolean;
  /** Of the hosts' log. @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
  /** DESTROY takes effect on keys and data only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Attested inference for one AI system: a fleet of instances in isolated subnets, each with a Nitro enclave that serves the
 * model, an internal balancer that counts a host as healthy only while its enclave proves what it runs, and the key that
 * opens the model to measured images alone.
 *
 * Nobody logs in, and nothing reaches the internet. A new image replaces the hosts one after the other, and the old one comes
 * back where the new one restarts or fails. While nothing is released there are no hosts, and everything else is there.
 *
 * Throws PALISADE-E451 and E452 for an instance type, E454 for numbers of hosts, E455 for an architecture that the package
 * lacks a native part for, and what `AttestedKey` throws.
 */
export class EnclaveInference extends Construct implements ec2.IConnectable {
  /** Opens the model to the enclaves. `key.grantEncrypt` admits publishers. */
  readonly key: AttestedKey;
  /** Role of the hosts. */
  readonly role: iam.IRole;
  /** Where clients ask, on the inside of the VPC. */
  readonly url: string;
  /** The balancer: `connections.allowDefaultPortFrom(client)` lets one in. */
  readonly connections: ec2.Connections;
  /** Name of the fleet, as records name it. */
  readonly fleetName: string;

  private readonly metricNamespace: string;
  private readonly balancer: FleetBalancer;

  constructor(scope: Construct, id: string, props: EnclaveInferenceProps) {
    super(scope, id);
    const { keys, measurements, release, network, removalPolicy } = props;
    const { minimumHosts = 2, maximumHosts = 4, enclaveCpus = 2, enclaveMemoryMiB = 8192 } = props;
    this.requireHosts(minimumHosts, maximumHosts);
    const enclave = { cpus: enclaveCpus, memoryMiB: enclaveMemoryMiB };
    const type = hostType(props.instanceType ?? 'm6i.xlarge', enclave, this.node.path);
    this.fleetName = `${keys.stage}-${keys.system}-enclaves`;
    this.metricNamespace = `Palisade/${keys.stage}/${keys.system}/Enclaves`;

    const role = this.hostRole(props);
    this.role = role;
    this.key = new AttestedKey(this, 'Key', {
      system: keys.system,
      stage: keys.stage,
      purpose: 'model',
      measurements,
      parentRole: role,
      watch: props.watch,
      pin: props.pin,
      bindParentRole: props.bindParentRole,
      removalPolicy,
    });
    // For `palisade enclave doctor`.
    this.key.grantInspect(role);
    const log = this.log(props);
    log.grantWrite(role);
    release.grantRead(role);
    props.records.grantWriteRecords(role, keys.system);

    this.balancer = new FleetBalancer(this, 'Balancer', { network, protected: removalPolicy !== 'destroy' });
    this.url = this.balancer.url;
    this.connections = this.balancer.connections;
    const template = new HostTemplate(this, 'Host', {
      type,
      enclave,
      measurements,
      release,
      role,
      network,
      keys,
      keyArn: this.key.keyArn,
      volumeKey: this.volumeKey(keys, removalPolicy),
      hostGroup: this.balancer.hostGroup,
      port: this.balancer.hostPort,
      logGroup: log,
      records: props.records,
      fleetName: this.fleetName,
      metricNamespace: this.metricNamespace,
    });
    const alarms = new FleetAlarms(this, 'Alarms', {
      topic: props.watch.alarmTopic,
      attested: this.metricAttested(),
      restarts: this.metricRestarts(),
      errors: this.metricErrors(),
      unhealthyHosts: this.balancer.metricUnhealthyHosts(),
      whileReleased: release.condition,
    });
    new EnclaveFleet(this, 'Fleet', {
      name: this.fleetName,
      network,
      template: template.launchTemplate,
      targetGroupArn: this.balancer.targetGroupArn,
      after: this.balancer,
      minimumHosts,
      maximumHosts,
      requestsPerHost: props.requestsPerHost ?? 16,
      inFlight: this.metricInFlight(),
      rollbackOn: alarms.rollback,
      condition: release.condition,
    });
  }

  /** 1 while an enclave proves itself, 0 while it does not. Default: minimum over a minute. */
  metricAttested(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Attested', { statistic: 'Minimum', ...options });
  }

  /** Enclaves that were started anew. Default: sum over five minutes. */
  metricRestarts(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('EnclaveRestarts', { period: Duration.minutes(5), statistic: 'Sum', ...options });
  }

  /** Requests that were answered. Default: sum over five minutes. */
  metricRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Requests', { period: Duration.minutes(5), statistic: 'Sum', ...options });
  }

  /** Requests that no enclave answered. Default: sum over five minutes. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Errors', { period: Duration.minutes(5), statistic: 'Sum', ...options });
  }

  /** Milliseconds from request to the end of its answer, at the host. Default: 95th percentile over five minutes. */
  metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Milliseconds', { period: Duration.minutes(5), statistic: 'p95', ...options });
  }

  /** Requests that one host is answering. Default: average over a minute. */
  metricInFlight(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InFlight', { statistic: 'Average', ...options });
  }

  private metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: this.metricNamespace,
      metricName,
      period: Duration.minutes(1),
      ...options,
    }).attachTo(this);
  }

  /** The name is fixed, since PCR3 is a hash of the ARN. */
  private hostRole({ keys, sessionManager }: EnclaveInferenceProps): WorkloadRole {
    const role = new WorkloadRole(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      description: `Hosts enclaves of ${keys.system}`,
      roleName: `${keys.stage}-${keys.system}-enclave-host`,
    });
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['autoscaling:CompleteLifecycleAction'],
        // The group's id is not known before it is made; its name is.
        resources: [
          Stack.of(this).formatArn({
            service: 'autoscaling',
            resource: 'autoScalingGroup:*:autoScalingGroupName',
            resourceName: this.fleetName,
          }),
        ],
      }),
    );
    if (sessionManager) {
      role.addToPrincipalPolicy(
        new iam.PolicyStatement({
          // What Session Manager's agent asks for; none of it can be limited to a resource (Service Authorization Reference).
          actions: [
            'ssm:UpdateInstanceInformation',
            'ssmmessages:CreateControlChannel',
            'ssmmessages:CreateDataChannel',
            'ssmmessages:OpenControlChannel',
            'ssmmessages:OpenDataChannel',
          ],
          resources: ['*'],
        }),
      );
    }
    return role;
  }

  private log({ keys, logRetention, removalPolicy }: EnclaveInferenceProps): SecureLogGroup {
    const encryptionKey = keys.key(Purpose.LOGS);
    encryptionKey.allowLogs();
    return new SecureLogGroup(this, 'Log', { encryptionKey, retention: logRetention, removalPolicy });
  }

  /**
   * Encrypts the hosts' volumes. Auto Scaling launches them under its service-linked role, which has no rights of its own on
   * a CMK (EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes"). It is named by a
   * condition: KMS refuses a policy that names a role which does not exist yet.
   */
  private volumeKey({ stage, system }: KeyRing, removalPolicy?: RemovalPolicy): PurposeKey {
    const stack = Stack.of(this);
    const useName = `${stage}/${system}/enclave-host-volumes`;
    const key = new PurposeKey(this, 'VolumeKey', {
      description: `Encrypts volumes of enclave hosts of ${system} in ${stage}`,
      aliasName: `palisade/${useName}`,
      useName,
      removalPolicy,
    });
    const launcher = stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    });
    const byLauncher = {
      StringEquals: { 'kms:CallerAccount': stack.account },
      ArnEquals: { 'aws:PrincipalArn': launcher },
    };
    const allow = (sid: string, actions: string[], conditions: Record<string, unknown> = {}) =>
      key.addToResourcePolicy(
        new iam.PolicyStatement({
          sid,
          principals: [new iam.AnyPrincipal()],
          actions,
          resources: ['*'],
          conditions: { ...byLauncher, ...conditions },
        }),
      );
    allow('AutoScalingUses', [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ]);
    allow('AutoScalingGrants', ['kms:CreateGrant'], { Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    return key;
  }

  private requireHosts(minimum: number, maximum: number): void {
    if (!Number.isInteger(minimum) || !Number.isInteger(maximum) || minimum < 1 || maximum < minimum) {
      throw this.error(
        'E454',
        `minimumHosts ${minimum} and maximumHosts ${maximum} are not whole numbers of at least 1 in this order`,
        'give at least 2 and as many more as the load needs',
      );
    }
  }

  private error(code: string, problem: string, fix: string): PalisadeError {
    return new PalisadeError({ code: `PALISADE-${code}`, where: this.node.path, problem, fix });
  }
}
