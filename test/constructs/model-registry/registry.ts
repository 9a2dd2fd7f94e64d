import { type App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { KeyRing, ModelRegistry, type ModelRegistryProps, Purpose, WorkloadRole } from '../../../constructs';
import { appWith } from '../audit-trail/app';
import { ENV } from '../dataset-vault/simulate';

/** A registry in a stack of its own, in a known place. */
export function registryIn(props: Omit<ModelRegistryProps, 'keys'> = {}, app: App = appWith()) {
  const stack = new Stack(app, 'Data', { env: ENV });
  return { app, stack, registry: new ModelRegistry(stack, 'Registry', { keys: keysIn(stack), ...props }) };
}

/** The keys of an AI system. */
export function keysIn(stack: Stack, system = 'credit-scoring', stage = 'dev'): KeyRing {
  return new KeyRing(stack, 'Keys', { system, stage, purposes: [Purpose.MODEL, Purpose.LOGS] });
}

/** A role without permissions. */
export function roleIn(scope: Construct, id: string): WorkloadRole {
  return new WorkloadRole(scope, id, { assumedBy: new iam.AccountRootPrincipal(), description: 'Test' });
}
