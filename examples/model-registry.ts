import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApprovedModel, KeyRing, ModelRegistry, Purpose } from 'palisade-cdk/constructs';

/** A registry for models and their approvals, and beside it the stack that deploys what was approved. */
export class ModelRegistryExample extends Stack {
  constructor(scope: Construct, id = 'ModelRegistryExample') {
    super(scope, id);
    const keys = new KeyRing(this, 'Keys', {
      system: 'credit-scoring',
      stage: 'dev',
      purposes: [Purpose.MODEL, Purpose.LOGS],
    });
    const registry = new ModelRegistry(this, 'Registry', { keys, approvers: ['jane@example.com'] });

    const serving = new Stack(scope, `${id}Serving`);
    new ApprovedModel(serving, 'Model', { registry });
  }
}
