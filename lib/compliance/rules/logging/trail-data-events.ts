import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { type EventSelector, opaqueSelectorsOf, selectorsOf } from './event-selectors';
import { mayShareStage, onceByStage } from './same-stage';

/**
 * Types of data events that record the use of resources of a type (CloudTrail User Guide, "Logging data events").
 * InvokeModel and Converse are management events; CloudTrail rejects `AWS::Bedrock::Prompt`.
 */
const RECORDED_BY: ReadonlyMap<string, string> = new Map([
  ['AWS::Bedrock::Agent', 'AWS::Bedrock::AgentAlias'],
  ['AWS::Bedrock::AgentAlias', 'AWS::Bedrock::AgentAlias'],
  ['AWS::Bedrock::Flow', 'AWS::Bedrock::FlowAlias'],
  ['AWS::Bedrock::FlowAlias', 'AWS::Bedrock::FlowAlias'],
  ['AWS::Bedrock::Guardrail', 'AWS::Bedrock::Guardrail'],
  ['AWS::Bedrock::KnowledgeBase', 'AWS::Bedrock::KnowledgeBase'],
  ['AWS::BedrockAgentCore::Gateway', 'AWS::BedrockAgentCore::Gateway'],
  ['AWS::BedrockAgentCore::Runtime', 'AWS::BedrockAgentCore::Runtime'],
  ['AWS::BedrockAgentCore::RuntimeEndpoint', 'AWS::BedrockAgentCore::RuntimeEndpoint'],
  ['AWS::S3::Bucket', 'AWS::S3::Object'],
  ['AWS::SageMaker::Endpoint', 'AWS::SageMaker::Endpoint'],
  ['AWS::SageMaker::FeatureGroup', 'AWS::SageMaker::FeatureGroup'],
]);
const CATEGORIES = ['Management', 'Data', 'NetworkActivity'];
const REJECTED = 'AWS::Bedrock::Prompt';

/** The trails of an assembly record every call to the models, agents and data that it makes. */
export const trailDataEvents = rule({
  id: 'TrailDataEvents',
  appliesTo: ['AWS::CloudTrail::Trail'],
  scope: 'ai',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8', 'A.7.5'],
  crosswalk: {
    securityHub: ['S3.22', 'S3.23'],
    nist80053: ['AU-2', 'AU-12'],
    euAiAct: ['Art. 12', 'Art. 26'],
    atlas: ['AML.T0024', 'AML.T0040'],
  },
  why: 'Calls to agents, endpoints and objects are data events, which a trail leaves out until it is told otherwise.',
  fix: 'Add an advanced event selector for Management and one for each resources.type in use, without readOnly.',
  claims: ['AdvancedEventSelectors.*'],
  beyondGuard: 'what must be recorded depends on what the assembly makes, and several trails may share it',
  check: (trail, graph) => {
    const opaque = opaqueSelectorsOf(trail);
    return opaque
      ? [unresolved('AdvancedEventSelectors', opaque)]
      : [...selectorsOf(trail).flatMap(malformed), ...unrecorded(trail, graph)];
  },
  configRules: ['CLOUDTRAIL_S3_DATAEVENTS_ENABLED'],
  compliant: trailWith([selector('Management'), selector('Data', 'AWS::Bedrock::Guardrail')]),
  nonCompliant: trailWith([]),
});

/** CloudTrail refuses a selector without a category, and a data selector of no type or of several. */
function malformed({ at, category, types }: EventSelector): Violation[] {
  if (category === undefined || !CATEGORIES.includes(category)) {
    return [violation(`${at}.FieldSelectors`, `found no eventCategory, expected one of ${CATEGORIES.join(', ')}`)];
  }
  if (category === 'Data' && types.length !== 1) {
    return [violation(`${at}.FieldSelectors`, `found ${types.length} values of resources.type, expected one`)];
  }
  return types.includes(REJECTED) ? [violation(`${at}.FieldSelectors`, `CloudTrail does not accept ${REJECTED}`)] : [];
}

/** What no trail of the same stage records. */
const unrecorded = onceByStage('unrecorded data', (trail, graph): readonly Violation[] => {
  const selectors = graph
    .ofType('AWS::CloudTrail::Trail')
    .filter((other) => mayShareStage(trail, other))
    .flatMap(selectorsOf)
    .filter(({ partial }) => !partial);
  const recorded = new Set(selectors.flatMap(({ types }) => types));
  const used = new Set(graph.resources.flatMap(({ type }) => RECORDED_BY.get(type) ?? []));
  const missing = [...used].filter((type) => !recorded.has(type));
  const management = selectors.some(({ category }) => category === 'Management');
  return [...(management ? [] : ['Management']), ...missing].map((events) =>
    violation('AdvancedEventSelectors', `found no selector for all events of ${events}`),
  );
});

function selector(category: string, type?: string) {
  const ofType = type ? [{ Field: 'resources.type', Equals: [type] }] : [];
  return { FieldSelectors: [{ Field: 'eventCategory', Equals: [category] }, ...ofType] };
}

function trailWith(AdvancedEventSelectors: object[]) {
  return {
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { AdvancedEventSelectors } },
    Guardrail: { Type: 'AWS::Bedrock::Guardrail' },
  };
}
