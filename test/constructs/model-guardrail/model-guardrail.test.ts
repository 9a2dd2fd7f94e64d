import { GuardrailPiiEntityType } from '@aws-sdk/client-bedrock';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as fc from 'fast-check';
import {
  type DeniedTopic,
  KeyRing,
  ModelGuardrail,
  type ModelGuardrailProps,
  Purpose,
  type SensitivePattern,
  WorkloadRole,
} from '../../../constructs';
import { PII_TYPES } from '../../../constructs/model-guardrail/pii-types';
import { ModelGuardrailExample } from '../../../examples/model-guardrail';
import { nagErrors } from '../../support/nag';

const PROFILE = 'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0';
const MODEL = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';

function guardrailIn(stack: Stack, props: Partial<ModelGuardrailProps> = {}): ModelGuardrail {
  const keys = new KeyRing(stack, 'Keys', { system: 'assistant', stage: 'dev', purposes: [Purpose.INFERENCE] });
  return new ModelGuardrail(stack, 'Guardrail', {
    guardrailName: 'assistant-dev',
    encryptionKey: keys.key(Purpose.INFERENCE),
    ...props,
  });
}

function templateOf(props: Partial<ModelGuardrailProps> = {}): Template {
  const stack = new Stack();
  guardrailIn(stack, props);
  return Template.fromStack(stack);
}

function roleIn(stack: Stack): WorkloadRole {
  return new WorkloadRole(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: 'Calls the model',
  });
}

/** The statements of the role's own policy. */
function statementsOf(stack: Stack): { Sid?: string; Effect: string; Condition?: unknown; Resource: unknown }[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy', {
    Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Role') }] },
  });
  return Object.values(policies)[0].Properties.PolicyDocument.Statement;
}

const versionIds = (template: Template) => Object.keys(template.findResources('AWS::Bedrock::GuardrailVersion'));

describe('default form', () => {
  const template = templateOf();

  test('prompt attacks are filtered from the input, harmful content both ways, at the highest strength', () => {
    template.hasResourceProperties('AWS::Bedrock::Guardrail', {
      ContentPolicyConfig: {
        FiltersConfig: [
          ...['HATE', 'INSULTS', 'MISCONDUCT', 'SEXUAL', 'VIOLENCE'].map((Type) => ({
            Type,
            InputStrength: 'HIGH',
            OutputStrength: 'HIGH',
          })),
          { Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' },
        ],
      },
    });
  });

  test('personal data, profanity and grounding are policed, under the key', () => {
    template.hasResourceProperties('AWS::Bedrock::Guardrail', {
      KmsKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysInference'), 'Arn'] },
      SensitiveInformationPolicyConfig: {
        PiiEntitiesConfig: Match.arrayWith([
          { Type: 'PASSWORD', Action: 'BLOCK' },
          { Type: 'EMAIL', Action: 'ANONYMIZE' },
        ]),
      },
      WordPolicyConfig: { ManagedWordListsConfig: [{ Type: 'PROFANITY' }] },
      ContextualGroundingPolicyConfig: {
        FiltersConfig: [
          { Type: 'GROUNDING', Threshold: 0.7 },
          { Type: 'RELEVANCE', Threshold: 0.7 },
        ],
      },
      TopicPolicyConfig: Match.absent(),
    });
  });

  test('private keys stop a message, and tokens are masked', () => {
    const [guardrail] = Object.values(template.findResources('AWS::Bedrock::Guardrail'));
    const [key, token] = guardrail.Properties.SensitiveInformationPolicyConfig.RegexesConfig;
    expect([key.Action, token.Action]).toEqual(['BLOCK', 'ANONYMIZE']);
    const pem = (label: string) => `-----BEGIN ${label}-----`;
    expect(
      ['PRIVATE KEY', 'RSA PRIVATE KEY', 'CERTIFICATE'].map((of) => new RegExp(key.Pattern).test(pem(of))),
    ).toEqual([true, true, false]);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = `${part({ alg: 'ES384' })}.${part({ sub: 'alice' })}.c2lnbmF0dXJl`;
    expect(`Bearer ${jwt} end`.replace(new RegExp(token.Pattern), '{TOKEN}')).toBe('Bearer {TOKEN} end');
  });

  test('whoever deploys may attach the key through Bedrock only', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:DescribeKey', 'kms:Decrypt', 'kms:GenerateDataKey'],
            Condition: {
              StringEquals: Match.objectLike({ 'kms:ViaService': Match.objectLike({ 'Fn::Join': Match.anyValue() }) }),
            },
          }),
        ]),
      },
    });
  });

  test('an alarm watches the share of calls that were stopped in this version', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 20,
      Metrics: Match.arrayWith([
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: {
              Namespace: 'AWS/Bedrock/Guardrails',
              MetricName: 'InvocationsIntervened',
              Dimensions: [
                { Name: 'GuardrailArn', Value: Match.anyValue() },
                { Name: 'GuardrailVersion', Value: Match.anyValue() },
              ],
            },
          }),
        }),
      ]),
    });
  });

  test('passes cdk-nag, which asks only for somebody to alarm', () => {
    const app = new App();
    guardrailIn(new Stack(app, 'Stack'));
    expect(nagErrors(app)).toEqual(['NIST.800.53.R5-CloudWatchAlarmAction Stack/Guardrail/InterventionRate/Resource']);
  });
});

describe('version', () => {
  test('the same configuration keeps its version, any change publishes another', () => {
    const [original] = versionIds(templateOf());
    expect(versionIds(templateOf())).toEqual([original]);
    const changes: Partial<ModelGuardrailProps>[] = [
      { groundingThreshold: 0.8 },
      { piiBlock: ['PIN'] },
      { deniedTopics: [{ name: 'Topic', definition: 'What belongs to it.' }] },
      { blockedMessage: 'No.' },
      { sensitivePatterns: [{ name: 'CUSTOMER', pattern: 'C-[0-9]{8}' }] },
    ];
    const others = changes.flatMap((change) => versionIds(templateOf(change)));
    expect(new Set([original, ...others]).size).toBe(changes.length + 1);
  });
});

describe('customised form', () => {
  test('topics, personal data, thresholds, message and alarm are as given', () => {
    const stack = new Stack();
    const topic = { name: 'Legal advice', definition: 'Advice on law.', examples: ['Can I sue?'] };
    guardrailIn(stack, {
      deniedTopics: [topic],
      piiBlock: ['EMAIL'],
      piiAnonymize: ['NAME'],
      sensitivePatterns: [
        { name: 'CUSTOMER', pattern: 'C-[0-9]{8}' },
        { name: 'CASE', pattern: 'X-[0-9]{8}', block: true },
      ],
      groundingThreshold: 0,
      relevanceThreshold: 0.99,
      blockedMessage: 'Not here.',
      interventionAlarmPercent: 5,
      alarmTopic: new sns.Topic(stack, 'Topic'),
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Bedrock::Guardrail', {
      BlockedInputMessaging: 'Not here.',
      BlockedOutputsMessaging: 'Not here.',
      TopicPolicyConfig: {
        TopicsConfig: [{ Name: topic.name, Definition: topic.definition, Examples: topic.examples, Type: 'DENY' }],
      },
      SensitiveInformationPolicyConfig: {
        PiiEntitiesConfig: [
          { Type: 'EMAIL', Action: 'BLOCK' },
          { Type: 'NAME', Action: 'ANONYMIZE' },
        ],
        RegexesConfig: [
          Match.objectLike({ Name: 'PRIVATE_KEY' }),
          Match.objectLike({ Name: 'TOKEN' }),
          { Name: 'CUSTOMER', Pattern: 'C-[0-9]{8}', Action: 'ANONYMIZE' },
          { Name: 'CASE', Pattern: 'X-[0-9]{8}', Action: 'BLOCK' },
        ],
      },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 5, AlarmActions: [Match.anyValue()] });
  });

  test('the example passes cdk-nag but for the ceiling of the boundary and the alarm that tells nobody', () => {
    const app = new App();
    new ModelGuardrailExample(app);
    expect(nagErrors(app)).toEqual([
      'AwsSolutions-IAM5[Resource::*] ModelGuardrailExample/WorkloadBoundary/Resource',
      'NIST.800.53.R5-CloudWatchAlarmAction ModelGuardrailExample/Guardrail/InterventionRate/Resource',
    ]);
  });
});

describe('grants', () => {
  test('applying carries the key', () => {
    const stack = new Stack();
    guardrailIn(stack).grantApply(roleIn(stack));
    expect(statementsOf(stack)).toEqual([
      expect.objectContaining({ Action: 'bedrock:ApplyGuardrail', Effect: 'Allow' }),
      expect.objectContaining({ Action: 'kms:Decrypt', Effect: 'Allow' }),
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Tags: [{ Key: 'palisade:key/dev/assistant/inference', Value: 'use' }],
    });
  });

  test('a call without this version of the guardrail is denied, whatever else allows it', () => {
    const stack = new Stack();
    const guardrail = guardrailIn(stack);
    const role = roleIn(stack);
    guardrail.denyUnguarded(role);
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [MODEL] }));
    expect(statementsOf(stack).slice(0, 1)).toEqual([
      {
        Sid: 'NoModelWithoutGuardrail',
        Effect: 'Deny',
        Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
        Resource: '*',
        Condition: {
          StringNotEquals: { 'bedrock:GuardrailIdentifier': stack.resolve(guardrail.versionedArn) },
        },
      },
    ]);
  });

  test('through a profile, models are reached by that profile alone', () => {
    const stack = new Stack();
    const guardrail = guardrailIn(stack);
    guardrail.grantGuardedInvoke(roleIn(stack), [MODEL], PROFILE);
    const guarded = { 'bedrock:GuardrailIdentifier': stack.resolve(guardrail.versionedArn) };
    const [deny, around, ...allowed] = statementsOf(stack);
    expect([deny.Effect, around.Effect]).toEqual(['Deny', 'Deny']);
    expect(allowed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Resource: PROFILE, Condition: { StringEquals: guarded } }),
        expect.objectContaining({
          Resource: MODEL,
          Condition: { StringEquals: { ...guarded, 'bedrock:InferenceProfileArn': PROFILE } },
        }),
      ]),
    );
  });
});

test('the types of personal data are those of the API', () => {
  expect([...PII_TYPES].sort()).toEqual(Object.values(GuardrailPiiEntityType).sort());
});

describe('bad input', () => {
  const topic = (change: Partial<DeniedTopic>): DeniedTopic => ({ name: 'Topic', definition: 'Text.', ...change });

  const pattern = (change: Partial<SensitivePattern>): SensitivePattern => ({ name: 'P', pattern: '1', ...change });

  test.each<[string, Partial<ModelGuardrailProps>]>([
    ['PALISADE-G001', { deniedTopics: [topic({ name: 'a'.repeat(101) })] }],
    ['PALISADE-G001', { deniedTopics: [topic({ name: '' })] }],
    ['PALISADE-G001', { deniedTopics: [topic({ definition: 'a'.repeat(201) })] }],
    ['PALISADE-G001', { deniedTopics: [topic({ definition: '' })] }],
    ['PALISADE-G001', { deniedTopics: [topic({ examples: ['a'.repeat(101)] })] }],
    ['PALISADE-G001', { deniedTopics: [topic({ examples: Array(6).fill('a') })] }],
    ['PALISADE-G001', { deniedTopics: Array.from({ length: 31 }, (_, index) => topic({ name: `T${index}` })) }],
    ['PALISADE-G002', { guardrailName: 'with space' }],
    ['PALISADE-G002', { guardrailName: 'a'.repeat(51) }],
    ['PALISADE-G002', { blockedMessage: '' }],
    ['PALISADE-G002', { blockedMessage: 'a'.repeat(501) }],
    ['PALISADE-G003', { groundingThreshold: 1 }],
    ['PALISADE-G003', { relevanceThreshold: -0.1 }],
    ['PALISADE-G003', { relevanceThreshold: Number.NaN }],
    ['PALISADE-G003', { interventionAlarmPercent: 0 }],
    ['PALISADE-G003', { interventionAlarmPercent: 100 }],
    ['PALISADE-G004', { piiBlock: ['EMAIL'] }],
    ['PALISADE-G004', { piiBlock: ['EMIAL'] }],
    ['PALISADE-G004', { piiAnonymize: ['email'] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({ name: '' })] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({ name: 'a'.repeat(101) })] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({ pattern: '' })] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({ pattern: 'a'.repeat(501) })] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({ pattern: '(?<!x)1' })] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({ pattern: '1(?=x)' })] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({}), pattern({})] }],
    ['PALISADE-G004', { sensitivePatterns: [pattern({ name: 'TOKEN' })] }],
    ['PALISADE-G004', { sensitivePatterns: Array.from({ length: 9 }, (_, index) => pattern({ name: `P${index}` })) }],
    ['PALISADE-G004', { piiBlock: ['PIN', 'PIN'], piiAnonymize: [] }],
  ])('%s for %p', (code, props) => {
    expect(() => templateOf(props)).toThrow(expect.objectContaining({ code }));
  });

  test('topics within the limits of Bedrock are taken', () => {
    const text = (maxLength: number) => fc.stringMatching(/^[a-zA-Z0-9 ]+$/, { maxLength }).filter((s) => s.length > 0);
    const topics = fc.array(
      fc.record({
        name: text(100),
        definition: text(200),
        examples: fc.array(text(100), { maxLength: 5 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(topics, (deniedTopics) => {
        expect(() => guardrailIn(new Stack(), { deniedTopics })).not.toThrow();
      }),
      { numRuns: 20 },
    );
  });
});
