import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  DatasetVault,
  EndpointService,
  IsolatedNetwork,
  KeyRing,
  ModelRegistry,
  Purpose,
  TrainingEnvironment,
  WorkloadRole,
} from 'palisade-cdk/constructs';

/** Sealed data, a pipeline that trains on it, and a role that may start the pipeline. */
export class TrainingEnvironmentExample extends Stack {
  constructor(scope: Construct, id = 'TrainingEnvironmentExample') {
    super(scope, id, { env: { region: 'eu-west-1' } });
    const keys = new KeyRing(this, 'Keys', {
      system: 'credit-scoring',
      stage: 'dev',
      purposes: [Purpose.DATA, Purpose.TRAINING, Purpose.MODEL, Purpose.LOGS],
    });
    const { ECR_API, ECR_DOCKER, EVENTS, KMS, LOGS, MONITORING, S3, SAGEMAKER_API, SSM, STS } = EndpointService;
    const isolated = new IsolatedNetwork(this, 'Network', {
      tiers: ['models'],
      services: [ECR_API, ECR_DOCKER, EVENTS, KMS, LOGS, MONITORING, S3, SAGEMAKER_API, SSM, STS],
      encryptionKey: keys.key(Purpose.LOGS),
    });
    isolated.allowWithin('models');
    const network = isolated.functionNetwork('models');
    const training = new TrainingEnvironment(this, 'Training', {
      keys,
      network,
      vault: new DatasetVault(this, 'Vault', { keys, network }),
      registry: new ModelRegistry(this, 'Registry', { keys, network }),
      trainingImage: {
        repository: ecr.Repository.fromRepositoryName(this, 'Image', 'credit-scoring/train'),
        digest: 'sha256:0f5a1b4f3c2d6e7890abcdef1234567890abcdef1234567890abcdef12345678',
      },
      evaluation: [
        { metric: 'auc', minimum: 0.8 },
        { metric: 'fairness.gap', maximum: 0.05 },
      ],
    });
    training.grantStartPipeline(
      new WorkloadRole(this, 'Scientist', {
        assumedBy: new iam.AccountRootPrincipal(),
        description: 'Starts training runs',
      }),
    );
  }
}
