import type { GraphResource } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_WARNING, type Violation } from '../../rule';
import { HOLDING_TYPES, systemOf } from './systems';

const TYPES = [...HOLDING_TYPES, 'AWS::DynamoDB::Table', 'AWS::SageMaker::ModelPackageGroup'];

/** What an AI system learnt, decided and was approved by outlives its stack: its record is owed for years. */
export const governanceDecommissionHold = rule({
  id: 'GovernanceDecommissionHold',
  scope: 'ai',
  appliesTo: TYPES,
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6', 'A.4.2', 'A.6.2.8'],
  crosswalk: { nist80053: ['AU-11', 'SI-12'], nistAiRmf: ['GOVERN 1.7'], euAiAct: ['Art. 19', 'Art. 26'] },
  why: 'Deleting the stack of a retired system deletes the models, data and records that its decisions are explained by.',
  fix: 'Set DeletionPolicy and UpdateReplacePolicy to Retain.',
  claims: ['DeletionPolicy', 'UpdateReplacePolicy'],
  beyondGuard: 'the form that is generated for Guard asks things of properties, and these attributes stand beside them',
  check: (resource) =>
    systemOf(resource) !== undefined && inProduction.holds(resource)
      ? [
          ...retained(resource, 'DeletionPolicy', ['Retain', 'RetainExceptOnCreate', 'Snapshot']),
          ...retained(resource, 'UpdateReplacePolicy', ['Retain', 'Snapshot']),
        ]
      : undefined,
  compliant: example({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }),
  nonCompliant: example({ DeletionPolicy: 'Delete' }),
});

function retained(
  { template }: GraphResource,
  attribute: 'DeletionPolicy' | 'UpdateReplacePolicy',
  allowed: readonly string[],
): Violation[] {
  const found = template[attribute] ?? 'Delete';
  return allowed.includes(found) ? [] : [violation(attribute, `found ${found}, expected Retain`)];
}

function example(attributes: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { Tags }, ...attributes } };
}
