import { accessModel, type GraphResource, type Principal, type TemplateGraph, textOf } from '../../../analysis';
import { actionCovers, type Statement, statementsOf } from '../../statements';

/** Actions that send content to a model, an agent or a knowledge base, or get it from there (Service Authorization Reference). */
export const MODEL_ACTIONS = [
  'bedrock:InvokeModel',
  'bedrock:InvokeModelWithResponseStream',
  'bedrock:InvokeAgent',
  'bedrock:InvokeFlow',
  'bedrock:Retrieve',
  'bedrock:RetrieveAndGenerate',
  'bedrock-agentcore:InvokeAgentRuntime',
  'sagemaker:InvokeEndpoint',
  'sagemaker:InvokeEndpointAsync',
  'sagemaker:InvokeEndpointWithResponseStream',
];

/** AWS's own policies that allow every one of them. */
const AI_POLICIES = /:policy\/(AmazonBedrockFullAccess|AmazonSageMakerFullAccess|AdministratorAccess|PowerUserAccess)$/;

/** What a role is allowed. Its boundary is not read: it only takes away. */
export interface RoleAccess {
  /** Allow statements of its policies, as far as they are in the assembly. */
  readonly statements: readonly Statement[];
  /** Statements among them that cover at least one of `MODEL_ACTIONS`. */
  readonly onModels: readonly Statement[];
  /** A policy of AWS allows everything on models. */
  readonly unlimited: boolean;
}

const known = new WeakMap<TemplateGraph, ReadonlyMap<string, RoleAccess>>();

/** What a role (by ARN) is allowed; undefined where it is not in the assembly. */
export function accessOf(graph: TemplateGraph, role: unknown): RoleAccess | undefined {
  const roles = known.get(graph) ?? new Map(accessModel(graph).principals.map((item) => [item.role.arn, access(item)]));
  known.set(graph, roles);
  return typeof role === 'string' ? roles.get(role) : undefined;
}

function access({ identityPolicies, unknownPolicies }: Principal): RoleAccess {
  const statements = identityPolicies
    .flatMap(({ policy }) => statementsOf(policy))
    .filter(({ effect }) => effect === 'Allow');
  const unlimited = unknownPolicies.some((arn) => AI_POLICIES.test(arn));
  return { statements, onModels: statements.filter(coversModels), unlimited };
}

function coversModels({ actions }: Statement): boolean {
  return actions.some(
    (pattern) => couldCover(pattern) && MODEL_ACTIONS.some((action) => actionCovers(pattern, action)),
  );
}

/** Spares most statements the comparison action by action. */
function couldCover(pattern: string): boolean {
  return pattern.startsWith('*') || /^(bedrock|sagemaker)/i.test(pattern);
}

/** Whether a function may call models. Undefined where its role is not in the assembly, so nobody can tell. */
export function mayCallModels(fn: GraphResource, graph: TemplateGraph): boolean | undefined {
  const role = accessOf(graph, fn.properties.Role);
  return role && (role.onModels.length > 0 || role.unlimited);
}

/**
 * Whether CloudFormation calls the function to make a custom resource, directly or through CDK's provider framework:
 * it runs at deployments only, on no request of a user.
 */
export function answersCloudFormation({ arn }: GraphResource, graph: TemplateGraph): boolean {
  return (
    servingTokens(graph).has(arn) ||
    ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN'].some(
      (variable) => graph.where('AWS::Lambda::Function', `Environment.Variables.${variable}`, arn).length > 0,
    )
  );
}

const tokens = new WeakMap<TemplateGraph, ReadonlySet<string>>();

function servingTokens(graph: TemplateGraph): ReadonlySet<string> {
  const found = tokens.get(graph) ?? new Set(graph.resources.filter(isCustom).map(serviceToken));
  tokens.set(graph, found);
  return found;
}

function isCustom({ type }: GraphResource): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function serviceToken({ properties: { ServiceToken } }: GraphResource): string {
  return textOf(ServiceToken);
}
