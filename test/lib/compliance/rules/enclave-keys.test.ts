import * as fc from 'fast-check';
import type { MinimalTemplate, Rule } from '../../../../lib/compliance/rule';
import { enclaveDeploymentBinding } from '../../../../lib/compliance/rules/enclave/deployment-binding';
import { ACCOUNT, attested, keyWith, unattestedDenied } from '../../../../lib/compliance/rules/enclave/examples';
import { enclaveKeyContext } from '../../../../lib/compliance/rules/enclave/key-context';
import { enclaveKeyPolicyOwner } from '../../../../lib/compliance/rules/enclave/key-policy-owner';
import { enclaveKeySingleRegion } from '../../../../lib/compliance/rules/enclave/key-single-region';
import { enclaveKeyUseAlarmed } from '../../../../lib/compliance/rules/enclave/key-use-alarmed';
import { enclaveMeasurementsAgree } from '../../../../lib/compliance/rules/enclave/measurements-agree';
import { enclaveRolloutBounded } from '../../../../lib/compliance/rules/enclave/rollout-bounded';
import { enclaveSignerWithImage } from '../../../../lib/compliance/rules/enclave/signer-with-image';
import { changed, judge, verdict } from '../../../support/rules';

const RULES = [
  enclaveDeploymentBinding,
  enclaveKeyContext,
  enclaveKeyPolicyOwner,
  enclaveKeySingleRegion,
  enclaveKeyUseAlarmed,
  enclaveMeasurementsAgree,
  enclaveRolloutBounded,
  enclaveSignerWithImage,
];

const DIGESTS = ['a1', 'b2', 'c3', 'd4', 'e5'].map((digit) => digit.repeat(48));
const [OLD, NEW] = DIGESTS;
const HOST = 'arn:aws:iam::111122223333:role/enclave-host';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deploy';

const at = (register: string) => `kms:RecipientAttestation:${register}`;

/** An Allow to the host's role, under conditions of one's own. */
function allow(Action: string | string[], Condition?: object, AWS: string | object = HOST) {
  return { Sid: 'Given', Effect: 'Allow', Principal: { AWS }, Action, Resource: '*', ...(Condition && { Condition }) };
}

/** A Deny for everyone. */
function deny(Action: string | string[], Condition?: object, others: object = {}) {
  return {
    Sid: 'Held',
    Effect: 'Deny',
    Principal: '*',
    Action,
    Resource: '*',
    ...(Condition && { Condition }),
    ...others,
  };
}

/** A Deny for everyone whose document has another value than these in a register. */
function denyUnless(register: string, values: unknown, Action: string | string[] = 'kms:Decrypt') {
  return deny(Action, { StringNotEqualsIgnoreCase: { [at(register)]: values } });
}

const pinned = (pins: Record<string, unknown>, Action: string | string[] = 'kms:Decrypt') =>
  allow(Action, {
    StringEqualsIgnoreCase: Object.fromEntries(Object.entries(pins).map(([register, value]) => [at(register), value])),
  });

const FIRST = ['KeyPolicy.Statement.0'];
const SECOND = ['KeyPolicy.Statement.1'];

/** What a rule says of a key with these statements. */
const says =
  (rule: Rule) =>
  (...statements: object[]) =>
    verdict(rule, keyWith(...statements));

describe('keys that are for no enclave', () => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s has nothing to say of them', (_, rule) => {
    const keys: MinimalTemplate[] = [
      keyWith(ACCOUNT),
      keyWith(),
      keyWith(allow('kms:Decrypt', { StringEquals: { [at('NitroTPMPCR4')]: OLD, [at('NitroTPMPCR12')]: OLD } })),
      { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { 'Fn::Unheard': 1 } } } },
      { Key: { Type: 'AWS::KMS::Key' } },
    ];
    expect(new Set(keys.map((key) => verdict(rule, key)))).toEqual(new Set(['not applicable']));
  });
});

describe('policies of any shape', () => {
  const text = fc.constantFrom('Allow', 'Deny', '*', 'kms:*', 'kms:Decrypt', HOST, OLD, at('PCR0'), at('PCR3'), 'Null');
  const operator = fc.constantFrom('StringEquals', 'StringNotEqualsIgnoreCase', 'StringLike', 'Null', 'ArnNotEquals');
  const block = fc.dictionary(
    fc.constantFrom(at('ImageSha384'), at('PCR8'), at('PCR3'), 'aws:PrincipalArn', 'kms:EncryptionContext:system'),
    fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), fc.constant({ 'Fn::Unheard': 1 })),
  );
  const statement = fc.record(
    {
      Sid: text,
      Effect: fc.constantFrom('Allow', 'Deny', 'allow'),
      Principal: fc.oneof(text, fc.dictionary(fc.constantFrom('AWS', 'Service', 'Federated'), text)),
      NotPrincipal: text,
      Action: fc.oneof(text, fc.array(text, { maxLength: 3 })),
      NotAction: text,
      Condition: fc.oneof(fc.dictionary(operator, block), fc.jsonValue({ maxDepth: 3 })),
    },
    { requiredKeys: ['Effect'] },
  );
  const policy = fc.record({ Statement: fc.oneof(statement, fc.array(statement, { maxLength: 4 }), fc.jsonValue()) });

  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s judges them without an exception', (_, rule) => {
    const template = (KeyPolicy: object) => ({ Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy } } });
    fc.assert(
      fc.property(policy, (KeyPolicy) => {
        judge(rule, template(KeyPolicy));
      }),
      { numRuns: 150 },
    );
  });
});

describe('EnclaveMeasurementsAgree', () => {
  const agree = says(enclaveMeasurementsAgree);

  test('a set of generations, in statements of their own and in one Deny, in any order and case', () => {
    expect(
      agree(
        pinned({ ImageSha384: OLD }),
        pinned({ PCR0: NEW.toUpperCase() }),
        denyUnless('ImageSha384', [NEW, OLD], ['kms:Decrypt', 'kms:GenerateDataKey']),
      ),
    ).toBe('compliant');
  });

  test('a measurement that only one side names is found, and the message says which side', () => {
    const Key = keyWith(pinned({ ImageSha384: NEW }), denyUnless('PCR0', [OLD]));
    expect(judge(enclaveMeasurementsAgree, Key).violations.map(({ property, message }) => [property, message])).toEqual(
      [
        ['KeyPolicy.Statement.1', expect.stringMatching(/^statement 'Held' refuses, against an Allow, .*PCR0 b2b2/)],
        ['KeyPolicy.Statement.1', expect.stringMatching(/^statement 'Held' exempts, without an Allow, .*PCR0 a1a1/)],
      ],
    );
  });

  test('a withdrawn image that a Deny still exempts', () => {
    expect(agree(pinned({ PCR0: NEW }), denyUnless('PCR0', [OLD, NEW]))).toEqual(SECOND);
  });

  test('an image that is denied by its value is admitted by nobody', () => {
    const revoked = deny('kms:Decrypt', { StringEquals: { [at('PCR0')]: NEW } });
    expect(agree(pinned({ PCR0: OLD }), denyUnless('PCR0', OLD), revoked)).toBe('compliant');
  });

  test('each register is compared with itself', () => {
    const image = pinned({ ImageSha384: OLD, PCR3: NEW });
    expect(agree(image, denyUnless('ImageSha384', OLD), denyUnless('PCR3', NEW))).toBe('compliant');
    expect(agree(image, denyUnless('ImageSha384', OLD), denyUnless('PCR3', OLD))).toEqual([
      'KeyPolicy.Statement.2',
      'KeyPolicy.Statement.2',
    ]);
    expect(agree(image, denyUnless('PCR1', OLD))).toBe('not applicable');
  });

  test('statements about different actions have nothing to agree on', () => {
    expect(agree(pinned({ PCR0: NEW }, 'kms:Encrypt'), denyUnless('PCR0', OLD))).toBe('not applicable');
    expect(agree(pinned({ PCR0: NEW }, 'kms:*'), denyUnless('PCR0', OLD, 'kms:GenerateDataKey*'))).toHaveLength(2);
    const { Action: _, ...rest } = denyUnless('PCR0', OLD);
    expect(agree(pinned({ PCR0: NEW }), { ...rest, NotAction: 'kms:Encrypt' })).toHaveLength(2);
  });

  test('what is no list of admitted values is not compared', () => {
    expect(agree(allow('kms:Decrypt', { StringNotEquals: { [at('PCR0')]: NEW } }), denyUnless('PCR0', OLD))).toBe(
      'not applicable',
    );
    expect(agree(pinned({ PCR0: NEW }), deny('kms:Decrypt', { Null: { [at('PCR0')]: 'true' } }))).toBe(
      'not applicable',
    );
  });

  test('a value that only a deployment knows cannot be compared', () => {
    const unknown = { 'Fn::Unheard': 1 };
    expect(agree(pinned({ PCR0: unknown }), denyUnless('PCR0', OLD))).toEqual(['unresolved KeyPolicy.Statement.1']);
    expect(agree(pinned({ PCR0: OLD }), denyUnless('PCR0', [OLD, unknown]))).toEqual([
      'unresolved KeyPolicy.Statement.1',
    ]);
  });
});

describe('EnclaveDeploymentBinding', () => {
  const bound = says(enclaveDeploymentBinding);

  test.each(['PCR3', 'PCR4'])('%s binds, in the Allow or by a Deny', (register) => {
    expect(bound(pinned({ ImageSha384: OLD, [register]: NEW }))).toBe('compliant');
    expect(bound(pinned({ ImageSha384: OLD }), denyUnless(register, NEW))).toBe('compliant');
    expect(bound(ACCOUNT, denyUnless('PCR0', OLD), denyUnless(register, NEW))).toBe('compliant');
  });

  test('image and signer do not', () => {
    expect(bound(pinned({ ImageSha384: OLD, PCR8: NEW }))).toEqual(FIRST);
    expect(bound(ACCOUNT, denyUnless('PCR0', OLD))).toEqual(FIRST);
  });

  test.each([
    ['another operator', { StringEqualsIfExists: { [at('PCR3')]: NEW } }],
    ['a wildcard', { StringLike: { [at('PCR3')]: '*' } }],
    ['a denial of the value itself', { StringNotEquals: { [at('PCR3')]: NEW } }],
  ])('%s does not', (_, condition) => {
    expect(bound(allow('kms:Decrypt', { StringEquals: { [at('PCR0')]: OLD }, ...condition }))).toEqual(FIRST);
  });

  test.each([
    ['for one action', denyUnless('PCR3', NEW, 'kms:GenerateDataKey')],
    ['for all actions but this one', { ...denyUnless('PCR3', NEW), Action: undefined, NotAction: 'kms:Decrypt' }],
    ['of one role', deny('kms:Decrypt', { StringEquals: { [at('PCR3')]: NEW } })],
    ['with a way out', deny('kms:Decrypt', { StringNotEquals: { [at('PCR3')]: NEW, [at('PCR0')]: OLD } })],
    ['with two operators', deny('kms:Decrypt', { StringNotEquals: { [at('PCR3')]: NEW }, Bool: { 'aws:x': 'true' } })],
    [
      'for another account',
      deny('kms:Decrypt', { StringNotEquals: { [at('PCR3')]: NEW } }, { Principal: '444455556666' }),
    ],
    [
      'for all but one',
      deny('kms:Decrypt', { StringNotEquals: { [at('PCR3')]: NEW } }, { Principal: undefined, NotPrincipal: HOST }),
    ],
  ])('a Deny %s does not', (_, denial) => {
    expect(bound(pinned({ ImageSha384: OLD }), denial)).toEqual(FIRST);
  });

  test('a Deny for the account of the role does', () => {
    const denial = { ...denyUnless('PCR3', NEW), Principal: { AWS: '111122223333' } };
    expect(bound(pinned({ ImageSha384: OLD }), denial)).toBe('compliant');
  });

  test('producers of data keys are asked for no enclave, and so for none of this', () => {
    const producer = allow('kms:GenerateDataKey', undefined, 'arn:aws:iam::111122223333:role/producer');
    expect(bound(pinned({ ImageSha384: OLD, PCR3: NEW }), producer)).toBe('compliant');
  });

  test('a finding names every action of its statement, once', () => {
    const Key = keyWith(pinned({ ImageSha384: OLD }, ['kms:GenerateDataKey', 'kms:Decrypt']));
    expect(judge(enclaveDeploymentBinding, Key).violations.map(({ message }) => message)).toEqual([
      "statement 'Given' allows kms:Decrypt, kms:GenerateDataKey to the image wherever it runs: it asks for neither PCR3 nor PCR4",
    ]);
  });
});

describe('EnclaveSignerWithImage', () => {
  const identified = says(enclaveSignerWithImage);

  test.each([[['ImageSha384']], [['PCR0']], [['PCR1', 'PCR2']]])('PCR8 with %j says which image', (registers) => {
    const pins = Object.fromEntries(['PCR8', ...registers].map((register) => [register, OLD]));
    expect(identified(pinned(pins))).toBe('compliant');
    expect(identified(pinned({ PCR8: OLD }), ...registers.map((register) => denyUnless(register, OLD)))).toBe(
      'compliant',
    );
  });

  test.each([[['PCR8']], [['PCR8', 'PCR1']], [['PCR8', 'PCR2', 'PCR3']], [['PCR8', 'PCR4']]])('%j does not', (pins) => {
    expect(identified(pinned(Object.fromEntries(pins.map((pin) => [pin, OLD]))))).toEqual(FIRST);
    expect(identified(ACCOUNT, ...pins.map((register) => denyUnless(register, OLD)))).toEqual(FIRST);
  });

  test('a Deny that asks for the signer or the image asks for neither', () => {
    const either = deny('kms:Decrypt', { StringNotEquals: { [at('PCR8')]: OLD, [at('PCR0')]: OLD } });
    expect(identified(pinned({ PCR8: OLD }), either)).toEqual(FIRST);
  });

  test('a key without PCR8 is none of its business', () => {
    expect(identified(pinned({ ImageSha384: OLD }))).toBe('not applicable');
  });
});

describe('EnclaveKeyContext', () => {
  const inContext = says(enclaveKeyContext);
  const image = { StringEqualsIgnoreCase: { [at('PCR0')]: OLD } };
  const context = (value: unknown, name = 'kms:EncryptionContext:system') => ({ [name]: value });

  test.each([
    ['StringEquals', context('notes')],
    ['StringEquals', context(['notes', 'scores'], 'KMS:encryptioncontext:purpose')],
    ['StringLike', context('notes-*')],
    ['StringEqualsIgnoreCase', context('notes', 'kms:EncryptionContext:aws:s3:arn')],
  ])('%s of %j in an Allow asks for a context', (operator, block) => {
    const { StringEqualsIgnoreCase } = image;
    const merged =
      operator in image ? { [operator]: { ...StringEqualsIgnoreCase, ...block } } : { ...image, [operator]: block };
    expect(inContext(allow('kms:Decrypt', merged))).toBe('compliant');
  });

  test.each([
    ['StringLike', context('*')],
    ['StringEqualsIfExists', context('notes')],
    ['StringNotEquals', context('scores')],
    ['Null', context('false')],
    ['ForAllValues:StringEquals', context('system', 'kms:EncryptionContextKeys')],
    ['StringEquals', context('notes', 'kms:EncryptionContext:')],
  ])('%s of %j does not', (operator, block) => {
    expect(inContext(allow('kms:Decrypt', { ...image, [operator]: block }))).toEqual(FIRST);
  });

  test('a Deny with StringNotEquals asks for it too, for its actions', () => {
    const denial = deny('kms:Decrypt', { StringNotEquals: context('notes') });
    expect(inContext(allow('kms:Decrypt', image), denial)).toBe('compliant');
    expect(inContext(allow(['kms:Decrypt', 'kms:GenerateDataKey'], image), denial)).toEqual(FIRST);
    expect(inContext(ACCOUNT, denyUnless('PCR0', OLD), denial)).toBe('compliant');
  });

  test.each([
    ['positive', deny('kms:Decrypt', { StringEquals: context('scores') })],
    ['with an exception', deny('kms:Decrypt', { StringNotEquals: { ...context('notes'), 'aws:PrincipalArn': HOST } })],
    ['for another role', deny('kms:Decrypt', { StringNotEquals: context('notes') }, { Principal: { AWS: DEPLOYER } })],
  ])('a Deny that is %s does not', (_, denial) => {
    expect(inContext(allow('kms:Decrypt', image), denial)).toEqual(FIRST);
  });

  test('keys that take no context are asked for none', () => {
    const key = keyWith(allow('kms:Decrypt', image));
    expect(verdict(enclaveKeyContext, changed(key, 'Key', { KeySpec: 'RSA_4096' }))).toBe('not applicable');
    expect(verdict(enclaveKeyContext, changed(key, 'Key', { KeyUsage: 'KEY_AGREEMENT' }))).toBe('not applicable');
    expect(verdict(enclaveKeyContext, changed(key, 'Key', { KeySpec: 'SYMMETRIC_DEFAULT' }))).toEqual(FIRST);
    expect(inContext(allow('kms:DeriveSharedSecret', image))).toBe('not applicable');
  });
});

describe('EnclaveKeyPolicyOwner', () => {
  const owned = says(enclaveKeyPolicyOwner);
  const key = (...statements: object[]) => owned(attested('kms:Decrypt'), ...statements);
  const root = 'arn:aws:iam::111122223333:root';
  const change = (Condition?: object, AWS: string | object = root) => allow('kms:PutKeyPolicy', Condition, AWS);

  test.each([
    ['the account', change()],
    ['the account by its number', change(undefined, '111122223333')],
    ['anybody', change(undefined, '*')],
    ['every action', allow('kms:*', undefined, root)],
    [
      'all actions but one',
      { ...allow('-', undefined, root), Action: undefined, NotAction: 'kms:ScheduleKeyDeletion' },
    ],
    ['a prefix', allow('kms:Put*', undefined, root)],
    ['whoever has a tag', change({ StringEquals: { 'aws:PrincipalTag/team': 'ml' } })],
    ['roles by a wildcard', change({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } })],
    ['all but a role', change({ ArnNotEquals: { 'aws:PrincipalArn': DEPLOYER } })],
    ['a role or the account', change({ ArnEquals: { 'aws:PrincipalArn': [DEPLOYER, root] } })],
    ['all principals but one', { ...change(), Principal: undefined, NotPrincipal: { AWS: HOST } }],
  ])('finds that %s may change it', (_, statement) => {
    expect(key(statement)).toEqual(SECOND);
  });

  test.each([
    ['a role', change(undefined, DEPLOYER)],
    ['a role that the template makes', change(undefined, { 'Fn::GetAtt': ['Role', 'Arn'] })],
    ['the account, by the ARN of a role', change({ ArnEquals: { 'aws:PrincipalArn': [DEPLOYER] } })],
    ['nobody', allow('kms:DescribeKey', undefined, root)],
  ])('accepts that %s may', (_, statement) => {
    expect(key(statement)).toBe('compliant');
  });

  test('a Deny to all but the deployment makes up for what the account was given', () => {
    const all = allow('kms:*', undefined, root);
    const except = (operator: string, arn: unknown) =>
      deny('kms:PutKeyPolicy', { [operator]: { 'aws:PrincipalArn': arn } });
    expect(key(all, except('ArnNotEquals', DEPLOYER))).toBe('compliant');
    expect(key(all, except('StringNotLike', [DEPLOYER]))).toBe('compliant');
    expect(key(all, deny(['kms:PutKeyPolicy', 'kms:CreateGrant']))).toBe('compliant');
    expect(key(all, except('ArnNotLike', 'arn:aws:iam::111122223333:role/*'))).toEqual(SECOND);
    expect(key(all, except('ArnNotEquals', root))).toEqual(SECOND);
    expect(key(all, except('ArnEquals', HOST))).toEqual(SECOND);
    expect(key(all, deny('kms:PutKeyPolicy', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }))).toEqual(SECOND);
    expect(
      key(all, deny('kms:PutKeyPolicy', { ArnNotEquals: { 'aws:PrincipalArn': DEPLOYER }, Bool: { 'aws:x': 'true' } })),
    ).toEqual(SECOND);
  });

  test('a key that is only guarded by a Deny has an owner as well', () => {
    expect(owned(ACCOUNT, unattestedDenied('kms:Decrypt'))).toEqual(FIRST);
  });
});

describe('EnclaveKeySingleRegion', () => {
  const key = keyWith(attested('kms:Decrypt'));

  test.each([
    [true, ['MultiRegion']],
    ['true', ['MultiRegion']],
    [false, 'compliant'],
    [{ 'Fn::Unheard': 1 }, ['unresolved MultiRegion']],
  ])('MultiRegion %j', (MultiRegion, expected) => {
    expect(verdict(enclaveKeySingleRegion, changed(key, 'Key', { MultiRegion }))).toEqual(expected);
  });

  test('nobody is allowed to replicate it', () => {
    const single = says(enclaveKeySingleRegion);
    expect(single(unattestedDenied('kms:Decrypt'), ACCOUNT)).toEqual(SECOND);
    expect(single(attested('kms:Decrypt'), allow('kms:Replicate*'))).toEqual(SECOND);
    expect(single(unattestedDenied('kms:Decrypt'), ACCOUNT, deny('kms:ReplicateKey'))).toBe('compliant');
    expect(single(unattestedDenied('kms:*'), ACCOUNT)).toBe('compliant');
    expect(
      single(unattestedDenied('kms:Decrypt'), ACCOUNT, deny('kms:ReplicateKey', { Bool: { 'aws:x': 'true' } })),
    ).toEqual(SECOND);
  });

  test('an Allow that asks for a document never holds for it', () => {
    expect(says(enclaveKeySingleRegion)(attested('kms:*'))).toBe('compliant');
  });

  test('a replica is the fault itself', () => {
    const { Properties } = key.Key;
    const replica = { Key: { Type: 'AWS::KMS::ReplicaKey', Properties: { ...Properties, PrimaryKeyArn: 'arn:x' } } };
    expect(verdict(enclaveKeySingleRegion, replica)).toEqual(['PrimaryKeyArn']);
  });
});

describe('EnclaveKeyUseAlarmed', () => {
  const { compliant } = enclaveKeyUseAlarmed;
  const withPattern = (id: string, FilterPattern: unknown) =>
    judge(enclaveKeyUseAlarmed, changed(compliant, id, { FilterPattern })).violations.map(({ message }) => message);
  const calls = '($.eventName = "Decrypt")';
  const unattested = '($.additionalEventData.recipient.attestationDocumentModuleId NOT EXISTS)';

  test('both signals are asked for, and each message says which is missing', () => {
    const { UnattestedFilter: _, ...refusedOnly } = compliant;
    const { RefusedFilter: __, ...unattestedOnly } = compliant;
    const messages = (template: object) =>
      judge(enclaveKeyUseAlarmed, template).violations.map(({ message }) => message);
    expect(messages(refusedOnly)).toEqual([expect.stringMatching(/without an attestation document$/)]);
    expect(messages(unattestedOnly)).toEqual([expect.stringMatching(/refused requests/)]);
    expect(messages(keyWith(attested('kms:Decrypt')))).toHaveLength(2);
  });

  test.each([
    ['another call', `{ ($.eventName = "Encrypt") && ${unattested} }`],
    ['only what is refused', `{ ${calls} && ${unattested} && ($.errorCode = "AccessDenied*") }`],
    [
      'another key by ARN',
      `{ ${calls} && ${unattested} && ($.resources[0].ARN = "arn:aws:kms:eu-west-1:1:key/other") }`,
    ],
    ['a key whose id begins alike', `{ ${calls} && ${unattested} && ($.requestParameters.keyId = "*stack-key2") }`],
    ['every use', `{ ${calls} }`],
    ['nothing', undefined],
  ])('a pattern for %s is not one for this key without a document', (_, pattern) => {
    expect(withPattern('UnattestedFilter', pattern)).toHaveLength(1);
  });

  test.each([
    [
      'names the key by reference',
      { 'Fn::Sub': `{ ${calls} && ${unattested} && ($.resources[0].ARN = "\${Key.Arn}") }` },
    ],
    ['names its id', { 'Fn::Sub': `{ ${calls} && ${unattested} && ($.requestParameters.keyId = "*\${Key}") }` }],
    ['hears of more calls', `{ (($.eventName = "GenerateDataKey") || ${calls}) && ${unattested} }`],
    ['hears of calls that begin so', `{ ($.eventName = "Dec*") && ${unattested} }`],
  ])('a pattern that %s is', (_, pattern) => {
    expect(withPattern('UnattestedFilter', pattern)).toEqual([]);
  });

  test('an alarm that does not act tells nobody', () => {
    const silent = (properties: object) =>
      verdict(enclaveKeyUseAlarmed, changed(compliant, 'RefusedAlarm', properties));
    expect(silent({ AlarmActions: [] })).toEqual(['KeyPolicy']);
    expect(silent({ ActionsEnabled: false })).toEqual(['KeyPolicy']);
    expect(silent({ Namespace: 'Others' })).toEqual(['KeyPolicy']);
    expect(silent({ AlarmActions: [{ 'Fn::Unheard': 1 }] })).toBe('compliant');
  });

  test('a pattern that only a deployment knows may hear it', () => {
    const template = changed(compliant, 'RefusedFilter', { FilterPattern: { 'Fn::Unheard': 1 } });
    expect(verdict(enclaveKeyUseAlarmed, template)).toEqual(['unresolved KeyPolicy']);
  });
});

describe('EnclaveRolloutBounded, of a key', () => {
  const bounded = says(enclaveRolloutBounded);
  const generations = (count: number, register = 'ImageSha384') =>
    DIGESTS.slice(0, count).map((digest) => pinned({ [register]: digest }));

  test('three images are a rollout with a way back, four are a habit', () => {
    expect([bounded(...generations(3)), bounded(...generations(4))]).toEqual(['compliant', ['KeyPolicy']]);
    expect([bounded(...generations(3, 'PCR2')), bounded(...generations(4, 'PCR2'))]).toEqual([
      'compliant',
      ['KeyPolicy'],
    ]);
  });

  test('values of one statement count, equal ones once', () => {
    expect(bounded(pinned({ PCR0: DIGESTS.slice(0, 4) }))).toEqual(['KeyPolicy']);
    expect(bounded(pinned({ PCR0: DIGESTS.slice(0, 3) }), pinned({ ImageSha384: OLD.toUpperCase() }))).toBe(
      'compliant',
    );
  });

  test('roles, instances and signers are no images', () => {
    expect(bounded(...generations(5, 'PCR3'), ...generations(5, 'PCR8'))).toBe('not applicable');
  });

  test('what is denied admits nothing', () => {
    const revoked = deny('kms:Decrypt', { StringEquals: { [at('PCR0')]: DIGESTS } });
    expect(bounded(pinned({ PCR0: OLD }), denyUnless('PCR0', DIGESTS), revoked)).toBe('compliant');
  });
});
