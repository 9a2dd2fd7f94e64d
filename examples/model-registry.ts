import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApprovedModel, KeyRing, ModelRegistry, Purpose } from 'palisade-cdk/constructs';

/** A registry, and the approved model as a stack would deploy it. */
export class ModelRegistryExample extends Stack {
  constructor(scope: Construct, id = 'ModelRegistryExample') {
    super(scope, id);
    const keys = new KeyRing(this, 'Keys', {
      system: 'credit-scoring',
      stage: 'dev',
      purposes: [Purpose.MODEL, Purpose.LOGS],
    });
    const registry = new ModelRegistry(this, 'Registry', { keys });
    new ApprovedModel(this, 'Approved', { registry });
  }
}
