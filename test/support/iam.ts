import { runSimulation, type Simulation, type SuccessfulRunSimulationResults } from '@cloud-copilot/iam-simulate';
import {
  ASSUMED_ACCOUNT,
  accessModel,
  type GraphResource,
  type PolicyDocument,
  type Principal,
  type TemplateGraph,
} from '../../lib/analysis';

/** A role outside the templates whose IAM policy allows every action on every resource. */
export const ADMINISTRATOR = Symbol('administrator');

/** A request to AWS, as a test asks for its outcome. */
export interface AccessRequest {
  /** Role that asks, by the end of its construct path; or a role that is not in the templates and may do anything in IAM. */
  readonly principal: string | typeof ADMINISTRATOR;
  /** What somebody attached to the role by hand. */
  readonly attached?: PolicyDocument;
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** ARN, or the end of a resource's construct path. */
  readonly resource: string;
  /** Condition keys beside those that AWS sets in every request. */
  readonly context?: Readonly<Record<string, string | string[]>>;
  /** VPC endpoint that the request goes through, by the end of its construct path. */
  readonly through?: string;
}

/** What IAM decides. */
export type Decision = 'allow' | 'deny (explicit)' | 'deny (implicit)';

/**
 * Evaluates a request by what the templates deploy: the role's own policies and boundary, the policy of the resource
 * (of a role that is assumed, its trust policy) and of the endpoint. Throws where the outcome would rest on something that
 * the templates do not say, or a key of the request would be ignored.
 */
export async function evaluate(graph: TemplateGraph, request: AccessRequest): Promise<Decision> {
  const { principals, resources } = accessModel(graph);
  const principal = request.principal === ADMINISTRATOR ? administrator() : known(graph, principals, request.principal);
  const resource = request.resource.startsWith('arn:') ? request.resource : only(graph, request.resource).arn;
  const holder = resources.find(({ resource: { arn } }) => [resource, groupOf(resource)].some((id) => within(id, arn)));
  const assumed = request.action.startsWith('sts:') ? principals.find(({ role }) => role.arn === resource) : undefined;
  const endpoint = request.through === undefined ? undefined : only(graph, request.through, 'AWS::EC2::VPCEndpoint');
  const attached = request.attached ? [{ name: 'attached by hand', policy: request.attached }] : [];
  return decide({
    request: {
      principal: principal.session,
      action: request.action,
      resource: { resource, accountId: ASSUMED_ACCOUNT },
      contextVariables: { ...alwaysPresent(principal, request.action), ...request.context },
    },
    identityPolicies: [...principal.identityPolicies, ...attached],
    permissionBoundaryPolicies: principal.boundaries.length > 0 ? [...principal.boundaries] : undefined,
    resourcePolicy: assumed?.trustPolicy ?? holder?.policy,
    vpcEndpointPolicies: endpoint && [{ name: endpoint.path, policy: endpoint.properties.PolicyDocument }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  });
}

function within(resource: string, holder: string): boolean {
  return resource === holder || resource.startsWith(`${holder}/`);
}

/** The policy of a model package group is also that of its packages. */
function groupOf(resource: string): string {
  return resource.replace(/:model-package\/([^/]+)\/\d+$/, ':model-package-group/$1');
}

/** A principal as a simulation needs it. */
interface Caller extends Pick<Principal, 'identityPolicies' | 'boundaries' | 'tags'> {
  readonly arn: string;
  readonly session: string;
}

function known(graph: TemplateGraph, principals: readonly Principal[], suffix: string): Caller {
  const role = only(graph, suffix, 'AWS::IAM::Role');
  const principal = principals.find((candidate) => candidate.role === role) as Principal;
  if (principal.unknownPolicies.length > 0) {
    throw new Error(`${role.path} has policies outside the templates: ${principal.unknownPolicies.join(', ')}`);
  }
  return { ...principal, arn: role.arn, session: sessionOf(role) };
}

function administrator(): Caller {
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  return {
    arn: `arn:aws:iam::${ASSUMED_ACCOUNT}:role/Administrator`,
    session: `arn:aws:sts::${ASSUMED_ACCOUNT}:assumed-role/Administrator/session`,
    identityPolicies: [{ name: 'AdministratorAccess', policy: { Version: '2012-10-17', Statement } }],
    boundaries: [],
    tags: {},
  };
}

async function decide(simulation: Simulation): Promise<Decision> {
  const result = await runSimulation(withKnownKeys(simulation), {});
  if (result.resultType === 'error') {
    throw new Error(`${simulation.request.action}: ${JSON.stringify(result.errors)}`);
  }
  const ignored = ignoredKeys(result);
  if (ignored.length > 0) {
    throw new Error(`${simulation.request.action} has no condition keys ${ignored.join(', ')}`);
  }
  return DECISIONS[result.overallResult];
}

/** Keys that the action does not have (Service Authorization Reference): the simulator leaves them out without a word. */
function ignoredKeys(result: SuccessfulRunSimulationResults): string[] {
  const results = result.resultType === 'single' ? [result.result] : result.results;
  return results.flatMap(({ ignoredContextKeys }) => ignoredContextKeys ?? []);
}

const DECISIONS: Record<string, Decision> = {
  Allowed: 'allow',
  ExplicitlyDenied: 'deny (explicit)',
  ImplicitlyDenied: 'deny (implicit)',
};

/**
 * iam-simulate 0.1.173 drops `kms:EncryptionContext:<name>` from a request, because it knows variable keys with a slash
 * only. Policies and request get a key in its stead that it keeps; conditions compare the same texts.
 */
function withKnownKeys(simulation: Simulation): Simulation {
  const key = 'kms:EncryptionContext:';
  return JSON.parse(JSON.stringify(simulation).replaceAll(key, `aws:PrincipalTag/${key}`));
}

/** Keys that AWS sets in every request (IAM User Guide, "AWS global condition context keys"), and KMS in its own. */
function alwaysPresent({ arn, tags }: Caller, action: string): Record<string, string> {
  return {
    'aws:PrincipalAccount': ASSUMED_ACCOUNT,
    'aws:PrincipalArn': arn,
    'aws:ResourceAccount': ASSUMED_ACCOUNT,
    'aws:SecureTransport': 'true',
    ...(action.startsWith('kms:') && { 'kms:CallerAccount': ASSUMED_ACCOUNT }),
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, value])),
  };
}

/** A session of the role: what a workload really calls with. */
function sessionOf({ arn, name }: GraphResource): string {
  const partition = arn.split(':')[1];
  return `arn:${partition}:sts::${ASSUMED_ACCOUNT}:assumed-role/${name}/session`;
}

function only(graph: TemplateGraph, suffix: string, type?: string): GraphResource {
  const found = graph.atPath(suffix).filter((resource) => type === undefined || resource.type === type);
  if (found.length !== 1) {
    throw new Error(`'${suffix}' names ${found.length} resources: ${found.map(({ path }) => path).join(', ')}`);
  }
  return found[0];
}
