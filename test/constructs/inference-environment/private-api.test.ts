import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ApiGatewayLogging, WorkloadRole } from '../../../constructs';
import { unboundedParts } from '../../../lib/compliance/rules/application/request-schema';
import { nagErrors } from '../../support/nag';
import { Surroundings } from './stacks';

const stack = new Surroundings();
const environment = stack.serve(stack.bedrockModel());
environment.grantInvoke(
  new WorkloadRole(stack, 'App', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    description: 'Calls',
  }),
);
const template = Template.fromStack(stack);
const ENDPOINT = { Ref: Match.stringLikeRegexp('^ApiEndpoint') };

describe('the API', () => {
  test('is private, and bound to the endpoint', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: 'dev-scoring-inference',
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: [ENDPOINT] },
    });
  });

  test('denies whoever comes another way, and allows only the principals of the account', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Policy: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'execute-api:Invoke',
            Resource: 'execute-api:/*',
            Condition: { StringNotEquals: { 'aws:SourceVpce': ENDPOINT } },
          }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:root' },
            Condition: { StringEquals: { 'aws:SourceVpce': ENDPOINT } },
          }),
        ],
      },
    });
  });

  test('has the ways in of a language model, each with IAM and a schema that refuses what it does not know', () => {
    const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));
    expect(methods.map(({ Properties }) => Properties.HttpMethod).sort()).toEqual(['GET', 'POST', 'POST', 'POST']);
    template.allResourcesProperties('AWS::ApiGateway::Method', {
      AuthorizationType: 'AWS_IAM',
      RequestValidatorId: { Ref: Match.stringLikeRegexp('Form') },
    });
    for (const { Properties } of methods) {
      expect(Properties.RequestModels !== undefined).toBe(Properties.HttpMethod === 'POST');
    }
    for (const { Properties } of Object.values(template.findResources('AWS::ApiGateway::Model'))) {
      expect(unboundedParts(Properties.Schema)).toEqual([]);
    }
    template.hasResourceProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestBody: true });
    template.hasResourceProperties('AWS::ApiGateway::Model', {
      Schema: {
        additionalProperties: false,
        required: ['input'],
        properties: {
          input: { type: 'string', minLength: 1, maxLength: 32_768 },
          context: { type: 'string', minLength: 1, maxLength: 32_768 },
        },
      },
    });
  });

  test.each([
    ['tools, which no schema bounds', { toolCalling: true }, (of: Surroundings) => of.bedrockModel(), '"tools"'],
    ['data of any form', { invocations: true }, (of: Surroundings) => of.endpointModel(), '"PathPart":"invocations"'],
  ])('takes %s, only where it is asked to', (_, props, model, word) => {
    const judged = (asked: object) => {
      const other = new Surroundings();
      other.serve(model(other), asked);
      const { Resources } = Template.fromStack(other).toJSON();
      const api = Object.values(Resources as Record<string, { Type: string }>).filter(({ Type }) =>
        Type.startsWith('AWS::ApiGateway::'),
      );
      return JSON.stringify(api).includes(word);
    };
    expect([judged({}), judged(props)]).toEqual([false, true]);
  });

  test.each([
    ['tools for a tabular model', { toolCalling: true }, (of: Surroundings) => of.endpointModel()],
    ['data for a language model', { invocations: true }, (of: Surroundings) => of.bedrockModel()],
  ])('refuses %s', (_, props, model) => {
    const other = new Surroundings();
    expect(() => other.serve(model(other), props)).toThrow(expect.objectContaining({ code: 'PALISADE-I021' }));
  });

  test('is throttled, not cached, and logs no body', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: {
        DestinationArn: Match.anyValue(),
        Format: Match.not(Match.stringLikeRegexp('userArn|caller|body')),
      },
      MethodSettings: [
        Match.objectLike({
          HttpMethod: '*',
          ResourcePath: '/*',
          LoggingLevel: 'ERROR',
          DataTraceEnabled: false,
          CachingEnabled: false,
          ThrottlingRateLimit: 50,
          ThrottlingBurstLimit: 100,
        }),
      ],
    });
  });

  test('keeps its execution log under the key, made before the stage', () => {
    const [log] = Object.keys(
      template.findResources('AWS::Logs::LogGroup', {
        Properties: { LogGroupName: { 'Fn::Join': ['', Match.arrayWith(['API-Gateway-Execution-Logs_'])] } },
      }),
    );
    template.hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([log]) });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() });
  });

  test('is called by nobody but API Gateway, and not from the console', () => {
    template.resourceCountIs('AWS::Lambda::Permission', 4);
  });

  test('makes no account-wide log setting of its own', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('opens to a caller by a permission on its ways in', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^App') }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: 'execute-api:Invoke',
            Resource: ['GET/v1/models', 'POST/invoke', 'POST/model/*/converse', 'POST/v1/chat/completions'].map(
              (way) => ({
                'Fn::Join': ['', Match.arrayWith([`/live/${way}`])],
              }),
            ),
          }),
        ],
      },
    });
  });
});

describe('the firewall', () => {
  const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
  const ruleNames = acl.Properties.Rules.map(({ Name }: { Name: string }) => Name);

  test('stands in front of the stage', () => {
    template.hasResource('AWS::WAFv2::WebACLAssociation', {
      Properties: { WebACLArn: Match.anyValue(), ResourceArn: Match.anyValue() },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('DeploymentStage')]),
    });
  });

  test("has AWS's rules, a rate per address, and a limit at what it inspects", () => {
    expect(ruleNames).toEqual([
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
      'RatePerAddress',
      'WholeBodyInspected',
    ]);
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } } },
      Rules: Match.arrayWith([
        Match.objectLike({
          Action: { Block: {} },
          Statement: {
            SizeConstraintStatement: Match.objectLike({
              FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
              ComparisonOperator: 'GT',
              Size: 65_536,
            }),
          },
        }),
      ]),
    });
  });

  test('logs without signatures and tokens', () => {
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'x-amz-security-token' } }],
    });
  });

  test('under a name that a retained log of an earlier stack has not taken', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', ['aws-waf-logs-', { Ref: Match.stringLikeRegexp('Api') }]] },
    });
  });
});

describe('account-wide log setting', () => {
  test('is retained with its role, its policy and the boundary, and bound to logs of the account', () => {
    const app = new App();
    const foundation = new Stack(app, 'Stack');
    new ApiGatewayLogging(foundation, 'Logging');
    const logging = Template.fromStack(foundation);
    for (const type of ['AWS::ApiGateway::Account', 'AWS::IAM::Role', 'AWS::IAM::ManagedPolicy']) {
      logging.allResources(type, { DeletionPolicy: 'Retain' });
    }
    logging.hasResource('AWS::ApiGateway::Account', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('RolePermissions')]),
    });
    expect(nagErrors(app)).toEqual([
      'AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:*] Stack/Logging/Role/Permissions/Resource',
    ]);
  });
});
