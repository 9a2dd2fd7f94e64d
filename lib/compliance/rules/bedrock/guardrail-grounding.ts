import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { is, isBetween, isNot, some } from '../../requirements';
import { ERROR_FROM_HIGH } from '../../rule';
import { tagsOf } from '../../tags';

/** Bedrock takes 0 to 0.99; 0.7 is the design's choice, of its catalogue of rules. */
const LOWEST_THRESHOLD = 0.7;

const FILTERS = ['GROUNDING', 'RELEVANCE'].map((type) =>
  some(
    'ContextualGroundingPolicyConfig.FiltersConfig',
    [
      is('Type', type),
      isBetween('Threshold', { min: LOWEST_THRESHOLD }),
      isNot('Action', ['NONE']),
      is('Enabled', true, { byDefault: true }),
    ],
    `${type} filter that blocks with a threshold of at least ${LOWEST_THRESHOLD}`,
  ),
);

/** A system that answers from documents blocks answers which these do not support. */
export const bedrockGuardrailGrounding = rule({
  id: 'BedrockGuardrailGrounding',
  appliesTo: ['AWS::Bedrock::Guardrail'],
  level: ERROR_FROM_HIGH,
  annexA: ['A.6.2.4'],
  crosswalk: { owasp: ['LLM09:2025'], nistAiRmf: ['MEASURE 2.5'], euAiAct: ['Art. 15(1)'] },
  why: 'A model that invents an answer beside its sources misleads people who trust it to have read them.',
  fix: 'Add the filters GROUNDING and RELEVANCE to ContextualGroundingPolicyConfig with a Threshold of 0.7 or more.',
  claims: [...new Set(FILTERS.flatMap(({ claims }) => claims))],
  beyondGuard: 'only the rest of the system says whether it answers from a knowledge base',
  check: (guardrail, graph) =>
    propertyOf(guardrail, 'ContextualGroundingPolicyConfig') !== undefined || hasKnowledgeBase(guardrail, graph)
      ? FILTERS.flatMap(({ judge }) => judge(guardrail.properties, ''))
      : undefined,
  compliant: withKnowledgeBase({
    ContextualGroundingPolicyConfig: {
      FiltersConfig: [
        { Type: 'GROUNDING', Threshold: 0.7 },
        { Type: 'RELEVANCE', Threshold: 0.7 },
      ],
    },
  }),
  nonCompliant: withKnowledgeBase({}),
});

/** Whether the guardrail's stack or AI system has a knowledge base. */
function hasKnowledgeBase(guardrail: GraphResource, graph: TemplateGraph): boolean {
  const places = graph.once(
    'places of knowledge bases',
    () => new Set(graph.ofType('AWS::Bedrock::KnowledgeBase').flatMap(placesOf)),
  );
  return placesOf(guardrail).some((place) => places.has(place));
}

function placesOf(resource: GraphResource): string[] {
  const system = tagsOf(resource).get('ai:system-id');
  const stage = tagsOf(resource).get('ai:stage') ?? '';
  return [`stack ${resource.stack}`, ...(system === undefined ? [] : [`system ${system} ${stage}`])];
}

function withKnowledgeBase(Properties: object) {
  return {
    KnowledgeBase: { Type: 'AWS::Bedrock::KnowledgeBase', Properties: {} },
    Guardrail: { Type: 'AWS::Bedrock::Guardrail', Properties },
  };
}
