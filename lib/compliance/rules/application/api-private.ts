import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, violation } from '../../expect';
import { isNot } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { actionCovers, conditionKeys, type Statement, statementsOf } from '../../statements';

const TYPES = 'EndpointConfiguration.Types';

/** Condition keys that say through which network a call came. */
const NETWORK_KEYS = /^aws:(sourcevpce|sourcevpc|sourcevpcarn|vpcsourceip)$/i;

const modernTls = isNot('SecurityPolicy', ['TLS_1_0']);

/** A REST API answers only calls that come through endpoints that its policy names. */
export const apiPrivate = rule({
  id: 'ApiPrivate',
  scope: 'ai',
  appliesTo: ['AWS::ApiGateway::RestApi'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-4', 'SC-7'], atlas: ['AML.T0040'], owasp: ['LLM10:2025'] },
  why: 'A private API without such a policy can be called from the VPC of any account, and any other from the internet.',
  fix: 'Set the type PRIVATE, and deny in the policy what does not come through named VPC endpoints (aws:SourceVpce).',
  claims: [TYPES, 'Policy.Deny.aws:SourceVpce', 'Policy.Deny.aws:SourceVpc'],
  beyondGuard: 'the policy must be read as a whole, together with how the methods of the API authorize',
  configRules: ['API_GW_ENDPOINT_TYPE_CHECK'],
  check: (api, graph) => {
    const tls = modernTls.judge(api.properties, '');
    const open = signsPeopleIn(api, graph);
    return open && tls.length === 0 ? undefined : [...(open ? [] : reachable(api, graph)), ...tls];
  },
  compliant: example('PRIVATE', [
    { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/*',
      Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
    },
  ]),
  nonCompliant: example('REGIONAL', []),
});

/** People who sign in to a user pool call from browsers, wherever they are: such an API has to be open. */
function signsPeopleIn({ name }: GraphResource, graph: TemplateGraph): boolean {
  return graph
    .where('AWS::ApiGateway::Method', 'RestApiId', name)
    .some(({ properties }) => properties.AuthorizationType === 'COGNITO_USER_POOLS');
}

/** EDGE is what API Gateway takes where the template names no type. */
function reachable(api: GraphResource, graph: TemplateGraph): Violation[] {
  const types = propertyOf(api, TYPES);
  if (types instanceof Opaque) {
    return [unresolved(TYPES, types)];
  }
  const open = types === undefined ? ['EDGE'] : asList(types).filter((type) => type !== 'PRIVATE');
  return open.length > 0 ? [violation(TYPES, `found ${open.join(', ')}, expected PRIVATE`)] : policyFaults(api, graph);
}

function policyFaults(api: GraphResource, graph: TemplateGraph): Violation[] {
  const { Body, BodyS3Location } = api.properties;
  const policy = api.properties.Policy ?? policyOfDefinition(Body);
  if (policy instanceof Opaque) {
    return [unresolved('Policy', policy)];
  }
  if (policy === undefined && BodyS3Location !== undefined) {
    return [unresolved('Policy', new Opaque('API definition in a bucket'))];
  }
  const statements = statementsOf(policy);
  const closed =
    statements.some(deniesOtherNetworks) || (allowsNetworksOnly(statements) && !authorizesByIam(api, graph));
  return closed ? [] : [violation('Policy', 'no statement denies calls that come through other VPC endpoints')];
}

/** An OpenAPI definition may hold the policy. */
function policyOfDefinition(body: unknown): unknown {
  const isDefinition = body !== null && typeof body === 'object' && !(body instanceof Opaque);
  return isDefinition ? (body as Record<string, unknown>)['x-amazon-apigateway-policy'] : body;
}

function deniesOtherNetworks({ effect, actions, principals, conditions }: Statement): boolean {
  return (
    effect === 'Deny' &&
    principals.includes('*') &&
    actions.some((action) => actionCovers(action, 'execute-api:Invoke')) &&
    Object.entries(conditions).some(
      ([operator, block]) => /Not/.test(operator) && Object.keys(block).every((key) => NETWORK_KEYS.test(key)),
    )
  );
}

/** Without a Deny, this closes the API to everybody else, but not to identities of the account that IAM itself allows. */
function allowsNetworksOnly(statements: readonly Statement[]): boolean {
  const allowing = statements.filter(({ effect }) => effect === 'Allow');
  return (
    allowing.length > 0 &&
    allowing.every(({ conditions }) => conditionKeys(conditions).some((key) => NETWORK_KEYS.test(key)))
  );
}

function authorizesByIam({ name }: GraphResource, graph: TemplateGraph): boolean {
  return graph
    .where('AWS::ApiGateway::Method', 'RestApiId', name)
    .some(({ properties }) => properties.AuthorizationType === 'AWS_IAM');
}

function example(type: string, Statement: object[]) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  const Properties = { Tags, EndpointConfiguration: { Types: [type] }, Policy: { Statement } };
  return { Api: { Type: 'AWS::ApiGateway::RestApi', Properties } };
}
