import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';

/** Every call of an API is made by somebody: browsers' preflight requests are the one exception. */
export const apiAuthorized = rule({
  id: 'ApiAuthorized',
  scope: 'ai',
  appliesTo: ['AWS::ApiGateway::Method', 'AWS::ApiGatewayV2::Route'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2', 'A.9.2'],
  crosswalk: {
    securityHub: ['APIGateway.8'],
    nist80053: ['AC-3', 'IA-2'],
    owasp: ['LLM10:2025'],
    atlas: ['AML.T0040'],
  },
  why: 'Whoever finds the URL can query the model at your cost, and extract or attack it without a name.',
  fix: 'Set AuthorizationType to AWS_IAM, or to an authorizer; an API key meters callers, it does not identify them.',
  claims: ['AuthorizationType'],
  beyondGuard: 'only the API tells whether a route carries requests or the messages of an authorized connection',
  configRules: ['API_GWV2_AUTHORIZATION_TYPE_CONFIGURED'],
  check: (resource, graph) => (needsAuthorization(resource, graph) ? authorization(resource) : undefined),
  compliant: example('AWS_IAM'),
  nonCompliant: example('NONE'),
});

function needsAuthorization({ type, properties }: GraphResource, graph: TemplateGraph): boolean {
  return type === 'AWS::ApiGateway::Method'
    ? properties.HttpMethod !== 'OPTIONS'
    : !/^OPTIONS /.test(textOf(properties.RouteKey)) && !isMessage(properties, graph);
}

/** A WebSocket API authorizes when a connection opens; its other routes carry messages of that connection. */
function isMessage({ ApiId, RouteKey }: GraphResource['properties'], graph: TemplateGraph): boolean {
  const api = graph.withName('AWS::ApiGatewayV2::Api', ApiId);
  return api?.properties.ProtocolType === 'WEBSOCKET' && RouteKey !== '$connect';
}

function authorization({ properties: { ApiKeyRequired, AuthorizationType } }: GraphResource): Violation[] {
  if (AuthorizationType instanceof Opaque) {
    return [unresolved('AuthorizationType', AuthorizationType)];
  }
  if (AuthorizationType !== undefined && AuthorizationType !== 'NONE') {
    return [];
  }
  const key = textOf(ApiKeyRequired) === 'true' ? ' with an API key' : '';
  return [violation('AuthorizationType', `found NONE${key}, expected AWS_IAM or an authorizer`)];
}

function example(AuthorizationType: string) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Tags } },
    Method: { Type: 'AWS::ApiGateway::Method', Properties: { AuthorizationType } },
    Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { AuthorizationType } },
  };
}
