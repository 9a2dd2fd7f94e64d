import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  DatasetVault,
  KeyRing,
  ModelRegistry,
  Purpose,
  TrainingEnvironment,
  type TrainingEnvironmentProps,
  WorkloadRole,
} from '../../../constructs';

export const DIGEST = `sha256:${'a'.repeat(64)}`;

type Own = 'keys' | 'network' | 'vault' | 'registry' | 'trainingImage' | 'evaluation';
export type Change = Partial<TrainingEnvironmentProps> & Partial<Pick<TrainingEnvironmentProps, Own>>;

/** Data in one stack and training in a later one, as a stage lays them out. */
export class TrainingStacks {
  readonly data: Stack;
  readonly stack: Stack;
  readonly training: TrainingEnvironment;
  readonly keys: KeyRing;

  constructor(scope: Construct, change: Change = {}, props: StackProps = {}) {
    this.data = new Stack(scope, 'Data', props);
    this.stack = new Stack(scope, 'Training', props);
    this.keys = new KeyRing(this.data, 'Keys', {
      system: 'credit-scoring',
      stage: 'dev',
      purposes: [Purpose.DATA, Purpose.TRAINING, Purpose.MODEL, Purpose.LOGS],
    });
    const vpc = new ec2.Vpc(this.data, 'Network', {
      natGateways: 0,
      maxAzs: 2,
      subnetConfiguration: [{ name: 'models', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const securityGroup = new ec2.SecurityGroup(this.data, 'Models', { vpc, allowAllOutbound: false });
    const network = { vpc, securityGroup };
    this.training = new TrainingEnvironment(this.stack, 'Training', {
      keys: this.keys,
      network,
      vault: new DatasetVault(this.data, 'Vault', { keys: this.keys, network }),
      registry: new ModelRegistry(this.data, 'Registry', { keys: this.keys, network }),
      trainingImage: {
        repository: ecr.Repository.fromRepositoryName(this.stack, 'Image', 'credit-scoring/train'),
        digest: DIGEST,
      },
      evaluation: [{ metric: 'auc', minimum: 0.8 }],
      ...change,
    });
  }
}

/** A person's role in the training stack. */
export function scientistIn(stack: Stack): WorkloadRole {
  return new WorkloadRole(stack, 'Scientist', {
    assumedBy: new iam.AccountRootPrincipal(),
    description: 'Starts training',
  });
}
