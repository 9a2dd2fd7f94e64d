import * as path from 'node:path';
import { Duration, type RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { PurposeKey } from '../key-ring/purpose-key';
import { DeadLetterQueue } from './dead-letter-queue';
import { packageRoot } from './package-root';
import { SecureLogGroup } from './secure-log-group';
import { WorkloadBoundary } from './workload-boundary';
import { WorkloadRole } from './workload-role';

/** Where in a VPC a function runs. */
export interface FunctionNetwork {
  /** Isolated VPC with endpoints for the services that the function calls. */
  readonly vpc: ec2.IVpc;
  /** The tier's security group. */
  readonly securityGroup: ec2.ISecurityGroup;
  /** @default - the VPC's isolated subnets */
  readonly subnets?: ec2.SubnetSelection;
}

/** Properties of a handler function. */
export interface HandlerFunctionProps {
  /** Folder in `lambda/` whose prebuilt bundle runs. */
  readonly handler: string;
  /** What the function does, as a reviewer reads it in the console. */
  readonly description: string;
  /** Encrypts environment variables, the log group and the dead-letter queue. */
  readonly encryptionKey: kms.IKey;
  /** @default - outside any VPC: only for control-plane functions that touch no data */
  readonly network?: FunctionNetwork;
  /** @default - none */
  readonly environment?: Record<string, string>;
  /** @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /** In MiB. Lambda gives a full virtual CPU at 1,769 MiB. @default 512 */
  readonly memorySize?: number;
  /** Size of /tmp. @default Size.mebibytes(512) */
  readonly ephemeralStorageSize?: Size;
  /** Bounds what a flood can cost. The account needs 100 unreserved executions beside the sum of all. @default 5 */
  readonly reservedConcurrentExecutions?: number;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6): logs are kept at least six months */
  readonly logRetention?: logs.RetentionDays;
  /** Of the log. DESTROY deletes it with the stack. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A function from `lambda/`, run from the bundle that ships in the package: Node.js 24 on arm64, encrypted
 * environment and logs, a dead-letter queue, bounded concurrency, and a role that may write its own log and nothing else.
 */
export class HandlerFunction extends lambda.Function {
  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    const logGroup = new SecureLogGroup(scope, `${id}Log`, {
      encryptionKey: props.encryptionKey,
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
    const role = new WorkloadRole(scope, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Runs ${props.handler}`,
    });
    logGroup.grantWrite(role);
    openKey(props.encryptionKey, role);
    if (props.network) {
      allowNetworkInterfaces(scope, role);
    }
    super(scope, id, {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(path.join(packageRoot(), 'dist', 'lambda', props.handler)),
      handler: 'index.handler',
      role,
      logGroup,
      environment: props.environment,
      environmentEncryption: props.encryptionKey,
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memorySize ?? 512,
      ephemeralStorageSize: props.ephemeralStorageSize ?? Size.mebibytes(512),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions ?? 5,
      deadLetterQueue: DeadLetterQueue.of(scope, props.encryptionKey),
      vpc: props.network?.vpc,
      vpcSubnets: props.network && (props.network.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }),
      securityGroups: props.network && [props.network.securityGroup],
    });
  }
}

/** Lets Logs, the deploying Lambda service, and the function (environment, dead letters) use the key. */
function openKey(key: kms.IKey, role: WorkloadRole): void {
  if (key instanceof PurposeKey) {
    key.allowLogs();
    key.allowProvisioning('lambda', 'kms:Encrypt');
  }
  key.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
}

/**
 * Lambda attaches network interfaces with the function's own role. One policy per stack, because two of its actions
 * cannot be limited to a resource (Service Authorization Reference: DescribeNetworkInterfaces has none).
 */
function allowNetworkInterfaces(scope: Construct, role: WorkloadRole): void {
  const stack = Stack.of(scope);
  const actions = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  WorkloadBoundary.of(scope).allow(...actions);
  const policy =
    (stack.node.tryFindChild('NetworkInterfaces') as iam.ManagedPolicy | undefined) ??
    new iam.ManagedPolicy(stack, 'NetworkInterfaces', {
      description: 'Lets Lambda attach functions of this stack to their VPC',
      statements: [new iam.PolicyStatement({ actions, resources: ['*'] })],
    });
  role.addManagedPolicy(policy);
}
