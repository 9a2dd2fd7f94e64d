import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { type ContainerImage, type IsolatedNetwork, TrainingEnvironment } from '../../constructs';
import { PalisadeError } from '../../runtime/errors';
import type { AiSystem } from '../manifest';
import type { DataStack } from './data-stack';
import { MODELS } from './network-stacks';
import { PlatformStack, type PlatformStackProps, tagSystem } from './settings';

/** Properties of a training stack. */
export interface TrainingStackProps extends PlatformStackProps {
  readonly system: AiSystem;
  readonly data: DataStack;
  readonly network: IsolatedNetwork;
}

/** Where one AI system's models are trained. */
export class TrainingStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: TrainingStackProps) {
    super(scope, id, props);
    const { settings, system, data, network } = props;
    const { model, datasets } = system;
    if (model.source !== 'trained' || !data.vault || !data.registry) {
      throw new PalisadeError({
        code: 'PALISADE-P002',
        where: `manifests/systems/${system.id}.yaml: datasets`,
        problem: 'a trained model has no dataset to learn from',
        fix: 'list at least one dataset, or take a Bedrock model',
      });
    }
    tagSystem(this, system);
    const [trainingImage, inferenceImage] = model.images.map((image, index) => this.image(`Image${index}`, image));
    new TrainingEnvironment(this, 'Training', {
      keys: data.keys,
      network: network.functionNetwork(MODELS),
      vault: data.vault,
      registry: data.registry,
      trainingImage,
      inferenceImage,
      evaluation: model.evaluation,
      minimumRows: Math.max(...datasets.map(({ quality }) => quality.minimumRows)),
      completeness: 1 - Math.min(...datasets.map(({ quality }) => quality.maximumMissingPercent)) / 100,
      uniqueness: 1 - Math.min(...datasets.map(({ quality }) => quality.maximumDuplicatePercent)) / 100,
      instanceTypes: model.instanceTypes,
      removalPolicy: settings.removalPolicy,
    });
  }

  /** `<repository>@sha256:<hex>` of the own account, or with the host of another account's registry in front. */
  private image(id: string, image: string): ContainerImage {
    const [, account, region, repositoryName, digest] = IMAGE.exec(image) ?? [];
    if (!digest) {
      throw new PalisadeError({
        code: 'PALISADE-P003',
        where: `manifests: model.images: ${image}`,
        problem: 'the image is not named by its digest, so nobody can say what will run',
        fix: 'name it <repository>@sha256:<digest>; `aws ecr describe-images` shows the digest',
      });
    }
    const repositoryArn = this.formatArn({
      service: 'ecr',
      account,
      region,
      resource: 'repository',
      resourceName: repositoryName,
    });
    return { repository: ecr.Repository.fromRepositoryAttributes(this, id, { repositoryArn, repositoryName }), digest };
  }
}

const IMAGE = /^(?:(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+\/)?([a-z0-9._/-]+)@(sha256:[0-9a-f]{64})$/;
