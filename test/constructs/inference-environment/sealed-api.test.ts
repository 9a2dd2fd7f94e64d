import { Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { WorkloadRole } from '../../../constructs';
import { RULES } from '../../../lib/compliance';
import { evaluateRules } from '../../../lib/compliance/engine';
import { graphOf } from '../../support/graph';
import { evaluate } from '../../support/iam';
import { nagErrors } from '../../support/nag';
import { appWithFlags, ENV, Surroundings } from './stacks';

const app = appWithFlags();
const stack = new Surroundings(app);
const environment = stack.serve(stack.enclaveModel(), {
  alarmTopic: new sns.Topic(stack, 'Topic'),
  gatewayConcurrency: 7,
});
const [caller] = ['App', 'Stranger'].map(
  (name) =>
    new WorkloadRole(stack, name, {
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: name,
    }),
);
environment.grantInvoke(caller);
Tags.of(app).add('ai:system-id', 'scoring');
const template = Template.fromStack(stack);
const graph = graphOf(app);

function only(type: string) {
  const found = Object.values(template.findResources(type));
  expect(found).toHaveLength(1);
  return found[0].Properties;
}

function named(prefix: string) {
  return { Ref: Match.stringLikeRegexp(`^InferencePrivateApi${prefix}`) };
}

describe('the API', () => {
  const api = only('AWS::ApiGateway::RestApi');

  test('leaves what is sealed as it is, and documents too', () => {
    expect(api.BinaryMediaTypes).toEqual(['application/vnd.palisade.sealed', 'application/octet-stream']);
  });

  test('is private, and reached through one endpoint by principals of the account', () => {
    expect(api.EndpointConfiguration.Types).toEqual(['PRIVATE']);
    const endpoint = { 'aws:SourceVpce': { Ref: expect.stringMatching('^ApiEndpoint') } };
    expect(api.Policy.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Principal: { AWS: '*' }, Condition: { StringNotEquals: endpoint } }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Condition: { StringEquals: endpoint },
      }),
    ]);
  });

  test('has two routes, each with IAM, and takes no question without a nonce', () => {
    template.resourceCountIs('AWS::ApiGateway::Method', 2);
    template.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'GET',
      ResourceId: named('attestation'),
      RequestParameters: { 'method.request.querystring.nonce': true },
      RequestValidatorId: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      ResourceId: named('invocations'),
    });
    template.allResourcesProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestParameters: true });
  });

  test('has no schema: nothing sealed would fit one', () => {
    template.resourceCountIs('AWS::ApiGateway::Model', 0);
  });

  test('is throttled, caches nothing and logs no body', () => {
    const [settings] = only('AWS::ApiGateway::Stage').MethodSettings;
    expect(settings).toMatchObject({
      HttpMethod: '*',
      ResourcePath: '/*',
      DataTraceEnabled: false,
      CachingEnabled: false,
      ThrottlingRateLimit: 50,
      ThrottlingBurstLimit: 100,
    });
  });
});

describe('the permission to call', () => {
  const ask = (principal: string, route: string) => {
    const [{ arn }] = graph.ofType('AWS::ApiGateway::RestApi');
    const api = arn.slice(arn.lastIndexOf('/') + 1);
    const resource = `arn:aws:execute-api:${ENV.region}:${ENV.account}:${api}/live/${route}`;
    return evaluate(graph, { principal, action: 'execute-api:Invoke', resource });
  };

  test.each(['GET/attestation', 'POST/invocations'])('lets whoever has it ask %s', async (route) => {
    expect(await ask('App', route)).toBe('allow');
    expect(await ask('Stranger', route)).toBe('deny (implicit)');
  });

  test.each(['POST/attestation', 'GET/invocations', 'POST/invoke', 'POST/invocations/x'])(
    'says nothing of %s',
    async (route) => {
      expect(await ask('App', route)).toBe('deny (implicit)');
    },
  );
});

describe('the firewall', () => {
  const acl = only('AWS::WAFv2::WebACL');
  const rule = (wanted: string) => acl.Rules.find(({ Name }: { Name: string }) => Name === wanted);
  const counted = (name: string): string[] =>
    rule(name).Statement.ManagedRuleGroupStatement.RuleActionOverrides.map((override: Record<string, unknown>) => {
      expect(override.ActionToUse).toEqual({ Count: {} });
      return override.Name;
    });

  test('blocks by address, and by what is not the body', () => {
    expect(acl.Rules.map(({ Name }: { Name: string }) => Name)).toEqual([
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
      'RatePerAddress',
    ]);
    expect(rule('RatePerAddress')).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 2000 } },
    });
    for (const name of ['AWSManagedRulesKnownBadInputsRuleSet', 'AWSManagedRulesCommonRuleSet']) {
      expect(rule(name).OverrideAction).toEqual({ None: {} });
    }
  });

  test('stops nothing for what sealed bytes happen to look like, nor for their length', () => {
    expect(counted('AWSManagedRulesKnownBadInputsRuleSet')).toEqual([
      'JavaDeserializationRCE_BODY',
      'Log4JRCE_BODY',
      'ReactJSRCE_BODY',
    ]);
    expect(counted('AWSManagedRulesCommonRuleSet')).toEqual([
      'CrossSiteScripting_BODY',
      'EC2MetaDataSSRF_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'SizeRestrictions_BODY',
    ]);
    expect(acl).not.toHaveProperty('AssociationConfig');
  });

  test('stands before the stage, and its log has no signatures', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      WebACLArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Acl'), 'Arn'] },
      ResourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('DeploymentStagelive') }])] },
    });
    const redacted = only('AWS::WAFv2::LoggingConfiguration').RedactedFields;
    expect(redacted).toContainEqual({ SingleHeader: { Name: 'authorization' } });
  });
});

describe('the gateway', () => {
  const gateway = only('AWS::Lambda::Function');
  const groupOf = (prefix: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${prefix}[0-9A-F]{8}$`), 'GroupId'] });
  const OWN = groupOf('InferenceSealedGroup');

  test('knows the fleet, and where to record', () => {
    expect(gateway.Environment.Variables).toEqual({
      ACCOUNT: '111122223333',
      ENCLAVE_NAME: 'dev-scoring-enclaves',
      ENCLAVE_URL: 'http://fleet.internal',
      PSEUDONYM_KEY: expect.anything(),
      RECORDS_BUCKET: 'evidence',
      SYSTEM: 'scoring',
    });
    expect(gateway).toMatchObject({
      Description: 'Answers calls of scoring',
      ReservedConcurrentExecutions: 7,
      Timeout: 29,
    });
  });

  test('is the one that cannot read', () => {
    template.hasResourceProperties('AWS::IAM::Role', { Description: 'Runs enclave-gateway' });
  });

  test('is let through to the fleet by a group of its own, beside that of its tier', () => {
    expect(gateway.VpcConfig.SecurityGroupIds).toEqual([groupOf('Group'), OWN]);
    const rules = (type: string, own: string, other: string) =>
      Object.values(template.findResources(type))
        .filter(({ Properties }) => Properties.FromPort !== 443)
        .map(({ Properties: { FromPort, ToPort, IpProtocol, ...ends } }) => ({
          port: [IpProtocol, FromPort, ToPort],
          at: ends[own],
          other: ends[other],
        }));
    const port = ['tcp', 80, 80];
    expect(rules('AWS::EC2::SecurityGroupIngress', 'GroupId', 'SourceSecurityGroupId')).toEqual([
      { port, at: groupOf('Balancer'), other: OWN },
    ]);
    expect(rules('AWS::EC2::SecurityGroupEgress', 'GroupId', 'DestinationSecurityGroupId')).toEqual([
      { port, at: OWN, other: groupOf('Balancer') },
    ]);
  });

  test('has no other way out by that group: without an inline rule, EC2 lets everything out', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Gateway of one AI system: to the balancer of its enclaves',
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })],
      SecurityGroupIngress: Match.absent(),
    });
  });

  test('may record, make pseudonyms and decrypt its own settings, and calls no model by IAM', () => {
    const statements = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
      .filter(({ Properties }) => JSON.stringify(Properties.Roles ?? []).includes('GatewayRole'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect([...new Set(statements.flatMap(({ Action }) => Action))].sort()).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'kms:GenerateMac',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'sqs:SendMessage',
    ]);
  });

  test('is stopped and watched as any other', () => {
    template.resourceCountIs('AWS::SSM::Document', 2);
    for (const MetricName of ['5XXError', 'Errors', 'Latency']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, AlarmActions: [Match.anyValue()] });
    }
    expect(environment.endpoint).toBeUndefined();
  });
});

test('the fleet may be of another stack', () => {
  const split = appWithFlags();
  const gateways = new Surroundings(split);
  const vpc = new ec2.Vpc(new Stack(split, 'Fleets', { env: ENV }), 'Vpc');
  gateways.serve(gateways.enclaveModel(vpc));
  Template.fromStack(gateways).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: { 'Fn::ImportValue': Match.stringLikeRegexp('^Fleets') },
    SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^InferenceSealedGroup'), 'GroupId'] },
  });
});

describe('the packs', () => {
  /** What the test's own surroundings lack is not counted. */
  const inInference = (path: string) => path.startsWith('Stack/Inference/');

  test('two rules of ours find what sealing takes away: somebody who looks into bodies', () => {
    const found = evaluateRules(graph, RULES).flatMap(({ rule, violations, unresolvable }) =>
      [...violations, ...unresolvable]
        .filter(({ resource: { path } }) => inInference(path))
        .map(({ resource: { path } }) => `${rule.id} ${path}`),
    );
    // Its test VPC has no endpoints.
    expect(found.filter((finding) => !finding.startsWith('NetworkRequiredEndpoints '))).toEqual([
      'ApiValidated Stack/Inference/PrivateApi/Api/Default/invocations/POST/Resource',
      'ApiWaf Stack/Inference/PrivateApi/Firewall/Acl',
    ]);
  });

  test('cdk-nag finds what it finds of every inference API', () => {
    expect(nagErrors(app).filter((finding) => inInference(finding.split(' ')[1]))).toEqual([
      'AwsSolutions-COG4 Stack/Inference/PrivateApi/Api/Default/attestation/GET/Resource',
      'AwsSolutions-COG4 Stack/Inference/PrivateApi/Api/Default/invocations/POST/Resource',
      'AwsSolutions-IAM5[Resource::arn:aws:s3:::evidence/records/scoring/*] Stack/Inference/GatewayRole/Permissions/Resource',
      'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted Stack/Inference/PrivateApi/Api/DeploymentStage.live/Resource',
    ]);
  });
});
