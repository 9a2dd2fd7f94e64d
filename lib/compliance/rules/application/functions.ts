import { type GraphResource, memoized, type Principal, type TemplateGraph, textOf } from '../../../analysis';
import type { Statement } from '../../statements';
import { actionSet } from '../identity/covering';
import { allowances, roleWithArn } from '../identity/roles';

/** Actions that send content to a model, an agent or a knowledge base, or get it from there (Service Authorization Reference). */
const COVERS_MODELS = actionSet(
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
);

/** AWS's own policies that allow every one of them. */
const AI_POLICIES = /:policy\/(AmazonBedrockFullAccess|AmazonSageMakerFullAccess|AdministratorAccess|PowerUserAccess)$/;

/** What a role is allowed. Its boundary is not read: it only takes away. */
export interface RoleAccess {
  /** Allow statements of its policies, as far as they are in the assembly. */
  readonly statements: readonly Statement[];
  /** Statements among them that cover at least one action that calls a model. */
  readonly onModels: readonly Statement[];
  /** A policy of AWS allows everything on models. */
  readonly unlimited: boolean;
}

/** What a role (by ARN) is allowed; undefined where it is not in the assembly. */
export function accessOf(graph: TemplateGraph, role: unknown): RoleAccess | undefined {
  const principal = roleWithArn(role, graph);
  return principal && access(principal);
}

const access = memoized((principal: Principal): RoleAccess => {
  const statements = allowances(principal);
  const unlimited = principal.unknownPolicies.some((arn) => AI_POLICIES.test(arn));
  return { statements, onModels: statements.filter(coversModels), unlimited };
});

function coversModels({ actions }: Statement): boolean {
  return actions.some(COVERS_MODELS);
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

function servingTokens(graph: TemplateGraph): ReadonlySet<string> {
  return graph.once('service tokens', () => new Set(graph.resources.filter(isCustom).map(serviceToken)));
}

function isCustom({ type }: GraphResource): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function serviceToken({ properties: { ServiceToken } }: GraphResource): string {
  return textOf(ServiceToken);
}

/** Resources of a type that name the function in a property, by name or by ARN. */
export function attached(
  type: string,
  { name, arn }: GraphResource,
  graph: TemplateGraph,
  property = 'FunctionName',
): GraphResource[] {
  return [name, arn].flatMap((id) => graph.where(type, property, id));
}
