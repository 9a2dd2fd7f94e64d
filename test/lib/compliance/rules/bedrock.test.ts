import { type Template, TemplateGraph } from '../../../../lib/analysis';
import { evaluateRules } from '../../../../lib/compliance/engine';
import type { MinimalTemplate } from '../../../../lib/compliance/rule';
import { BEDROCK_RULES } from '../../../../lib/compliance/rules/bedrock';
import { bedrockAgentAliasPinned } from '../../../../lib/compliance/rules/bedrock/agent-alias-pinned';
import { bedrockAgentCmk } from '../../../../lib/compliance/rules/bedrock/agent-cmk';
import { bedrockAgentHumanConfirmation } from '../../../../lib/compliance/rules/bedrock/agent-human-confirmation';
import { bedrockAgentSessionBounds } from '../../../../lib/compliance/rules/bedrock/agent-session-bounds';
import { bedrockAutomatedReasoning } from '../../../../lib/compliance/rules/bedrock/automated-reasoning';
import { bedrockDataSourceDeletionPolicy } from '../../../../lib/compliance/rules/bedrock/data-source-deletion-policy';
import { bedrockDataSourceTrusted } from '../../../../lib/compliance/rules/bedrock/data-source-trusted';
import { bedrockFlowGuarded } from '../../../../lib/compliance/rules/bedrock/flow-guarded';
import { bedrockGuardrailCrossRegion } from '../../../../lib/compliance/rules/bedrock/guardrail-cross-region';
import { bedrockGuardrailEnforced } from '../../../../lib/compliance/rules/bedrock/guardrail-enforced';
import { bedrockGuardrailGrounding } from '../../../../lib/compliance/rules/bedrock/guardrail-grounding';
import { bedrockGuardrailHarmFilters } from '../../../../lib/compliance/rules/bedrock/guardrail-harm-filters';
import { bedrockGuardrailPii } from '../../../../lib/compliance/rules/bedrock/guardrail-pii';
import { bedrockGuardrailPromptAttack } from '../../../../lib/compliance/rules/bedrock/guardrail-prompt-attack';
import { bedrockGuardrailVersionPinned } from '../../../../lib/compliance/rules/bedrock/guardrail-version-pinned';
import { bedrockIamGuardrailCondition } from '../../../../lib/compliance/rules/bedrock/iam-guardrail-condition';
import { bedrockIamModelAllowList } from '../../../../lib/compliance/rules/bedrock/iam-model-allow-list';
import { bedrockInvocationLogging } from '../../../../lib/compliance/rules/bedrock/invocation-logging';
import { bedrockKnowledgeBaseStoreEncrypted } from '../../../../lib/compliance/rules/bedrock/knowledge-base-store-encrypted';
import { bedrockKnowledgeBaseStorePrivate } from '../../../../lib/compliance/rules/bedrock/knowledge-base-store-private';
import { bedrockPromptNoSecrets } from '../../../../lib/compliance/rules/bedrock/prompt-no-secrets';
import { bedrockPromptVersioned } from '../../../../lib/compliance/rules/bedrock/prompt-versioned';
import { bedrockResourcePolicyNoWildcard } from '../../../../lib/compliance/rules/bedrock/resource-policy-no-wildcard';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(BEDROCK_RULES);

const one = (type: string, Properties: object): MinimalTemplate => ({ It: { Type: `AWS::${type}`, Properties } });
const guardrail = (properties: object) => one('Bedrock::Guardrail', properties);
const tags = (values: Record<string, string>) =>
  Object.entries(values).map(([key, Value]) => ({ Key: `ai:${key}`, Value }));
const stack = (name: string, Resources: MinimalTemplate) => ({
  ...{ stack: name, region: 'eu-west-1', file: `${name}.json` },
  template: { Resources } as Template,
});
const FILTERS = 'ContentPolicyConfig.FiltersConfig';
const UNKNOWN = { 'Fn::Unheard': 1 };

describe('the prompt-attack filter', () => {
  const attack = (filter: object) =>
    verdict(
      bedrockGuardrailPromptAttack,
      guardrail({
        ContentPolicyConfig: { FiltersConfig: [{ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', ...filter }] },
      }),
    );

  test('that only detects does not block', () => {
    expect(attack({ InputAction: 'BLOCK' })).toBe('compliant');
    expect(attack({ InputAction: 'NONE' })).toEqual([FILTERS]);
    expect(attack({ InputEnabled: false })).toEqual([FILTERS]);
  });

  test('blocks at full strength', () => {
    expect(attack({ InputStrength: 'MEDIUM' })).toEqual([FILTERS]);
    expect(attack({ InputStrength: UNKNOWN })).toEqual([`unresolved ${FILTERS}`]);
  });
});

describe('filters of harmful content', () => {
  const harms = ['HATE', 'INSULTS', 'MISCONDUCT', 'SEXUAL', 'VIOLENCE'];
  const filters = (change: object) =>
    guardrail({
      ContentPolicyConfig: {
        FiltersConfig: harms.map((Type) => ({
          ...{ Type, InputStrength: 'MEDIUM', OutputStrength: 'HIGH' },
          ...(Type === 'SEXUAL' ? change : {}),
        })),
      },
    });

  test.each([
    [{ InputStrength: 'LOW' }],
    [{ OutputStrength: 'NONE' }],
    [{ InputAction: 'NONE' }],
    [{ OutputAction: 'NONE' }],
    [{ OutputEnabled: 'false' }],
    [{ Type: 'HATE' }],
  ])('are no shield with %j on one of them', (change) => {
    expect(verdict(bedrockGuardrailHarmFilters, filters({}))).toBe('compliant');
    expect(judge(bedrockGuardrailHarmFilters, filters(change)).violations).toMatchObject([
      { message: 'found no SEXUAL filter that blocks both ways with strength MEDIUM or HIGH' },
    ]);
  });
});

describe('personal data', () => {
  const ENTITIES = 'SensitiveInformationPolicyConfig.PiiEntitiesConfig';
  const pii = (Entity: object, value = 'personal') =>
    verdict(
      bedrockGuardrailPii,
      guardrail({
        Tags: tags({ 'data-class': value }),
        SensitiveInformationPolicyConfig: { PiiEntitiesConfig: [Entity] },
      }),
    );

  test('is asked of guardrails that say they see it', () => {
    expect(pii({ Type: 'NAME', Action: 'NONE' }, 'public')).toBe('not applicable');
    expect(pii({ Type: 'NAME', Action: 'NONE' }, 'public personal')).toEqual([`${ENTITIES}.0.Action`]);
  });

  test('may come in, and must not go out', () => {
    expect(pii({ Type: 'NAME', Action: 'ANONYMIZE', InputEnabled: false })).toBe('compliant');
    expect(pii({ Type: 'NAME', Action: 'ANONYMIZE', OutputAction: 'NONE' })).toEqual([`${ENTITIES}.0.OutputAction`]);
  });

  test('masking is not enough for a password', () => {
    expect(pii({ Type: 'PASSWORD', Action: 'ANONYMIZE' })).toEqual([`${ENTITIES}.0.Action`]);
  });

  test('patterns alone are no list of types', () => {
    const RegexesConfig = [{ Name: 'customer', Pattern: 'C[0-9]{8}', Action: 'BLOCK' }];
    const only = guardrail({
      Tags: tags({ 'data-class': 'personal' }),
      SensitiveInformationPolicyConfig: { RegexesConfig },
    });
    expect(verdict(bedrockGuardrailPii, only)).toEqual([ENTITIES]);
  });

  test('stays in the Region: no cross-Region guardrail, no cross-Region inference profile', () => {
    const Tags = tags({ 'data-class': 'personal' });
    const CrossRegionConfig = {
      GuardrailProfileArn: 'arn:aws:bedrock:eu-west-1:111122223333:guardrail-profile/eu.guardrail.v1:0',
    };
    expect(verdict(bedrockGuardrailCrossRegion, guardrail({ Tags, CrossRegionConfig }))).toEqual(['CrossRegionConfig']);
    expect(verdict(bedrockGuardrailCrossRegion, guardrail({ Tags }))).toBe('compliant');
    expect(verdict(bedrockGuardrailCrossRegion, guardrail({ CrossRegionConfig }))).toBe('not applicable');
  });
});

describe('contextual grounding', () => {
  const POLICY = 'ContextualGroundingPolicyConfig.FiltersConfig';
  const policy = (change: object) => ({
    ContextualGroundingPolicyConfig: {
      FiltersConfig: [
        { Type: 'GROUNDING', Threshold: 0.75, ...change },
        { Type: 'RELEVANCE', Threshold: 0.7 },
      ],
    },
  });

  test('is asked of a system with a knowledge base, in whatever stack', () => {
    const Tags = { 'ai:system-id': 'help', 'ai:stage': 'prod' };
    const apart = (of: Record<string, string>) =>
      evaluateRules(
        new TemplateGraph([
          stack('Data', { Base: { Type: 'AWS::Bedrock::KnowledgeBase', Properties: { Tags } } }),
          stack('Answers', guardrail({ Tags: tags(of) })),
        ]),
        [bedrockGuardrailGrounding],
      )[0].violations.map(({ property }) => property);
    expect(apart({ 'system-id': 'help', stage: 'prod' })).toEqual([POLICY, POLICY]);
    expect(apart({ 'system-id': 'help', stage: 'dev' })).toEqual([]);
    expect(apart({ 'system-id': 'sales', stage: 'prod' })).toEqual([]);
  });

  test('is judged wherever it is configured', () => {
    expect(verdict(bedrockGuardrailGrounding, guardrail({}))).toBe('not applicable');
    expect(verdict(bedrockGuardrailGrounding, guardrail(policy({})))).toBe('compliant');
  });

  test.each([[{ Threshold: 0.5 }], [{ Action: 'NONE' }], [{ Enabled: false }]])('does not hold with %j', (change) => {
    expect(verdict(bedrockGuardrailGrounding, guardrail(policy(change)))).toEqual([POLICY]);
  });
});

test('automated reasoning is recommended to those who state high impact only', () => {
  const stated = (impact: string) => guardrail({ Tags: tags({ impact }) });
  expect(verdict(bedrockAutomatedReasoning, stated('high'))).toEqual(['AutomatedReasoningPolicyConfig.Policies']);
  expect(verdict(bedrockAutomatedReasoning, stated('limited'))).toBe('not applicable');
  expect(verdict(bedrockAutomatedReasoning, guardrail({}))).toBe('not applicable');
});

describe('a version', () => {
  const VERSION = 'GuardrailConfiguration.GuardrailVersion';
  const resources = {
    Guard: { Type: 'AWS::Bedrock::Guardrail', Properties: {} },
    Published: { Type: 'AWS::Bedrock::GuardrailVersion', Properties: {} },
  };
  const agent = (GuardrailVersion: unknown) => ({
    ...resources,
    It: {
      Type: 'AWS::Bedrock::Agent',
      Properties: { GuardrailConfiguration: { GuardrailIdentifier: { Ref: 'Guard' }, GuardrailVersion } },
    },
  });

  test('that a reference gives is published, unless it is the attribute of the draft', () => {
    const of = (id: string) => verdict(bedrockGuardrailVersionPinned, agent({ 'Fn::GetAtt': [id, 'Version'] }));
    expect(of('Published')).toBe('compliant');
    expect(of('Guard')).toEqual([VERSION]);
    expect(verdict(bedrockGuardrailVersionPinned, agent(UNKNOWN))).toEqual([`unresolved ${VERSION}`]);
  });

  test('of an agent without a guardrail is missing with it', () => {
    expect(verdict(bedrockGuardrailVersionPinned, one('Bedrock::Agent', {}))).toEqual(['GuardrailConfiguration']);
  });

  test('is asked of aliases in production; one without a route gets a version from Bedrock', () => {
    const alias = (properties: object) => verdict(bedrockAgentAliasPinned, one('Bedrock::AgentAlias', properties));
    const RoutingConfiguration = [{ AgentVersion: 'DRAFT' }];
    expect(alias({})).toBe('not applicable');
    expect(alias({ RoutingConfiguration })).toEqual(['RoutingConfiguration.0.AgentVersion']);
    expect(alias({ RoutingConfiguration, Tags: { 'ai:stage': 'dev' } })).toBe('not applicable');
  });

  test('of a flow is a draft when the flow itself gives it', () => {
    const alias = (id: string) => ({
      Flow: { Type: 'AWS::Bedrock::Flow', Properties: {} },
      Version: { Type: 'AWS::Bedrock::FlowVersion', Properties: {} },
      It: {
        Type: 'AWS::Bedrock::FlowAlias',
        Properties: { RoutingConfiguration: [{ FlowVersion: { 'Fn::GetAtt': [id, 'Version'] } }] },
      },
    });
    expect(verdict(bedrockAgentAliasPinned, alias('Version'))).toBe('compliant');
    expect(verdict(bedrockAgentAliasPinned, alias('Flow'))).toEqual(['RoutingConfiguration.0.FlowVersion']);
  });
});

test('an enforced guardrail sees whole messages of every model', () => {
  const enforced = (properties: object) =>
    verdict(bedrockGuardrailEnforced, changed(bedrockGuardrailEnforced.compliant, 'Enforced', properties));
  expect(enforced({ ModelEnforcement: { IncludedModels: ['ALL'], ExcludedModels: [] } })).toBe('compliant');
  expect(enforced({ SelectiveContentGuarding: { Messages: 'COMPREHENSIVE', System: 'SELECTIVE' } })).toBe('compliant');
  expect(enforced({ SelectiveContentGuarding: { Messages: 'SELECTIVE' } })).toEqual([
    'SelectiveContentGuarding.Messages',
  ]);
  expect(enforced({ GuardrailVersion: 'DRAFT' })).toEqual(['GuardrailVersion']);
  expect(enforced({ ModelEnforcement: { ExcludedModels: UNKNOWN } })).toEqual([
    'unresolved ModelEnforcement.ExcludedModels',
  ]);
});

describe('who calls a model', () => {
  const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
  const MODEL = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
  const ARN = 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/abcdefghijkl';
  const equals = (value: unknown) => ({ StringEquals: { 'bedrock:GuardrailIdentifier': value } });
  const allow = (change: object = {}) => ({
    ...{ Effect: 'Allow', Action: INVOKE, Resource: MODEL, Condition: equals(`${ARN}:1`) },
    ...change,
  });
  const deny = (change: object = {}) => ({
    ...{ Effect: 'Deny', Action: INVOKE, Resource: '*' },
    Condition: { StringNotEquals: { 'bedrock:GuardrailIdentifier': `${ARN}:1` } },
    ...change,
  });
  const policy = (...Statement: object[]) => one('IAM::ManagedPolicy', { PolicyDocument: { Statement } });
  const AT = 'PolicyDocument.Statement.0';
  const condition = (...statements: object[]) => verdict(bedrockIamGuardrailCondition, policy(...statements));

  describe('names a guardrail', () => {
    test.each([
      ['no condition', allow({ Condition: undefined })],
      [
        'an operator that a call without a guardrail passes',
        allow({ Condition: { StringEqualsIfExists: equals(ARN).StringEquals } }),
      ],
      ['another key', allow({ Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } } })],
      ['the draft', allow({ Condition: equals(ARN) })],
      ['the draft by name', allow({ Condition: equals(`${ARN}:DRAFT`) })],
      ['any version', allow({ Condition: { StringLike: equals(`${ARN}:*`).StringEquals } })],
      ['one of two without a version', allow({ Condition: equals([`${ARN}:1`, ARN]) })],
      ['a wildcard action', { Effect: 'Allow', Action: 'bedrock:Invoke*', Resource: MODEL }],
      ['every action', { Effect: 'Allow', Action: '*', Resource: '*' }],
      ['everything but a list of resources', { Effect: 'Allow', Action: INVOKE[0], NotResource: MODEL }],
    ])('and not with %s', (_, statement) => {
      expect(condition(allow(), deny())).toBe('compliant');
      expect(condition(statement, deny(), allow())).toEqual([AT]);
    });

    test.each([
      ['there is none', deny({ Effect: 'Allow' })],
      ['it leaves streams out', deny({ Action: INVOKE[0] })],
      ['it is for another model', deny({ Resource: `${MODEL}x` })],
      ['a call without a guardrail does not meet it', deny({ Condition: equals(`${ARN}:1`) })],
      [
        'it holds at some addresses only',
        deny({ Condition: { ...deny().Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      ],
      ['it denies all and so says nothing of guardrails', deny({ Condition: undefined })],
    ])('with a Deny beside it: not where %s', (_, statement) => {
      expect(condition(allow(), statement)).toContain(AT);
    });

    test.each([
      [deny({ Action: 'bedrock:*' })],
      [deny({ Resource: [MODEL] })],
      [deny({ Condition: { Null: { 'bedrock:GuardrailIdentifier': 'true' } } })],
      [deny({ Condition: { ArnNotLikeIfExists: { 'BEDROCK:guardrailidentifier': `${ARN}:*` } } })],
    ])('with a Deny beside it: %j holds', (statement) => {
      expect(condition(allow(), statement)).toBe('compliant');
    });

    test('in another policy of the same role, or in its boundary', () => {
      const role = (properties: object) => ({ Type: 'AWS::IAM::Role', Properties: properties });
      const attached = (statement: object) => ({
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'Caller' }], PolicyDocument: { Statement: [statement] } },
      });
      const apart = { Caller: role({}), Allow: attached(allow()), Deny: attached(deny()) };
      const Bound = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [deny()] } } };
      const bounded = { Caller: role({ PermissionsBoundary: { Ref: 'Bound' } }), Allow: attached(allow()), Bound };
      expect(verdict(bedrockIamGuardrailCondition, apart)).toBe('compliant');
      expect(verdict(bedrockIamGuardrailCondition, bounded)).toBe('compliant');
      expect(verdict(bedrockIamGuardrailCondition, { ...apart, Deny: attached(allow()) })).toEqual([AT, AT]);
    });

    test('that the template publishes, or else its draft', () => {
      const published = (id: string) => ({
        Guard: { Type: 'AWS::Bedrock::Guardrail', Properties: {} },
        Version: { Type: 'AWS::Bedrock::GuardrailVersion', Properties: {} },
        ...policy(allow({ Condition: equals({ 'Fn::Sub': `\${Guard.GuardrailArn}:\${${id}.Version}` }) }), deny()),
      });
      expect(verdict(bedrockIamGuardrailCondition, published('Version'))).toBe('compliant');
      expect(verdict(bedrockIamGuardrailCondition, published('Guard'))).toEqual([AT]);
      expect(condition(allow({ Condition: equals(UNKNOWN) }), deny())).toEqual([`unresolved ${AT}`]);
    });

    test('unless there is nothing to guard: vectors, other services, other resources of Bedrock', () => {
      const bare = (Resource: string, Action = 'bedrock:InvokeModel') =>
        condition({ Effect: 'Allow', Action, Resource });
      expect(bare('arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0')).toBe('not applicable');
      expect(bare('arn:aws:s3:::bucket', '*')).toBe('not applicable');
      expect(bare('arn:aws:bedrock:eu-west-1:111122223333:knowledge-base/KB12345678', 'bedrock:*')).toBe(
        'not applicable',
      );
      expect(bare(MODEL, 'bedrock:GetFoundationModel')).toBe('not applicable');
      expect(bare('arn:aws:bedrock:*:*:inference-profile/*')).toEqual([AT]);
    });

    test('unless Bedrock itself assumes the role', () => {
      const role = (Service: string) =>
        verdict(
          bedrockIamGuardrailCondition,
          one('IAM::Role', {
            AssumeRolePolicyDocument: {
              Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
            },
            Policies: [{ PolicyDocument: { Statement: [allow({ Condition: undefined })] } }],
          }),
        );
      expect(role('bedrock.amazonaws.com')).toBe('not applicable');
      expect(role('lambda.amazonaws.com')).toEqual(['Policies.0.PolicyDocument.Statement.0']);
    });

    test('and a policy that only bounds roles grants nothing', () => {
      const ceiling = { ...policy(allow({ Condition: undefined, Resource: '*' })) };
      const role = (property: string, value: unknown) => ({
        ...ceiling,
        Caller: { Type: 'AWS::IAM::Role', Properties: { [property]: value } },
      });
      expect(verdict(bedrockIamGuardrailCondition, role('PermissionsBoundary', { Ref: 'It' }))).toBe('not applicable');
      expect(verdict(bedrockIamModelAllowList, role('PermissionsBoundary', { Ref: 'It' }))).toBe('not applicable');
      expect(verdict(bedrockIamGuardrailCondition, role('ManagedPolicyArns', [{ Ref: 'It' }]))).toEqual([AT]);
    });
  });

  describe('calls models from a list', () => {
    const list = (Resource: unknown, Action: string | string[] = INVOKE) =>
      verdict(bedrockIamModelAllowList, policy({ Effect: 'Allow', Action, Resource }));

    test.each([
      '*',
      'arn:aws:bedrock:*',
      'arn:aws:bedrock:eu-west-1:111122223333:*',
      'arn:aws:bedrock:*::foundation-model/*',
      'arn:aws:bedrock:*:*:*',
    ])('and %s is none', (resource) => {
      expect(list([MODEL, resource])).toEqual([AT]);
    });

    test('which may hold profiles and families', () => {
      expect(list('arn:aws:bedrock:*::foundation-model/amazon.nova-*')).toBe('compliant');
      expect(list('arn:aws:bedrock:eu-west-1:111122223333:inference-profile/*')).toBe('compliant');
      expect(list({ 'Fn::Unheard': 1 })).toEqual([`unresolved ${AT}`]);
    });

    test('by no other way', () => {
      expect(list('*', 'bedrock:CallWithBearerToken')).toEqual([AT]);
      expect(list('*', ['bedrock-mantle:CreateInference', 'bedrock-mantle:Get*'])).toEqual([AT, AT]);
      expect(list('*', 'bedrock:ListFoundationModels')).toBe('not applicable');
    });
  });
});

test('invocation logs are encrypted with a key of the owner, where the assembly has the log group and the bucket', () => {
  const logging = (log: object, bucket: object) => ({
    Log: { Type: 'AWS::Logs::LogGroup', Properties: log },
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [bucket] } },
    },
    Logging: {
      Type: 'Custom::BedrockInvocationLogging',
      Properties: {
        LogGroupName: { Ref: 'Log' },
        LargeDataBucket: { Ref: 'Bucket' },
        RoleArn: 'arn:aws:iam::1:role/r',
      },
    },
  });
  const encrypted = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/own' } };
  const managed = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' } };
  expect(verdict(bedrockInvocationLogging, logging({ KmsKeyId: 'key' }, encrypted))).toBe('compliant');
  expect(verdict(bedrockInvocationLogging, logging({}, encrypted))).toEqual(['LogGroupName']);
  expect(verdict(bedrockInvocationLogging, logging({ KmsKeyId: 'key' }, managed))).toEqual(['LargeDataBucket']);
});

describe('an agent', () => {
  const GROUP = { ActionGroupName: 'orders' };
  const agent = (group: object) =>
    verdict(bedrockAgentHumanConfirmation, one('Bedrock::Agent', { ActionGroups: [{ ...GROUP, ...group }] }));
  const calling = (...names: string[]) => ({ FunctionSchema: { Functions: names.map((Name) => ({ Name })) } });
  const CONFIRMATION = 'ActionGroups.0.FunctionSchema.Functions.0.RequireConfirmation';

  test.each(['cancelOrder', 'delete-account', 'transfer_funds', 'pay'])('asks before it does %s', (name) => {
    expect(agent(calling(name))).toEqual([CONFIRMATION]);
  });

  test.each(['getOrder', 'payments_list', 'setup_guide', 'search', 'address_lookup', 'postcode'])(
    'does %s without asking',
    (name) => {
      expect(agent(calling(name))).toBe('not applicable');
    },
  );

  test('may return control instead of asking', () => {
    const control = { ActionGroupExecutor: { CustomControl: 'RETURN_CONTROL' } };
    expect(agent({ ...calling('cancel'), ...control })).toBe('compliant');
    expect(agent({ ...calling('cancel'), ActionGroupExecutor: { Lambda: 'arn' } })).toEqual([CONFIRMATION]);
  });

  test('whose confirmation comes from elsewhere is neither broken nor proven', () => {
    const Functions = [{ Name: 'cancel', RequireConfirmation: UNKNOWN }];
    expect(agent({ FunctionSchema: { Functions } })).toEqual([`unresolved ${CONFIRMATION}`]);
  });

  test('runs no code of its own, unless that is switched off', () => {
    const interpreter = { ParentActionGroupSignature: 'AMAZON.CodeInterpreter' };
    expect(agent(interpreter)).toEqual(['ActionGroups.0.ParentActionGroupSignature']);
    expect(agent({ ...interpreter, ActionGroupState: 'DISABLED' })).toBe('not applicable');
    expect(agent({ ParentActionGroupSignature: 'AMAZON.UserInput' })).toBe('not applicable');
  });

  test('forgets by default, and is asked only where it says otherwise', () => {
    const bounds = (properties: object) => verdict(bedrockAgentSessionBounds, one('Bedrock::Agent', properties));
    expect(bounds({})).toBe('not applicable');
    expect(bounds({ MemoryConfiguration: { EnabledMemoryTypes: ['SESSION_SUMMARY'] } })).toBe('compliant');
    expect(bounds({ MemoryConfiguration: { StorageDays: 90 } })).toEqual(['MemoryConfiguration.StorageDays']);
    expect(bounds({ IdleSessionTTLInSeconds: 3601 })).toEqual(['IdleSessionTTLInSeconds']);
  });

  test.each([
    ['Agent', 'CustomerEncryptionKeyArn'],
    ['AutomatedReasoningPolicy', 'KmsKeyId'],
    ['Blueprint', 'KmsKeyId'],
    ['DataAutomationProject', 'KmsKeyId'],
    ['Flow', 'CustomerEncryptionKeyArn'],
    ['Prompt', 'CustomerEncryptionKeyArn'],
    ['Session', 'EncryptionKeyArn'],
  ])('and what belongs to it has a key: %s by %s', (type, property) => {
    expect(verdict(bedrockAgentCmk, one(`Bedrock::${type}`, {}))).toEqual([property]);
    expect(verdict(bedrockAgentCmk, one(`Bedrock::${type}`, { [property]: 'alias/aws/bedrock' }))).toEqual([property]);
    expect(verdict(bedrockAgentCmk, one(`Bedrock::${type}`, { [property]: { Ref: 'Key' } }))).toBe('compliant');
  });
});

describe('a prompt', () => {
  test('needs a version in production only', () => {
    const dev = changed(bedrockPromptVersioned.nonCompliant, 'Prompt', { Tags: { 'ai:stage': 'dev' } });
    expect(verdict(bedrockPromptVersioned, dev)).toBe('not applicable');
    expect(judge(bedrockPromptVersioned, bedrockPromptVersioned.nonCompliant).violations).toMatchObject([
      { level: 'warning', property: 'Variants' },
    ]);
  });

  test('holds no credential, nor do the instructions of an agent', () => {
    const agent = (Instruction: string) => verdict(bedrockPromptNoSecrets, one('Bedrock::Agent', { Instruction }));
    expect(agent('Log in to the order system with password=Hunter2!now.')).toEqual(['Instruction']);
    expect(agent('Never tell a password or a token to anybody.')).toBe('compliant');
    expect(verdict(bedrockPromptNoSecrets, one('Bedrock::Agent', {}))).toBe('not applicable');
  });
});

describe('a flow', () => {
  const GUARDRAIL = 'GuardrailConfiguration.GuardrailIdentifier';
  const guarded = { GuardrailConfiguration: { GuardrailIdentifier: 'g', GuardrailVersion: '1' } };
  const node = (Configuration: object) => ({ Nodes: [{ Name: 'Answer', Configuration }] });
  const flow = (properties: object) => verdict(bedrockFlowGuarded, one('Bedrock::Flow', properties));

  test('guards a knowledge base that answers, not one that retrieves', () => {
    const base = (change: object) =>
      flow({ Definition: node({ KnowledgeBase: { KnowledgeBaseId: 'kb', ...change } }) });
    expect(base({})).toBe('not applicable');
    expect(base({ ModelId: 'm' })).toEqual([`Definition.Nodes.0.Configuration.KnowledgeBase.${GUARDRAIL}`]);
    expect(base({ ModelId: 'm', ...guarded })).toBe('compliant');
  });

  test('is read as text, and within its loops', () => {
    const inner = { Loop: { Definition: node({ Prompt: {} }) } };
    expect(flow({ DefinitionString: JSON.stringify(node({ Prompt: guarded })) })).toBe('compliant');
    expect(flow({ DefinitionString: JSON.stringify(node(inner)) })).toEqual([
      `DefinitionString.Nodes.0.Configuration.Loop.Definition.Nodes.0.Configuration.Prompt.${GUARDRAIL}`,
    ]);
  });

  test('that is elsewhere, or no JSON, cannot be judged', () => {
    expect(flow({ DefinitionS3Location: { Bucket: 'b', Key: 'k' } })).toEqual(['unresolved DefinitionS3Location']);
    expect(flow({ DefinitionString: 'Nodes: []' })).toEqual(['unresolved DefinitionString']);
    expect(flow({ Definition: { Nodes: UNKNOWN } })).toEqual(['unresolved Definition.Nodes']);
  });
});

describe('a data source', () => {
  const source = (properties: object) => ({ Type: 'AWS::Bedrock::DataSource', Properties: properties });

  test('of personal data, by its knowledge base or its bucket, erases', () => {
    const Tags = tags({ 'data-class': 'personal' });
    const from = (properties: object, DataDeletionPolicy?: string) => ({
      Base: { Type: 'AWS::Bedrock::KnowledgeBase', Properties: { Tags: { 'ai:data-class': 'personal' } } },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags } },
      Source: source({ ...(DataDeletionPolicy && { DataDeletionPolicy }), ...properties }),
    });
    const BucketArn = { 'Fn::GetAtt': ['Bucket', 'Arn'] };
    const inBucket = { DataSourceConfiguration: { Type: 'S3', S3Configuration: { BucketArn } } };
    expect(verdict(bedrockDataSourceDeletionPolicy, from({}, 'RETAIN'))).toBe('not applicable');
    expect(verdict(bedrockDataSourceDeletionPolicy, from(inBucket, 'RETAIN'))).toEqual(['DataDeletionPolicy']);
    expect(verdict(bedrockDataSourceDeletionPolicy, from({ KnowledgeBaseId: { Ref: 'Base' } }, 'RETAIN'))).toEqual([
      'DataDeletionPolicy',
    ]);
    expect(verdict(bedrockDataSourceDeletionPolicy, from(inBucket, 'DELETE'))).toBe('compliant');
    expect(verdict(bedrockDataSourceDeletionPolicy, from(inBucket))).toBe('compliant');
  });

  test('names the owner of a bucket that the assembly does not make', () => {
    const from = (BucketArn: unknown) => ({
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
      Source: source({ DataSourceConfiguration: { Type: 'S3', S3Configuration: { BucketArn } } }),
    });
    expect(verdict(bedrockDataSourceTrusted, from({ 'Fn::GetAtt': ['Bucket', 'Arn'] }))).toBe('compliant');
    expect(verdict(bedrockDataSourceTrusted, from('arn:aws:s3:::documents'))).toEqual([
      'DataSourceConfiguration.S3Configuration.BucketOwnerAccountId',
    ]);
  });

  test('is no crawler; services with a login of their own are not judged', () => {
    const of = (Type: unknown) =>
      verdict(bedrockDataSourceTrusted, { Source: source({ DataSourceConfiguration: { Type } }) });
    expect(of('WEB')).toEqual(['DataSourceConfiguration.Type']);
    expect(of('CONFLUENCE')).toBe('not applicable');
    expect(of(UNKNOWN)).toEqual(['unresolved DataSourceConfiguration.Type']);
  });
});

describe('the store behind a knowledge base', () => {
  const inAi = (type: string, properties: object) => ({
    Base: { Type: 'AWS::Bedrock::KnowledgeBase', Properties: {} },
    ...one(type, properties),
  });
  const encrypted = (type: string, properties: object) =>
    verdict(bedrockKnowledgeBaseStoreEncrypted, inAi(type, properties));
  const reached = (type: string, properties: object) =>
    verdict(bedrockKnowledgeBaseStorePrivate, inAi(type, properties));
  const aoss = (Type: string, Policy: unknown) => ({
    Type,
    Policy: typeof Policy === 'string' ? Policy : JSON.stringify(Policy),
  });

  test('has a key of its own, or leaves that to the resource above it', () => {
    const KmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/own';
    expect(encrypted('S3Vectors::VectorBucket', {})).toEqual([
      'EncryptionConfiguration.SseType',
      'EncryptionConfiguration.KmsKeyArn',
    ]);
    expect(encrypted('S3Vectors::Index', {})).toBe('not applicable');
    expect(encrypted('S3Vectors::Index', { EncryptionConfiguration: { SseType: 'AES256', KmsKeyArn } })).toEqual([
      'EncryptionConfiguration.SseType',
    ]);
    expect(encrypted('OpenSearchServerless::Collection', {})).toBe('not applicable');
    expect(encrypted('OpenSearchServerless::Collection', { EncryptionConfig: { AWSOwnedKey: true } })).toEqual([
      'EncryptionConfig.KmsKeyArn',
    ]);
    expect(encrypted('OpenSearchServerless::Collection', { EncryptionConfig: { KmsKeyArn } })).toBe('compliant');
  });

  test('that Bedrock manages has a key too', () => {
    const KnowledgeBaseConfiguration = { Type: 'MANAGED', ManagedKnowledgeBaseConfiguration: {} };
    expect(
      verdict(bedrockKnowledgeBaseStoreEncrypted, one('Bedrock::KnowledgeBase', { KnowledgeBaseConfiguration })),
    ).toEqual([
      'KnowledgeBaseConfiguration.ManagedKnowledgeBaseConfiguration.ServerSideEncryptionConfiguration.KmsKeyArn',
    ]);
  });

  test('gets its key from an encryption policy', () => {
    const policy = (Policy: unknown, type = 'encryption') =>
      encrypted('OpenSearchServerless::SecurityPolicy', aoss(type, Policy));
    const KmsARN = 'arn:aws:kms:eu-west-1:111122223333:key/own';
    expect(policy({ Rules: [], AWSOwnedKey: false, KmsARN })).toBe('compliant');
    expect(policy({ Rules: [], AWSOwnedKey: true })).toEqual(['Policy']);
    expect(policy({ Rules: [] })).toEqual(['Policy']);
    expect(policy('not JSON')).toEqual(['unresolved Policy']);
    expect(policy([{ AllowFromPublic: false }], 'network')).toBe('not applicable');
  });

  test('is closed to the internet by every block of its network policy', () => {
    const policy = (...blocks: object[]) => reached('OpenSearchServerless::SecurityPolicy', aoss('network', blocks));
    expect(policy({ SourceVPCEs: ['vpce-1'] })).toBe('compliant');
    expect(policy({ SourceVPCEs: ['vpce-1'] }, { AllowFromPublic: true })).toEqual(['Policy']);
    expect(reached('OpenSearchServerless::SecurityPolicy', aoss('encryption', {}))).toBe('not applicable');
  });

  test.each([
    ['arn:aws:iam::111122223333:role/kb', 'compliant'],
    ['arn:aws:iam::111122223333:role/*', ['Policy']],
    ['arn:aws:iam::111122223333:root', ['Policy']],
    ['*', ['Policy']],
  ])('lets in %s: %j', (principal, expected) => {
    expect(
      reached('OpenSearchServerless::AccessPolicy', aoss('data', [{ Rules: [], Principal: [principal] }])),
    ).toEqual(expected);
  });

  test('of S3 has no policy for everyone', () => {
    const policy = (Principal: unknown) => ({
      Statement: [{ Effect: 'Allow', Principal, Action: 's3vectors:*', Resource: '*' }],
    });
    expect(reached('S3Vectors::VectorBucketPolicy', { Policy: policy('*') })).toEqual(['Policy']);
    expect(reached('S3Vectors::VectorBucketPolicy', { Policy: JSON.stringify(policy({ AWS: '*' })) })).toEqual([
      'Policy',
    ]);
    expect(reached('S3Vectors::VectorBucketPolicy', { Policy: policy({ Service: 'bedrock.amazonaws.com' }) })).toBe(
      'compliant',
    );
  });

  test('of a stack without AI is nobody of ours', () => {
    expect(
      verdict(
        bedrockKnowledgeBaseStorePrivate,
        one('OpenSearchServerless::SecurityPolicy', aoss('network', [{ AllowFromPublic: true }])),
      ),
    ).toBe('not applicable');
  });
});

test('a policy of a Bedrock resource may be for everyone of the organization, and may be a text', () => {
  const policy = (Condition?: object) => ({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'bedrock:*', Resource: '*', Condition }],
  });
  const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };
  const of = (type: string, properties: object) => verdict(bedrockResourcePolicyNoWildcard, one(type, properties));
  expect(of('Bedrock::ResourcePolicy', { PolicyDocument: policy(organization) })).toBe('compliant');
  expect(of('BedrockAgentCore::ResourcePolicy', { Policy: JSON.stringify(policy()) })).toEqual(['Policy']);
  expect(of('Bedrock::KnowledgeBasePolicy', { PolicyDocument: policy() })).toEqual(['PolicyDocument']);
  expect(of('Bedrock::KnowledgeBasePolicy', { PolicyDocument: UNKNOWN })).toEqual(['unresolved PolicyDocument']);
});
