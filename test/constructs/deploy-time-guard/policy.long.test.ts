import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { type GraphResource, Opaque } from '../../../lib/analysis';
import { guardPolicy } from '../../../lib/compliance/guard-policy';
import type { MinimalTemplate } from '../../../lib/compliance/rule';
import { RULES } from '../../../lib/compliance/rules';
import { rulesOfLevel } from '../../../lib/compliance/rules-of-level';
import { synthesize } from '../../platform/support';
import { graphOf } from '../../support/graph';
import { guardFindings } from '../../support/guard';
import { guarded, propertiesOf } from './guarded';

const STOPPING = rulesOfLevel(RULES, 'error', 'high');

/** Rules that would stop the deployment of each resource, by their ids. */
function stopped(...resources: MinimalTemplate[]): string[][] {
  return guardFindings(STOPPING, resources).map((names) => [...new Set(names.map(ruleId))].sort());
}

/** A rule that judges several types has a Guard rule for each: `Rule_AWS_S3_Bucket`. */
function ruleId(name: string): string {
  return name.split('_')[0];
}

/**
 * What a hook is shown of a resource: its type and its properties with every function resolved, and no other resource
 * (CloudFormation Hooks User Guide, "Write Guard rules to evaluate resources for Guard Hooks").
 */
function shown({ logicalId, type, properties }: GraphResource): MinimalTemplate {
  const Properties = JSON.parse(
    JSON.stringify(properties, (_, value) => (value instanceof Opaque ? String(value) : value)),
  );
  return { [logicalId]: { Type: type, Properties } };
}

test('the whole policy finds the faults of a template that was written by hand', () => {
  const { Resources } = parse(fs.readFileSync(path.join(__dirname, 'hand-written.yaml'), 'utf8'));
  const ids = Object.keys(Resources);
  const found = stopped(...ids.map((id) => ({ [id]: Resources[id] })));
  expect(Object.fromEntries(ids.map((id, index) => [id, found[index]]))).toEqual({
    Data: ['S3PublicAccessBlocked'],
    Guardrail: ['BedrockGuardrailCmk', 'BedrockGuardrailHarmFilters', 'BedrockGuardrailPromptAttack'],
    Key: ['KmsRotation'],
    Model: ['SageMakerModelInVpc', 'SageMakerModelNetworkIsolation'],
    Notebook: [
      'SageMakerNotebookCmk',
      'SageMakerNotebookImdsV2',
      'SageMakerNotebookInVpc',
      'SageMakerNotebookNoDirectInternet',
      'SageMakerNotebookRootDisabled',
    ],
    Queue: ['MessagingEncrypted'],
    Runtime: ['AgentCoreRuntimeVpc'],
  });
});

test('every rule in Guard finds its fault in one resource alone, as a hook shows it', () => {
  const inGuard = RULES.filter(({ guard }) => 'clauses' in guard);
  expect(inGuard.length).toBeGreaterThan(80);
  const alone = inGuard.flatMap(({ id, nonCompliant }) =>
    Object.entries(nonCompliant).map(([key, { Type, Properties }]) => ({
      id,
      template: { [key]: { Type, Properties } },
    })),
  );
  const found = guardFindings(
    inGuard,
    alone.map(({ template }) => template),
  );
  const caught = new Set(alone.filter(({ id }, index) => found[index].map(ruleId).includes(id)).map(({ id }) => id));
  expect(inGuard.filter(({ id }) => !caught.has(id)).map(({ id }) => id)).toEqual([]);
});

test('a hook takes it: its types fit into the filter, and nothing in it only warns', () => {
  const hook = propertiesOf(guarded({ policy: guardPolicy(STOPPING) }).stack, 'AWS::CloudFormation::GuardHook');
  const { TargetNames } = hook.TargetFilters as { TargetNames: string[] };
  expect(TargetNames).toEqual(expect.arrayContaining(['AWS::S3::*', 'AWS::SageMaker::*', 'AWS::Bedrock::*']));
  expect(TargetNames.length).toBeLessThanOrEqual(50);
  const types = [...guardPolicy(STOPPING).matchAll(/Type == '(\w+::\w+)/g)].map(([, service]) => `${service}::*`);
  expect([...new Set(types)].filter((name) => !TargetNames.includes(name))).toEqual([]);
  expect(rulesOfLevel(RULES, 'warning', 'high').filter((rule) => STOPPING.includes(rule))).toEqual([]);
});

test('the guard would not stop itself', () => {
  const resources = graphOf(guarded().app).resources.map(shown);
  expect(stopped(...resources).flat()).toEqual([]);
});

test('the platform deploys behind the guard', () => {
  const { resources } = synthesize(undefined, 'prod').graph;
  expect(resources.length).toBeGreaterThan(100);
  expect(stopped(...resources.map(shown)).flat()).toEqual([]);
}, 180_000);
