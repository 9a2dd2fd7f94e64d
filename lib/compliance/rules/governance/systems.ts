import type { GraphResource, TemplateGraph } from '../../../analysis';
import type { Tier } from '../../rule';
import { tagsOf, tierOf } from '../../tags';

/** Types that exist for AI systems only and that take tags (CloudFormation resource specification). */
export const AI_TYPES: readonly string[] = [
  'AWS::Bedrock::Agent',
  'AWS::Bedrock::AgentAlias',
  'AWS::Bedrock::ApplicationInferenceProfile',
  'AWS::Bedrock::Flow',
  'AWS::Bedrock::Guardrail',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Prompt',
  'AWS::BedrockAgentCore::Gateway',
  'AWS::BedrockAgentCore::Memory',
  'AWS::BedrockAgentCore::Runtime',
  'AWS::SageMaker::Domain',
  'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::EndpointConfig',
  'AWS::SageMaker::FeatureGroup',
  'AWS::SageMaker::Model',
  'AWS::SageMaker::ModelPackageGroup',
  'AWS::SageMaker::NotebookInstance',
  'AWS::SageMaker::Pipeline',
];

/** Types whose resources hold what an AI system knows, or protect it. */
export const HOLDING_TYPES: readonly string[] = ['AWS::KMS::Key', 'AWS::S3::Bucket'];

/** The AI system that a resource says it serves. */
export function systemOf(resource: GraphResource): string | undefined {
  return tagsOf(resource).get('ai:system-id');
}

interface Systems {
  /** Stacks in which some resource names its AI system. */
  readonly stacks: ReadonlySet<string>;
  /** The highest tier that any resource of an AI system states, by system. */
  readonly tiers: ReadonlyMap<string, Tier>;
  /** The first resource of each stack whose type exists for AI systems only. */
  readonly first: ReadonlySet<GraphResource>;
}

/** What the tags of an assembly say of its AI systems. */
export function systemsOf(graph: TemplateGraph): Systems {
  return graph.once('AI systems', () => collect(graph));
}

function collect(graph: TemplateGraph): Systems {
  const tagged = graph.resources.filter((resource) => systemOf(resource) !== undefined);
  const aiResources = graph.ofType(...AI_TYPES);
  return {
    stacks: new Set(tagged.map(({ stack }) => stack)),
    tiers: highestTiers(tagged),
    first: new Set(new Map(aiResources.toReversed().map((resource) => [resource.stack, resource])).values()),
  };
}

const RANKS: readonly Tier[] = ['minimal', 'limited', 'high'];

function highestTiers(tagged: readonly GraphResource[]): ReadonlyMap<string, Tier> {
  const tiers = new Map<string, Tier>();
  for (const resource of tagged) {
    const system = systemOf(resource) ?? '';
    const rank = Math.max(...[tiers.get(system), tierOf(resource)].map((tier) => (tier ? RANKS.indexOf(tier) : -1)));
    if (rank >= 0) {
      tiers.set(system, RANKS[rank]);
    }
  }
  return tiers;
}
