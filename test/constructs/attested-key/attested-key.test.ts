import { BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AttestedKey, EnclavePin, pcr3Of } from '../../../constructs/attested-key';
import { RULES } from '../../../lib/compliance';
import { evaluateRules } from '../../../lib/compliance/engine';
import { graphOf } from '../../support/graph';
import { ADMINISTRATOR, evaluate } from '../../support/iam';
import { nagErrors } from '../../support/nag';
import { appWith } from '../audit-trail/app';
import { ENV } from '../dataset-vault/simulate';
import { type Caller, KeyPolicies } from './decide';
import { attestedKey, generation, hostRole, measure, measurements } from './key';

const CONTEXT = { system: 'clinical-notes', purpose: 'model' };
const PARENT_ARN = 'arn:aws:iam::111122223333:role/clinical-notes-enclave-host';
const PCR3 = pcr3Of(PARENT_ARN);
const ZEROS = '0'.repeat(96);

/** What an enclave attests that runs a generation on an instance with the parent role. */
function documentOf(name: string) {
  const { pcr0, pcr1, pcr2, pcr8 } = generation(name);
  return { ImageSha384: pcr0, PCR0: pcr0, PCR1: pcr1, PCR2: pcr2, PCR3, PCR8: pcr8 as string };
}
const DEBUG = { ImageSha384: ZEROS, PCR0: ZEROS, PCR1: ZEROS, PCR2: ZEROS, PCR3, PCR8: ZEROS };

const decrypt = { caller: 'parent', action: 'kms:Decrypt', context: CONTEXT } as const;

describe.each([EnclavePin.IMAGE, EnclavePin.SIGNER])('pinned by %s', (pin) => {
  const policies = new KeyPolicies(attestedKey({ pin }).app);

  test.each(['old', 'new'])('opens to the parent role with generation %s', async (name) => {
    expect(await policies.decide({ ...decrypt, document: documentOf(name) })).toBe('Allowed');
    expect(await policies.decide({ ...decrypt, action: 'kms:GenerateDataKey', document: documentOf(name) })).toBe(
      'Allowed',
    );
  });

  test('compares hexadecimal digits without case', async () => {
    const upper = Object.fromEntries(Object.entries(documentOf('new')).map(([pcr, hex]) => [pcr, hex.toUpperCase()]));
    expect(await policies.decide({ ...decrypt, document: upper })).toBe('Allowed');
  });

  test.each([
    ['no document', {}],
    ['another image', documentOf('other')],
    ['a debug enclave', DEBUG],
    ['an instance of another role', { ...documentOf('new'), PCR3: measure('other role') }],
    ['a document without PCR3', { ...documentOf('new'), PCR3: undefined }],
    ['the TPM of an instance', { NitroTPMPCR0: documentOf('new').PCR0, NitroTPMPCR4: documentOf('new').PCR0 }],
  ])('refuses the parent role with %s', async (_, document) => {
    const said = JSON.parse(JSON.stringify(document));
    expect(await policies.decide({ ...decrypt, document: said })).toBe('ExplicitlyDenied');
  });

  test.each([
    ['another system', { ...CONTEXT, system: 'credit-scoring' }],
    ['another purpose', { ...CONTEXT, purpose: 'records' }],
    ['no purpose', { system: 'clinical-notes' }],
    ['no context', {}],
  ])('refuses ciphertext of %s', async (_, context) => {
    expect(await policies.decide({ ...decrypt, context, document: documentOf('new') })).toBe('ExplicitlyDenied');
  });

  test.each<Caller>(['administrator', 'root', 'deployment', 'otherAccount', 'publisher', 'stranger'])(
    'refuses plaintext to %s',
    async (caller) => {
      for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair']) {
        expect(await policies.decide({ caller, action, context: CONTEXT })).toBe('ExplicitlyDenied');
        // An enclave of somebody else that runs the right image.
        expect(await policies.decide({ caller, action, context: CONTEXT, document: documentOf('new') })).not.toBe(
          'Allowed',
        );
      }
    },
  );
});

describe('pinned by signer', () => {
  const policies = new KeyPolicies(attestedKey({ pin: EnclavePin.SIGNER }).app);

  test('the kernel of one generation with the application of another is none', async () => {
    const mixed = { ...documentOf('new'), PCR1: documentOf('old').PCR1 };
    expect(await policies.decide({ ...decrypt, document: mixed })).toBe('ImplicitlyDenied');
  });

  test('another signer is refused, and the signer alone is not enough', async () => {
    const { PCR8 } = documentOf('new');
    expect(await policies.decide({ ...decrypt, document: { ...documentOf('new'), PCR8: measure('other') } })).toBe(
      'ExplicitlyDenied',
    );
    expect(await policies.decide({ ...decrypt, document: { PCR3, PCR8 } })).toBe('ExplicitlyDenied');
  });
});

describe('administration', () => {
  const policies = new KeyPolicies(attestedKey().app);
  const decide = (caller: Caller, action: string) => policies.decide({ caller, action });

  test('only the deployment changes the policy', async () => {
    expect(await decide('deployment', 'kms:PutKeyPolicy')).toBe('Allowed');
    for (const caller of ['administrator', 'root', 'parent', 'publisher'] as const) {
      expect(await decide(caller, 'kms:PutKeyPolicy')).toBe('ExplicitlyDenied');
    }
  });

  test.each(['kms:CreateGrant', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:ReplicateKey', 'kms:UpdatePrimaryRegion'])(
    'nobody opens a side door: %s',
    async (action) => {
      for (const caller of ['administrator', 'deployment', 'parent', 'publisher', 'root'] as const) {
        expect(await decide(caller, action)).toBe('ExplicitlyDenied');
      }
    },
  );

  test('administrators manage: rotate, disable, delete, look', async () => {
    for (const action of ['RotateKeyOnDemand', 'DisableKey', 'EnableKey', 'ScheduleKeyDeletion', 'GetKeyPolicy']) {
      expect(await decide('administrator', `kms:${action}`)).toBe('Allowed');
    }
    expect(await decide('administrator', 'kms:DisableKeyRotation')).toBe('ImplicitlyDenied');
  });

  test('named administrators replace the account, and the deployment stays', async () => {
    const administrators = [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/KeyAdmin')];
    const named = new KeyPolicies(attestedKey({ administrators }).app);
    expect(await named.decide({ caller: 'administrator', action: 'kms:DisableKey' })).toBe('ImplicitlyDenied');
    expect(await named.decide({ caller: 'deployment', action: 'kms:PutKeyPolicy' })).toBe('Allowed');
    expect(await named.decide({ caller: 'deployment', action: 'kms:EnableKeyRotation' })).toBe('Allowed');
  });

  test('named policy administrators replace the deployment role', async () => {
    const policyAdministrators = ['arn:aws:iam::111122223333:role/Administrator'];
    const named = new KeyPolicies(attestedKey({ policyAdministrators }).app);
    expect(await named.decide({ caller: 'administrator', action: 'kms:PutKeyPolicy' })).toBe('Allowed');
    expect(await named.decide({ caller: 'deployment', action: 'kms:PutKeyPolicy' })).toBe('ExplicitlyDenied');
  });
});

describe('publishers', () => {
  const { app, key, publisher } = attestedKey();
  const policies = new KeyPolicies(app);

  test('wrap under the right context and nothing else', async () => {
    const encrypt = { caller: 'publisher', action: 'kms:Encrypt' } as const;
    expect(await policies.decide({ ...encrypt, context: CONTEXT })).toBe('Allowed');
    expect(await policies.decide({ ...encrypt, context: { ...CONTEXT, system: 'other' } })).toBe('ExplicitlyDenied');
    expect(await policies.decide({ ...encrypt })).toBe('ExplicitlyDenied');
    expect(await policies.decide({ caller: 'administrator', action: 'kms:Encrypt', context: CONTEXT })).toBe(
      'ImplicitlyDenied',
    );
    expect(await policies.decide({ caller: 'parent', action: 'kms:Encrypt', context: CONTEXT })).toBe(
      'ImplicitlyDenied',
    );
  });

  test('are marked by a tag where the app owns the role, and named where it does not', () => {
    expect((publisher.node.defaultChild as iam.CfnRole).tags.tagValues()).toEqual({ [key.publisherTag]: 'encrypt' });
    const { stack, key: other } = attestedKey();
    other.grantEncrypt(iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/Trainer'));
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'kms:Encrypt', Principal: { AWS: 'arn:aws:iam::111122223333:role/Trainer' } }),
        ]),
      },
    });
  });
});

describe('the roles of the templates, with their boundaries', () => {
  const { app, key, fleet } = attestedKey();
  const inspector = hostRole(fleet, 'Inspector');
  key.grantInspect(inspector);
  const graph = graphOf(app);
  const resource = 'Keys/Attested/Key';
  const context = {
    'kms:EncryptionContext:system': 'clinical-notes',
    'kms:EncryptionContext:purpose': 'model',
  };
  const { ImageSha384 } = documentOf('new');
  const attested = {
    'kms:RecipientAttestation:ImageSha384': ImageSha384,
    'kms:RecipientAttestation:PCR3': PCR3,
  };

  test('parent, publisher and inspector may do their part', async () => {
    const ask = (principal: string, action: string, said: Record<string, string>) =>
      evaluate(graph, { principal, action, resource, context: said });
    expect(await ask('Fleet/Parent', 'kms:Decrypt', { ...context, ...attested })).toBe('allow');
    expect(await ask('Fleet/Parent', 'kms:Decrypt', context)).toBe('deny (explicit)');
    expect(await ask('Fleet/Publisher', 'kms:Encrypt', context)).toBe('allow');
    expect(await ask('Fleet/Publisher', 'kms:Decrypt', context)).toBe('deny (explicit)');
    expect(await ask('Fleet/Inspector', 'kms:GetKeyPolicy', {})).toBe('allow');
    expect(await ask('Fleet/Inspector', 'kms:DisableKey', {})).toBe('deny (explicit)');
  });

  test('an administrator with everything in IAM is refused', async () => {
    expect(await evaluate(graph, { principal: ADMINISTRATOR, action: 'kms:Decrypt', resource, context })).toBe(
      'deny (explicit)',
    );
  });
});

describe('over time', () => {
  const opensTo = async (policies: KeyPolicies, name: string) =>
    (await policies.decide({ ...decrypt, document: documentOf(name) })) === 'Allowed';

  test('a rollout: the old generation, then both, then the new one alone', async () => {
    const stages = [['old'], ['old', 'new'], ['new']].map(
      (names) => new KeyPolicies(attestedKey({ measurements: measurements(...names) }).app),
    );
    const opens = await Promise.all(
      stages.map(async (policies) => [await opensTo(policies, 'old'), await opensTo(policies, 'new')]),
    );
    expect(opens).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
  });

  test('material rotates by itself, and on demand, under the same policy', () => {
    const { stack } = attestedKey();
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      Description: Match.stringLikeRegexp('measured enclaves'),
      EnableKeyRotation: true,
      MultiRegion: Match.absent(),
    });
  });

  test('the key is retained, and destroyed only when both switches are on', () => {
    const policyOf = (context: object) =>
      Object.values(
        Template.fromStack(
          attestedKey({ removalPolicy: 'destroy' as never }, appWith({ ...context })).stack,
        ).findResources('AWS::KMS::Key', { Properties: { Description: Match.stringLikeRegexp('measured enclaves') } }),
      )[0].DeletionPolicy;
    expect(policyOf({})).toBe('Retain');
    expect(policyOf({ 'palisade:allowDataRemoval': true })).toBe('Delete');
  });
});

describe('without a bound parent role', () => {
  test('the image alone decides, for this role alone', async () => {
    const policies = new KeyPolicies(attestedKey({ bindParentRole: false }).app);
    const { PCR3: _, ...document } = documentOf('new');
    expect(await policies.decide({ ...decrypt, document })).toBe('Allowed');
    expect(await policies.decide({ ...decrypt, document: DEBUG })).toBe('ExplicitlyDenied');
    expect(await policies.decide({ ...decrypt, caller: 'administrator', document })).toBe('ImplicitlyDenied');
  });

  test('a role without a fixed name will do', () => {
    const stack = new Stack(appWith(), 'Stack', { env: ENV });
    expect(() => keyIn(stack, { parentRole: hostRole(stack, 'Parent'), bindParentRole: false })).not.toThrow();
  });
});

describe('the packs', () => {
  test.each([EnclavePin.IMAGE, EnclavePin.SIGNER])('find nothing at the key or its alarms, pinned by %s', (pin) => {
    const { app } = attestedKey({ pin });
    const results = evaluateRules(graphOf(app), RULES);
    const found = results.flatMap(({ violations, unresolvable }) =>
      [...violations, ...unresolvable].map(({ resource, message }) => `${resource.path} ${message}`),
    );
    expect(
      [...found, ...nagErrors(app)].filter((finding) => /Attested|Fleet\/(Parent|Publisher)/.test(finding)),
    ).toEqual([]);
  });
});

describe('PCR3', () => {
  test('is one extension of a zero register by the ARN: the vector of an emulated enclave', () => {
    // Computed by hand: printf of 48 zero bytes and the ARN, through sha384sum.
    expect(pcr3Of('arn:aws:iam::111122223333:role/enclave')).toBe(
      '57a609dd3058bc82c0f4932872e1b550f8fe349fc76d158a68cc71719ba5cb68c3c45a47c537dd13756c52ef691daba1',
    );
  });

  test('reads the ARN of an imported role, and of a role with a path', async () => {
    const stack = new Stack(appWith(), 'Stack', { env: ENV });
    const imported = iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/team/host');
    const named = hostRole(stack, 'Named', 'host');
    (named.node.defaultChild as iam.CfnRole).path = '/team/';
    const policies = [imported, named].map((parentRole, index) => {
      const inner = new Stack(appWith(), `Inner${index}`, { env: ENV });
      keyIn(inner, { parentRole });
      return JSON.stringify(Template.fromStack(inner).findResources('AWS::KMS::Key'));
    });
    for (const policy of policies) {
      expect(policy).toContain(pcr3Of('arn:aws:iam::111122223333:role/team/host'));
    }
  });
});

function keyIn(stack: Stack, props: Partial<ConstructorParameters<typeof AttestedKey>[2]> = {}): AttestedKey {
  return new AttestedKey(stack, 'Attested', {
    system: 'clinical-notes',
    stage: 'prod',
    purpose: 'model',
    measurements: measurements('new'),
    parentRole: iam.Role.fromRoleArn(stack, 'Host', PARENT_ARN),
    watch: { logGroup: new logs.LogGroup(stack, 'Log'), alarmTopic: new sns.Topic(stack, 'Topic') },
    ...props,
  });
}

describe('bad input', () => {
  const inStack =
    (make: (stack: Stack) => unknown, stack = new Stack(appWith(), 'Stack', { env: ENV })) =>
    () =>
      make(stack);
  const coded = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });
  const withPcr = (values: object) => ({
    system: 'clinical-notes',
    generations: [{ ...generation('new'), ...values }],
  });

  test.each([
    ['E400', { stage: 'Prod' }],
    ['E400', { purpose: '' }],
    ['E401', { system: 'other' }],
    ['E402', { measurements: { system: 'clinical-notes', generations: [] } }],
    ['E402', { measurements: withPcr({ pcr0: ZEROS }) }],
    ['E402', { measurements: withPcr({ pcr0: 'ab' }) }],
    ['E402', { measurements: withPcr({ pcr0: measure('x').toUpperCase() }) }],
    ['E402', { measurements: withPcr({ pcr2: ZEROS }), pin: EnclavePin.SIGNER }],
    ['E403', { measurements: withPcr({ pcr8: undefined }), pin: EnclavePin.SIGNER }],
    ['E406', { measurements: measurements(...Array.from({ length: 60 }, (_, index) => `generation ${index}`)) }],
  ])('%s', (code, props) => {
    expect(inStack((stack) => keyIn(stack, props))).toThrow(coded(code));
  });

  test('E404: a parent role whose ARN only a deployment knows', () => {
    expect(inStack((stack) => keyIn(stack, { parentRole: hostRole(stack, 'Parent') }))).toThrow(coded('E404'));
    const anywhere = new Stack(appWith(), 'Stack');
    expect(inStack((stack) => keyIn(stack, { parentRole: hostRole(stack, 'Parent', 'host') }), anywhere)).toThrow(
      coded('E404'),
    );
  });

  test('E405: a stack that the CDK deploys without a role of its own', () => {
    const stack = () => new Stack(appWith(), 'Stack', { env: ENV, synthesizer: new BootstraplessSynthesizer() });
    expect(inStack(keyIn, stack())).toThrow(coded('E405'));
    const policyAdministrators = ['arn:aws:iam::111122223333:role/Deployer'];
    expect(inStack((inner) => keyIn(inner, { policyAdministrators }), stack())).not.toThrow();
  });

  test('E406: publishers named one by one, until the policy is full', () => {
    expect(
      inStack((stack) => {
        const key = keyIn(stack);
        for (let index = 0; index < 80; index++) {
          const path = 'p'.repeat(500);
          key.grantEncrypt(
            iam.Role.fromRoleArn(stack, `R${index}`, `arn:aws:iam::111122223333:role/${path}/publisher-${index}`),
          );
        }
      }),
    ).toThrow(coded('E406'));
  });
});
