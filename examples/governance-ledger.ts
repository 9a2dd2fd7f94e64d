import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  EndpointService,
  GovernanceLedger,
  IsolatedNetwork,
  KeyRing,
  ObjectLockMode,
  Purpose,
  WorkloadRole,
} from 'palisade-cdk/constructs';

/** A ledger of one stage, a function's role that records for one system, and an auditor who copies and verifies it. */
export class GovernanceLedgerExample extends Stack {
  constructor(scope: Construct, id = 'GovernanceLedgerExample') {
    super(scope, id, { env: { region: 'eu-west-1' } });
    const keys = new KeyRing(this, 'Keys', {
      system: 'governance',
      stage: 'dev',
      purposes: [Purpose.AUDIT, Purpose.LOGS],
    });
    const logKey = keys.key(Purpose.LOGS);
    const network = new IsolatedNetwork(this, 'Network', {
      tiers: ['ledger'],
      services: [EndpointService.KMS, EndpointService.LOGS, EndpointService.S3],
      encryptionKey: logKey,
    });
    const ledger = new GovernanceLedger(this, 'Ledger', {
      keys,
      network: network.functionNetwork('ledger'),
      alarmTopic: new sns.Topic(this, 'OnCall', { masterKey: logKey, enforceSSL: true }),
      // Left out, entries are held in compliance mode for a year, and nobody can remove them before.
      objectLock: { mode: ObjectLockMode.GOVERNANCE, retention: Duration.days(1) },
    });
    ledger.grantAppend(
      new WorkloadRole(this, 'Approvals', {
        assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
        description: 'Records approvals of credit-scoring',
      }),
      'credit-scoring',
    );
    ledger.grantRead(
      new WorkloadRole(this, 'Auditor', {
        assumedBy: new iam.AccountRootPrincipal(),
        description: 'Copies the ledger and verifies it',
      }),
    );
  }
}
