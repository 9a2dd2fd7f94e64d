import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DatasetVault, type DatasetVaultProps, KeyRing, Purpose, WorkloadRole } from '../../../constructs';

/** A vault with keys of its own. */
export function vaultIn(stack: Stack, props: Omit<DatasetVaultProps, 'keys'> = {}): DatasetVault {
  const keys = new KeyRing(stack, 'Keys', {
    system: 'credit-scoring',
    stage: 'dev',
    purposes: [Purpose.DATA, Purpose.LOGS],
  });
  return new DatasetVault(stack, 'Vault', { keys, ...props });
}

/** A role without permissions. */
export function roleIn(scope: Construct, id: string): WorkloadRole {
  return new WorkloadRole(scope, id, {
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
    description: 'Test',
  });
}
