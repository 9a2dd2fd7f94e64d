import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  DatasetVault,
  type IDecisionLedger,
  type IsolatedNetwork,
  KeyRing,
  ModelRegistry,
  Purpose,
} from '../../constructs';
import type { AiSystem } from '../manifest';
import { logRetention } from './log-retention';
import { OPERATIONS } from './network-stacks';
import { PlatformStack, type PlatformStackProps, tagSystem } from './settings';

/** Properties of a data stack. */
export interface DataStackProps extends PlatformStackProps {
  readonly system: AiSystem;
  /** Has each seal and each approval. */
  readonly ledger: IDecisionLedger;
  /** The training network: its functions seal, verify and approve. */
  readonly network: IsolatedNetwork;
}

/** What one AI system keeps: its keys, its datasets and its models. Outlives the stacks that train and serve. */
export class DataStack extends PlatformStack {
  readonly keys: KeyRing;
  /** Absent for a system without datasets. */
  readonly vault?: DatasetVault;
  /** Absent for a system whose model is a foundation model. */
  readonly registry?: ModelRegistry;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { settings, system, ledger } = props;
    const { removalPolicy } = settings;
    const network = props.network.functionNetwork(OPERATIONS);
    tagSystem(this, system);
    this.keys = new KeyRing(this, 'Keys', {
      system: system.id,
      stage: settings.name,
      purposes: purposesOf(system),
      removalPolicy,
    });
    if (system.datasets.length > 0) {
      const { datasetNoncurrentDays, quarantineDays, logDays } = settings.organization.retention;
      this.vault = new DatasetVault(this, 'Vault', {
        keys: this.keys,
        network,
        ledger,
        quarantineRetention: Duration.days(quarantineDays),
        noncurrentRetention: Duration.days(datasetNoncurrentDays),
        datasetRetention: Object.fromEntries(
          system.datasets.map(({ name, retentionDays }) => [name, Duration.days(retentionDays)]),
        ),
        logRetention: logRetention(logDays),
        removalPolicy,
      });
    }
    if (system.model.source === 'trained') {
      this.registry = new ModelRegistry(this, 'Registry', {
        keys: this.keys,
        approvers: [...new Set([system.approver, settings.organization.roles.aiApprover])],
        network,
        ledger,
        // What was replaced explains the decisions of its time, and so stays as long as their records.
        noncurrentRetention: Duration.days(settings.organization.retention.recordDays),
        removalPolicy,
      });
    }
  }
}

function purposesOf({ datasets, model }: AiSystem): Purpose[] {
  return [
    ...(datasets.length > 0 ? [Purpose.DATA] : []),
    ...(model.source === 'trained' ? [Purpose.TRAINING, Purpose.MODEL] : []),
    Purpose.INFERENCE,
    Purpose.LOGS,
  ];
}
