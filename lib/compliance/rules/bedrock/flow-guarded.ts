import { type GraphResource, Opaque, valueOfJson } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict, type Violation } from '../../rule';

/** Deeper than any flow: loops hold definitions of their own. */
const MAX_DEPTH = 20;

const GUARDRAIL = 'GuardrailConfiguration.GuardrailIdentifier';

/** Every node of a flow that lets a model write has a guardrail. */
export const bedrockFlowGuarded = rule({
  id: 'BedrockFlowGuarded',
  appliesTo: ['AWS::Bedrock::Flow'],
  level: ALWAYS_WARNING,
  annexA: ['A.9.2'],
  crosswalk: { owasp: ['LLM01:2025', 'LLM05:2025'], atlas: ['AML.T0051'] },
  why: 'One node without a guardrail passes on what an attacker wrote to every node behind it.',
  fix: 'Set GuardrailConfiguration with an identifier and a version on each Prompt and KnowledgeBase node.',
  claims: ['Prompt', 'KnowledgeBase'].map((kind) => `Definition.Nodes.*.Configuration.${kind}.${GUARDRAIL}`),
  beyondGuard: 'a definition may be text, and its loops hold definitions of their own',
  check: (flow): Verdict => {
    const { property, definition } = definitionOf(flow);
    if (definition instanceof Opaque) {
      return [unresolved(property, definition)];
    }
    const verdicts = verdictsOf(definition, property, 0);
    return verdicts.length === 0 ? undefined : verdicts.flat();
  },
  compliant: flowWith({ GuardrailConfiguration: { GuardrailIdentifier: 'abcdefghijkl', GuardrailVersion: '1' } }),
  nonCompliant: flowWith({}),
});

function definitionOf(flow: GraphResource): { readonly property: string; readonly definition: unknown } {
  const text = propertyOf(flow, 'DefinitionString');
  if (text !== undefined) {
    return { property: 'DefinitionString', definition: valueOfJson(text) };
  }
  const elsewhere = propertyOf(flow, 'DefinitionS3Location') !== undefined;
  return elsewhere
    ? { property: 'DefinitionS3Location', definition: new Opaque('definition in S3') }
    : { property: 'Definition', definition: propertyOf(flow, 'Definition') };
}

/** One verdict for each node that calls a model. */
function verdictsOf(definition: unknown, at: string, depth: number): Violation[][] {
  const nodes = valueAt(definition, 'Nodes');
  if (nodes instanceof Opaque) {
    return [[unresolved(`${at}.Nodes`, nodes)]];
  }
  return asList(nodes).flatMap((node, index) => nodeVerdicts(node, `${at}.Nodes.${index}.Configuration`, depth));
}

function nodeVerdicts(node: unknown, at: string, depth: number): Violation[][] {
  const loop = valueAt(node, 'Configuration.Loop.Definition');
  const inner = loop !== undefined && depth < MAX_DEPTH ? verdictsOf(loop, `${at}.Loop.Definition`, depth + 1) : [];
  return [...generatesBy(node).map((kind) => guarded(node, kind, at)), ...inner];
}

/** The parts of a node in which a model writes: a knowledge base without a model only retrieves. */
function generatesBy(node: unknown): string[] {
  const prompt = valueAt(node, 'Configuration.Prompt') !== undefined;
  const answer = valueAt(node, 'Configuration.KnowledgeBase.ModelId') !== undefined;
  return [...(prompt ? ['Prompt'] : []), ...(answer ? ['KnowledgeBase'] : [])];
}

function guarded(node: unknown, kind: string, at: string): Violation[] {
  const found = valueAt(node, `Configuration.${kind}.${GUARDRAIL}`);
  return found === undefined || found === ''
    ? [violation(`${at}.${kind}.${GUARDRAIL}`, `node ${valueAt(node, 'Name')} has no guardrail`)]
    : [];
}

function flowWith(guardrail: object) {
  const Configuration = { Prompt: { SourceConfiguration: { Resource: { PromptArn: 'prompt' } }, ...guardrail } };
  const Definition = { Nodes: [{ Name: 'Answer', Type: 'Prompt', Configuration }] };
  return { Flow: { Type: 'AWS::Bedrock::Flow', Properties: { Definition } } };
}
