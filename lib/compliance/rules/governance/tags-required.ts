import { type GraphResource, Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { tagsOf } from '../../tags';
import { AI_TYPES, HOLDING_TYPES, systemsOf } from './systems';

const DATA_CLASS = '(public|internal|confidential|personal|special-category|payment)';

/** Tags that rules and reports rest on, and what each may say. */
const REQUIRED: Readonly<Record<string, RegExp>> = {
  'ai:data-class': new RegExp(`^${DATA_CLASS}([ ,]+${DATA_CLASS})*$`),
  'ai:impact': /^(minimal|limited|high)$/,
  'ai:owner': /\S/,
  'ai:stage': /^(dev|staging|prod)$/,
  'ai:system-id': /\S/,
};

/**
 * Where a stack names its AI system, all that holds or serves it says whose it is, how much harm it can do and what data
 * it touches. A stack that names none gets one finding, at its first AI resource.
 */
export const governanceTagsRequired = rule({
  id: 'GovernanceTagsRequired',
  scope: 'ai',
  appliesTo: [...AI_TYPES, ...HOLDING_TYPES],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.2', 'A.3.2', 'A.5.2'],
  crosswalk: { nist80053: ['CM-8', 'PM-5'], nistAiRmf: ['GOVERN 1.6', 'MAP 1.1'], euAiAct: ['Art. 26'] },
  why: 'In an incident nobody knows whose resource it is, and rules that depend on impact and data judge it wrongly.',
  fix: 'Tag it with ai:system-id, ai:impact, ai:data-class, ai:owner and ai:stage.',
  claims: ['Tags'],
  beyondGuard: 'what a resource must say depends on what others of its stack say',
  check: (resource, graph) => {
    const { first, stacks } = systemsOf(graph);
    if (stacks.has(resource.stack)) {
      return tagFaults(resource);
    }
    return first.has(resource)
      ? [violation('Tags', 'nothing in this stack says which AI system it serves (ai:system-id)')]
      : undefined;
  },
  compliant: example({
    'ai:impact': 'high',
    'ai:data-class': 'confidential personal',
    'ai:owner': 'a@b.example',
    'ai:stage': 'prod',
  }),
  nonCompliant: example({ 'ai:impact': 'severe' }),
});

function tagFaults(resource: GraphResource): Violation[] {
  const { Tags } = resource.properties;
  if (Tags instanceof Opaque) {
    return [unresolved('Tags', Tags)];
  }
  const tags = tagsOf(resource);
  const missing = Object.keys(REQUIRED).filter((key) => !tags.has(key));
  const faults = missing.length > 0 ? [violation('Tags', `found no ${missing.join(', ')}`)] : [];
  return [...faults, ...illegal(tags)];
}

function illegal(tags: ReadonlyMap<string, string>): Violation[] {
  return Object.entries(REQUIRED).flatMap(([key, legal]) => {
    const value = tags.get(key);
    if (value === undefined) {
      return [];
    }
    const opaque = /^<(.*)>$/s.exec(value)?.[1];
    if (opaque !== undefined) {
      return [unresolved('Tags', new Opaque(opaque))];
    }
    return legal.test(value) ? [] : [violation('Tags', `found ${key} '${value}', which is none that exists`)];
  });
}

function example(tags: Readonly<Record<string, string>>) {
  const all = Object.entries({ 'ai:system-id': 'x', ...tags });
  const Tags = all.map(([Key, Value]) => ({ Key, Value }));
  return {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags } },
    Agent: { Type: 'AWS::Bedrock::Agent', Properties: { Tags: Object.fromEntries(all) } },
  };
}
