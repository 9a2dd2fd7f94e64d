import type { Construct } from 'constructs';
import { type IsolatedNetwork, monitoringImages, TrainingEnvironment } from '../../constructs';
import { PalisadeError } from '../../runtime/errors';
import type { AiSystem } from '../manifest';
import { containerImages } from './container-images';
import type { DataStack } from './data-stack';
import { monitoringOf } from './monitoring';
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
    const [trainingImage, inferenceImage] = containerImages(this, model.images);
    new TrainingEnvironment(this, 'Training', {
      keys: data.keys,
      network: network.functionNetwork(MODELS),
      vault: data.vault,
      registry: data.registry,
      trainingImage,
      inferenceImage,
      // Baselines are made where the training data is.
      approvedRepositories: monitoringOf(system, settings) && monitoringImages(this).repositories,
      evaluation: model.evaluation,
      pretrained: model.pretrained,
      minimumRows: Math.max(...datasets.map(({ quality }) => quality.minimumRows)),
      completeness: 1 - Math.min(...datasets.map(({ quality }) => quality.maximumMissingPercent)) / 100,
      uniqueness: 1 - Math.min(...datasets.map(({ quality }) => quality.maximumDuplicatePercent)) / 100,
      instanceTypes: model.instanceTypes,
      removalPolicy: settings.removalPolicy,
    });
  }
}
