import { Match, Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { REQUEST_SCHEMA } from '../../../runtime/gateway';
import { Surroundings } from './stacks';

/*
 * Controls whose loss the other tests of this folder would not see: values rather than presence.
 */

function templateOf(logRetention?: logs.RetentionDays): Template {
  const stack = new Surroundings();
  stack.serve(stack.endpointModel(), { rateLimit: 5, burstLimit: 7, logRetention });
  return Template.fromStack(stack);
}

const template = templateOf();
const STAGE = { Ref: Match.stringLikeRegexp('DeploymentStagelive') };
const ACL = { 'Fn::GetAtt': [Match.stringLikeRegexp('Acl'), 'Arn'] };

describe('the firewall', () => {
  test("is the one of the API's stage, and the one that is logged", () => {
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      WebACLArn: ACL,
      ResourceArn: { 'Fn::Join': ['', Match.arrayWith([STAGE])] },
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', { ResourceArn: ACL });
  });

  test('blocks what its rules find, and counts only where prompts look like attacks', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: [
        Match.objectLike({ OverrideAction: { None: {} } }),
        Match.objectLike({
          OverrideAction: { None: {} },
          Statement: {
            ManagedRuleGroupStatement: Match.objectLike({
              RuleActionOverrides: ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY'].map((Name) => ({
                Name,
                ActionToUse: { Count: {} },
              })),
            }),
          },
        }),
        Match.objectLike({
          Action: { Block: {} },
          Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 2000 } },
        }),
        Match.objectLike({ Action: { Block: {} } }),
      ],
    });
  });

  test('keeps no samples, which would show prompts in the console', () => {
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    expect(JSON.stringify(acl).match(/"SampledRequestsEnabled":(true|false)/g)).toEqual(
      Array(5).fill('"SampledRequestsEnabled":false'),
    );
  });
});

describe('the API', () => {
  test('checks the schema that the gateway agrees with', () => {
    template.hasResourceProperties('AWS::ApiGateway::Model', {
      ContentType: 'application/json',
      Schema: { ...REQUEST_SCHEMA, $schema: Match.anyValue() },
    });
  });

  test('throttles in its plan too', () => {
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      ApiStages: [Match.objectLike({ Stage: STAGE })],
      Throttle: { RateLimit: 5, BurstLimit: 7 },
    });
  });

  test('says of each call what became of it, and nothing of what was said or by whom', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    const format: Record<string, string> = JSON.parse(stage.Properties.AccessLogSetting.Format);
    expect(Object.keys(format)).toEqual(expect.arrayContaining(['requestId', 'time', 'status', 'vpcEndpoint']));
    expect(Object.values(format).join(' ')).not.toMatch(
      /body|payload|requestOverride|querystring|header|identity\.(?!vpceId)/i,
    );
  });

  test.each([
    [undefined, 180],
    [logs.RetentionDays.ONE_YEAR, 365],
  ])('keeps every log, for %p', (retention, days) => {
    const groups = Object.values(templateOf(retention).findResources('AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual(Array(5).fill(days));
  });
});

describe("the endpoint's role", () => {
  const [policy] = Object.values(
    template.findResources('AWS::IAM::ManagedPolicy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^InferenceEndpointRole') }] },
    }),
  );
  const statementAbout = (action: string) =>
    policy.Properties.PolicyDocument.Statement.find((statement: { Action: string | string[] }) =>
      [statement.Action].flat().includes(action),
    );
  const subnets = [1, 2, 3].map((number) => ({
    'Fn::Join': [
      '',
      [
        'arn:aws:ec2:eu-west-1:111122223333:subnet/',
        { Ref: expect.stringMatching(`^VpcisolatedSubnet${number}Subnet`) },
      ],
    ],
  }));

  test('attaches to its own subnets and its own group, and detaches there alone', () => {
    expect(statementAbout('ec2:CreateNetworkInterface').Resource).toEqual(expect.arrayContaining(subnets));
    expect(JSON.stringify(statementAbout('ec2:CreateNetworkInterface').Resource)).toContain('security-group/');
    expect(statementAbout('ec2:DeleteNetworkInterface').Condition).toEqual({ ArnEquals: { 'ec2:Subnet': subnets } });
  });

  test('lends the key to AWS services only, and writes metrics of SageMaker only', () => {
    expect(statementAbout('kms:CreateGrant').Condition).toEqual({ Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    expect(statementAbout('cloudwatch:PutMetricData').Condition).toEqual({
      StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*'] },
    });
  });

  test('writes captures, and reads none', () => {
    expect(JSON.stringify(statementAbout('s3:PutObject').Resource)).toContain('/captures/*');
    expect(statementAbout('s3:DeleteObject')).toBeUndefined();
  });
});
