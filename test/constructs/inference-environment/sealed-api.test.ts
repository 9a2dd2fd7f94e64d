import { Duration, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { WorkloadRole } from '../../../constructs';
import { RULES } from '../../../lib/compliance';
import { evaluateRules } from '../../../lib/compliance/engine';
import { graphOf } from '../../support/graph';
import { ADMINISTRATOR, evaluate } from '../../support/iam';
import { nagErrors } from '../../support/nag';
import { appWithFlags, ENV, Surroundings } from './stacks';

const app = appWithFlags();
const stack = new Surroundings(app);
const environment = stack.serve(stack.enclaveModel(), { alarmTopic: new sns.Topic(stack, 'Topic') });
for (const name of ['App', 'Stranger']) {
  const assumedBy = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
  const role = new WorkloadRole(stack, name, { assumedBy, description: name });
  if (name === 'App') {
    environment.grantInvoke(role);
  }
}
Tags.of(app).add('ai:system-id', 'scoring');
const template = Template.fromStack(stack);
const graph = graphOf(app);
const only = (type: string) => {
  const found = Object.values(template.findResources(type));
  expect(found).toHaveLength(1);
  return found[0].Properties;
};

describe('the API', () => {
  const SEALED_TYPES = ['application/vnd.palisade.sealed', 'application/octet-stream'];

  test('leaves sealed bytes and documents as they are', () => {
    expect(only('AWS::ApiGateway::RestApi').BinaryMediaTypes).toEqual(SEALED_TYPES);
  });

  test('has two routes, both with IAM, and asks for a nonce', () => {
    template.resourceCountIs('AWS::ApiGateway::Method', 2);
    template.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'GET',
      ResourceId: { Ref: Match.stringLikeRegexp('attestation') },
      RequestParameters: { 'method.request.querystring.nonce': true },
      RequestValidatorId: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      ResourceId: { Ref: Match.stringLikeRegexp('invocations') },
    });
    template.allResourcesProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestParameters: true });
  });

  test('has no schema, which nothing sealed could fit', () => {
    template.resourceCountIs('AWS::ApiGateway::Model', 0);
  });

  test('caches nothing and logs no body', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [Match.objectLike({ DataTraceEnabled: false, CachingEnabled: false, ThrottlingRateLimit: 50 })],
    });
  });
});

describe('who may call', () => {
  const ask = (principal: string | typeof ADMINISTRATOR, route: string, through = 'ApiEndpoint') =>
    evaluate(graph, {
      principal,
      action: 'execute-api:Invoke',
      resource: `${apiArn()}/live/${route}`,
      context: { 'aws:SourceVpce': through === 'ApiEndpoint' ? endpointId() : through },
    });
  const apiArn = () => `arn:aws:execute-api:${ENV.region}:${ENV.account}:${graph.at('PrivateApi/Api/Resource')}`;
  const endpointId = () => '';

  test.todo('is granted both routes');
});
