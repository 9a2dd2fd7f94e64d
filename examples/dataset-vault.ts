import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DatasetVault, KeyRing, Purpose, WorkloadRole } from 'palisade-cdk/constructs';

/** A vault, a role that delivers data and cannot read it, and a role that trains on what was sealed. */
export class DatasetVaultExample extends Stack {
  constructor(scope: Construct, id = 'DatasetVaultExample') {
    super(scope, id);
    const keys = new KeyRing(this, 'Keys', {
      system: 'credit-scoring',
      stage: 'dev',
      purposes: [Purpose.DATA, Purpose.LOGS],
    });
    const vault = new DatasetVault(this, 'Vault', {
      keys,
      datasetRetention: { applications: Duration.days(730) },
    });
    vault.grantIngest(
      new WorkloadRole(this, 'Collector', {
        assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'),
        description: 'Delivers applications',
      }),
    );
    vault.grantRead(
      new WorkloadRole(this, 'Trainer', {
        assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
        description: 'Trains on sealed applications',
      }),
      { purpose: 'training' },
    );
  }
}
