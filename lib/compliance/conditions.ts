import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../analysis';
import { asList, propertyOf } from './expect';
import { statementsOf } from './statements';
import { dataClassesOf, stageOf, tagsOf } from './tags';

/** When a rule applies to a resource. */
export interface Condition {
  readonly holds: (resource: GraphResource) => boolean;
  /** The same as one clause of CloudFormation Guard, for a resource of this type. */
  readonly guard: (type: string) => string;
}

/** The resource serves production, or does not say what it serves: what nobody classified gets no discount. */
export const inProduction: Condition = {
  holds: (resource) => ['prod', undefined].includes(stageOf(resource)),
  guard: (type) => `${tag(type, 'ai:stage')} empty or ${tagValue(type, 'ai:stage')} == 'prod'`,
};

/** The resource says that it holds personal data. */
export const holdsPersonalData: Condition = {
  holds: (resource) => dataClassesOf(resource).some((name) => /^(personal|special-category)$/.test(name)),
  guard: (type) => `${tagValue(type, 'ai:data-class')} == /personal|special-category/`,
};

/** The property (a dotted path) has one of these values, or is absent where the service's default is one of them. */
export function oneOf(
  path: string,
  values: readonly string[],
  { byDefault }: { readonly byDefault?: string } = {},
): Condition {
  const list = `Properties.${path} IN [${values.map((value) => `'${value}'`).join(', ')}]`;
  return {
    holds: (resource) => values.includes(textOf(propertyOf(resource, path) ?? byDefault)),
    guard: () =>
      byDefault !== undefined && values.includes(byDefault) ? `Properties.${path} !exists or ${list}` : list,
  };
}

/** The property (a dotted path) is there. */
export function hasProperty(path: string): Condition {
  return {
    holds: (resource) => propertyOf(resource, path) !== undefined,
    guard: () => `Properties.${path} exists`,
  };
}

/** Whether a type exists for AI systems only. */
export function isAiType(type: string): boolean {
  return AI_TYPE.test(type);
}

const AI_TYPE = /^AWS::(SageMaker|Bedrock|BedrockAgentCore)::|^Custom::BedrockInvocationLogging$/;

/** Whether a resource belongs to an AI system: by its type, or because something in its stack says so or may use one. */
export function concernsAi(resource: GraphResource, graph: TemplateGraph): boolean {
  return graph.onceFor('stack concerns AI', resource.stack, () => {
    const stack = graph.ofStack(resource.stack);
    return stack.some(({ type }) => isAiType(type)) || stack.some(hasTagOfAi) || stack.some(mayUseAi);
  });
}

function hasTagOfAi(resource: GraphResource): boolean {
  return [...tagsOf(resource).keys()].some((key) => key.startsWith('ai:'));
}

const POLICY_TYPES = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::RolePolicy'];

function mayUseAi({ type, properties }: GraphResource): boolean {
  if (!POLICY_TYPES.includes(type)) {
    return false;
  }
  const inline = properties.Policies instanceof Opaque ? [] : asList(properties.Policies);
  const documents = [
    properties.PolicyDocument,
    ...inline.map((policy) => (policy as Record<string, unknown> | null)?.PolicyDocument),
  ];
  return documents
    .flatMap(statementsOf)
    .some(
      ({ effect, actions }) =>
        effect === 'Allow' && actions.some((action) => /^(bedrock|sagemaker)[a-z-]*:/i.test(action)),
    );
}

/** Types whose tags are a map; all others have a list of Key and Value (CloudFormation resource specification, 2026-11). */
const TAG_MAPS =
  /^AWS::(ApiGatewayV2::\w+|Bedrock::(Agent|AgentAlias|Flow|FlowAlias|KnowledgeBase|Prompt|PromptVersion)|BedrockAgentCore::(Browser\w+|CodeInterpreterCustom|Gateway|GatewayRule|GatewayTarget|Memory|ResourcePolicy|Runtime|RuntimeEndpoint)|EKS::Nodegroup|FIS::ExperimentTemplate|Glue::\w+|SSM::Parameter)$/;

/** Guard's clause for a resource of this type that carries a tag of an AI system. */
export function hasAiTag(type: string): string {
  return TAG_MAPS.test(type) ? 'Properties.Tags[ keys == /^ai:/ ] !empty' : 'Properties.Tags[ Key == /^ai:/ ] !empty';
}

function tag(type: string, key: string): string {
  return TAG_MAPS.test(type) ? `Properties.Tags.'${key}'` : `Properties.Tags[ Key == '${key}' ]`;
}

function tagValue(type: string, key: string): string {
  return TAG_MAPS.test(type) ? tag(type, key) : `${tag(type, key)}.Value`;
}
