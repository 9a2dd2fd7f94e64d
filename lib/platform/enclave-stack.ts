import * as path from 'node:path';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { EnclaveImagePipeline, EnclaveRelease, type IsolatedNetwork } from '../../constructs';
import { type EnclaveMeasurements, loadMeasurements } from '../../runtime/measurements';
import type { AiSystem, EnclaveServing } from '../manifest';
import { containerImages } from './container-images';
import type { DataStack } from './data-stack';
import type { FoundationStack } from './foundation-stack';
import { BUILDS } from './network-stacks';
import { PlatformStack, type PlatformStackProps, tagSystem } from './settings';

/** Properties of an enclave stack. */
export interface EnclaveStackProps extends PlatformStackProps {
  readonly system: AiSystem;
  readonly data: DataStack;
  readonly foundation: FoundationStack;
  /** The training network: images are built where models are trained. */
  readonly network: IsolatedNetwork;
  /** How the AI system is served. */
  readonly serving: EnclaveServing;
  /** Folder with measurements, and with the sources of images. */
  readonly enclaveFolder: string;
}

/** Where one AI system's enclave images are built, and where its sealed models are kept. */
export class EnclaveStack extends PlatformStack {
  readonly release: EnclaveRelease;
  /** The images that get the model, as they were reviewed. */
  readonly measurements: EnclaveMeasurements;

  constructor(scope: Construct, id: string, props: EnclaveStackProps) {
    super(scope, id, props);
    const { settings, system, data, foundation, network, enclaveFolder } = props;
    const { image } = props.serving;
    tagSystem(this, system);
    this.measurements = loadMeasurements(path.join(enclaveFolder, 'measurements', `${system.id}.json`));
    const [builder] = containerImages(this, [image.builder]);
    const pipeline = new EnclaveImagePipeline(this, 'Images', {
      keys: data.keys,
      source: path.join(enclaveFolder, image.source),
      builder,
      // The Dockerfile names them by digest.
      baseImages: image.baseImages.map((name, index) => ecr.Repository.fromRepositoryName(this, `Base${index}`, name)),
      network: network.functionNetwork(BUILDS),
      alarmTopic: foundation.audit.alarmTopic,
      removalPolicy: settings.removalPolicy,
    });
    this.release = new EnclaveRelease(this, 'Release', {
      keys: data.keys,
      pipeline,
      removalPolicy: settings.removalPolicy,
    });
  }
}
