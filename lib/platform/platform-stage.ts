import { Construct } from 'constructs';
import type { Manifests, StageName } from '../manifest';
import { DataStack } from './data-stack';
import { EnclaveStack } from './enclave-stack';
import { FoundationStack } from './foundation-stack';
import { InferenceStack } from './inference-stack';
import { LedgerStack } from './ledger-stack';
import { InferenceNetworkStack, TrainingNetworkStack } from './network-stacks';
import { stageSettings } from './settings';
import { TrainingStack } from './training-stack';

/** Properties of a platform stage. */
export interface PlatformStageProps {
  readonly stage: StageName;
  readonly manifests: Manifests;
  /** Folder with `measurements/<system>.json` and the sources of images, for AI systems that enclaves serve. */
  readonly enclaveFolder: string;
}

/**
 * Everything of one stage: the foundation, two networks and the ledger that its AI systems share, and up to four stacks for each
 * system. A construct rather than a `cdk.Stage`, so that `cdk deploy --all` sees its stacks in the main assembly.
 */
export class PlatformStage extends Construct {
  constructor(scope: Construct, id: string, props: PlatformStageProps) {
    super(scope, id);
    const { enclaveFolder } = props;
    const settings = stageSettings(props.manifests, props.stage);
    const systems = props.manifests.systems.filter(({ stages }) => stages[props.stage] !== undefined);
    const foundation = new FoundationStack(this, 'foundation', { settings, systems });
    const trainingNetwork = new TrainingNetworkStack(this, 'training-network', { settings, foundation, systems });
    const inferenceNetwork = new InferenceNetworkStack(this, 'inference-network', { settings, foundation, systems });
    const { ledger } = new LedgerStack(this, 'ledger', { settings, foundation, network: trainingNetwork.network });
    for (const system of systems) {
      ledger.digestRecords(foundation.audit, system.id);
      const data = new DataStack(this, `${system.id}-data`, {
        settings,
        system,
        ledger,
        network: trainingNetwork.network,
      });
      if (system.model.source === 'trained') {
        new TrainingStack(this, `${system.id}-training`, { settings, system, data, network: trainingNetwork.network });
      }
      const { serving } = system;
      const enclave =
        serving.kind === 'enclave'
          ? new EnclaveStack(this, `${system.id}-enclave`, {
              settings,
              system,
              serving,
              data,
              foundation,
              network: trainingNetwork.network,
              enclaveFolder,
            })
          : undefined;
      new InferenceStack(this, `${system.id}-inference`, {
        settings,
        system,
        data,
        foundation,
        ledger,
        network: inferenceNetwork.network,
        enclave,
      });
    }
  }
}
