import type { Construct } from 'constructs';
import { GovernanceLedger, type IsolatedNetwork } from '../../constructs';
import type { FoundationStack } from './foundation-stack';
import { logRetention } from './log-retention';
import { OPERATIONS } from './network-stacks';
import { PlatformStack, type PlatformStackProps } from './settings';

/** Properties of a ledger stack. */
export interface LedgerStackProps extends PlatformStackProps {
  readonly foundation: FoundationStack;
  /** The training network: the functions that write and verify run beside those that seal and approve. */
  readonly network: IsolatedNetwork;
}

/** What the AI systems of a stage decided and did, in one chain. */
export class LedgerStack extends PlatformStack {
  readonly ledger: GovernanceLedger;

  constructor(scope: Construct, id: string, props: LedgerStackProps) {
    super(scope, id, props);
    const { settings, foundation, network } = props;
    this.ledger = new GovernanceLedger(this, 'Ledger', {
      keys: foundation.keys,
      network: network.functionNetwork(OPERATIONS),
      alarmTopic: foundation.audit.alarmTopic,
      objectLock: foundation.objectLock,
      logRetention: logRetention(settings.organization.retention.logDays),
      removalPolicy: settings.removalPolicy,
    });
  }
}
