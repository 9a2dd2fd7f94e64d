import { ENCLAVE_RULES } from '../../../../lib/compliance/rules/enclave';
import { enclaveAttestedKeyPolicy } from '../../../../lib/compliance/rules/enclave/attested-key-policy';
import { ec2EbsCmk } from '../../../../lib/compliance/rules/enclave/ebs-cmk';
import { enclaveEnabledWhenRequired } from '../../../../lib/compliance/rules/enclave/enabled-when-required';
import { ACCOUNT, attested, keyWith, unattestedDenied } from '../../../../lib/compliance/rules/enclave/examples';
import { enclaveHostHardened } from '../../../../lib/compliance/rules/enclave/host-hardened';
import { enclaveHostInstanceType } from '../../../../lib/compliance/rules/enclave/host-instance-type';
import { ec2ImdsV2 } from '../../../../lib/compliance/rules/enclave/imds-v2';
import { enclaveKeyReEncryption } from '../../../../lib/compliance/rules/enclave/key-re-encryption';
import { enclaveNitroTpmAlternative } from '../../../../lib/compliance/rules/enclave/nitro-tpm-alternative';
import { enclavePcrNotDebug } from '../../../../lib/compliance/rules/enclave/pcr-not-debug';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(ENCLAVE_RULES);

const IMAGE = 'kms:RecipientAttestation:ImageSha384';
const DIGEST = 'a1'.repeat(48);
const HOST = 'arn:aws:iam::111122223333:role/enclave-host';
const ADMIN = 'arn:aws:iam::111122223333:role/admin';

function allow(Action: string | string[], Condition?: object, AWS: string = ADMIN) {
  return { Sid: 'Other', Effect: 'Allow', Principal: { AWS }, Action, Resource: '*', ...(Condition && { Condition }) };
}

describe('EnclaveAttestedKeyPolicy', () => {
  const second = (...statements: object[]) =>
    verdict(enclaveAttestedKeyPolicy, keyWith(attested('kms:Decrypt'), ...statements));

  test.each([
    ['kms:Decrypt'],
    ['kms:*'],
    ['*'],
    ['kms:D*'],
    ['KMS:decrypt'],
    ['kms:CreateGrant'],
    [['kms:DescribeKey', 'kms:Create*']],
  ])('a second Allow of %j without a condition is an open path', (action) => {
    expect(second(allow(action))).toEqual(['KeyPolicy.Statement.1']);
  });

  test.each([['kms:PutKeyPolicy'], ['kms:DescribeKey'], ['kms:Encrypt'], [['kms:GenerateDataKey*', 'kms:Encrypt']]])(
    'administering it, and encrypting with %j, is none',
    (action) => {
      expect(second(allow(action))).toBe('compliant');
    },
  );

  test('the enclave itself may make data keys only when attested, producers may without', () => {
    expect(second(allow('kms:GenerateDataKey', undefined, HOST))).toEqual(['KeyPolicy.Statement.1']);
    expect(second(attested('kms:GenerateDataKey'))).toBe('compliant');
  });

  test('NotAction lets everything through that it does not name', () => {
    const { Action: _, ...statement } = allow('-');
    expect(second({ ...statement, NotAction: 'kms:ScheduleKeyDeletion' })).toEqual(['KeyPolicy.Statement.1']);
  });

  test.each([
    ['StringLike', { [IMAGE]: '*' }],
    ['StringLike', { [IMAGE]: [DIGEST, 'a1*'] }],
    ['StringEqualsIfExists', { [IMAGE]: DIGEST }],
    ['StringEqualsIgnoreCaseIfExists', { [IMAGE]: DIGEST }],
    ['ForAllValues:StringEquals', { [IMAGE]: DIGEST }],
    ['StringNotEqualsIgnoreCase', { [IMAGE]: DIGEST }],
    ['Null', { [IMAGE]: 'false' }],
    ['StringEquals', { 'kms:RecipientAttestation:PCR3': DIGEST }],
    ['StringEquals', { 'kms:RecipientAttestation:PCR4': DIGEST }],
    ['StringEquals', { 'aws:PrincipalOrgID': 'o-1' }],
    ['StringEquals', { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }],
  ])('%s of %j in an Allow does not attest', (operator, block) => {
    expect(second(allow('kms:Decrypt', { [operator]: block }))).toEqual(['KeyPolicy.Statement.1']);
  });

  test.each([
    ['StringEquals', { [IMAGE]: DIGEST }],
    ['StringLike', { [IMAGE]: DIGEST }],
    ['ForAnyValue:StringEquals', { [IMAGE]: DIGEST }],
    ['StringEqualsIgnoreCase', { 'KMS:recipientattestation:pcr0': [DIGEST, 'b2'.repeat(48)] }],
    ['StringEquals', { 'kms:RecipientAttestation:PCR8': DIGEST, 'kms:RecipientAttestation:PCR3': DIGEST }],
    ['StringEquals', { 'kms:RecipientAttestation:NitroTPMPCR7': DIGEST }],
  ])('%s of %j in an Allow attests', (operator, block) => {
    expect(second(allow('kms:Decrypt', { [operator]: block }))).toBe('compliant');
  });

  const denied = (Condition: object | undefined, others: object = {}) =>
    verdict(enclaveAttestedKeyPolicy, keyWith(ACCOUNT, { ...unattestedDenied('kms:Decrypt'), Condition, ...others }));

  test.each([['StringNotEquals'], ['StringNotEqualsIgnoreCase'], ['StringNotEqualsIfExists'], ['StringNotLike']])(
    'a Deny with %s protects what the account was given',
    (operator) => {
      expect(denied({ [operator]: { [IMAGE]: DIGEST } })).toBe('compliant');
      expect(denied({ [operator]: { [IMAGE]: DIGEST } }, { Action: 'kms:*' })).toBe('compliant');
      expect(
        denied({ [operator]: { [IMAGE]: DIGEST } }, { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
      ).toEqual(['KeyPolicy.Statement.0']);
    },
  );

  test.each([
    ['a positive operator', { StringEquals: { [IMAGE]: DIGEST } }],
    ['a wildcard', { StringNotLike: { [IMAGE]: '*' } }],
    ['a quantifier that absence escapes', { 'ForAnyValue:StringNotEquals': { [IMAGE]: DIGEST } }],
    ['an exception', { StringNotEquals: { [IMAGE]: DIGEST, 'aws:PrincipalArn': ADMIN } }],
    ['a way out by role', { StringNotEquals: { [IMAGE]: DIGEST, 'kms:RecipientAttestation:PCR3': DIGEST } }],
    ['any attestation at all', { Null: { [IMAGE]: 'true' } }],
  ])('a Deny with %s protects nothing', (_, condition) => {
    expect(denied(condition)).toEqual(['KeyPolicy.Statement.0']);
  });

  test.each([
    ['another action', { Action: 'kms:Encrypt' }],
    ['all principals but one', { Principal: undefined, NotPrincipal: { AWS: ADMIN } }],
    ['all actions but decryption', { Action: undefined, NotAction: 'kms:Decrypt' }],
    ['one role', { Principal: { AWS: HOST } }],
    ['another account', { Principal: { AWS: '444455556666' } }],
  ])('a Deny for %s protects nothing', (_, others) => {
    expect(denied({ StringNotEquals: { [IMAGE]: DIGEST } }, others)).toEqual(['KeyPolicy.Statement.0']);
  });

  test('a Deny for an account protects every role of it, but not what others get by a grant', () => {
    const root = { ...unattestedDenied('kms:Decrypt'), Principal: { AWS: '111122223333' } };
    const key = (...actions: string[]) => keyWith(root, allow(actions));
    expect(verdict(enclaveAttestedKeyPolicy, key('kms:Decrypt'))).toBe('compliant');
    expect(verdict(enclaveAttestedKeyPolicy, key('kms:CreateGrant'))).toEqual(['KeyPolicy.Statement.1']);
  });

  test('a message names the statement, the actions and what is wrong with the condition', () => {
    const key = keyWith(attested('kms:Decrypt'), allow('kms:*', { StringEqualsIfExists: { [IMAGE]: DIGEST } }));
    expect(judge(enclaveAttestedKeyPolicy, key).violations[0].message).toBe(
      "statement 'Other' allows kms:Decrypt, kms:CreateGrant: StringEqualsIfExists on kms:RecipientAttestation:ImageSha384 lets requests without an attestation document through",
    );
  });

  test('a key for agreements is about its shared secret', () => {
    const agreement = changed(keyWith(ACCOUNT, unattestedDenied('kms:Decrypt')), 'Key', { KeyUsage: 'KEY_AGREEMENT' });
    expect(verdict(enclaveAttestedKeyPolicy, agreement)).toEqual(['KeyPolicy.Statement.0']);
  });

  const host = (key: object, policy: object[] = [], EnclaveOptions: object = { Enabled: true }) => ({
    Key: { Type: 'AWS::KMS::Key', Properties: key },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'enclave-host' } },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: policy } },
    },
    Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
    Host: { Type: 'AWS::EC2::Instance', Properties: { EnclaveOptions, IamInstanceProfile: { Ref: 'Profile' } } },
  });
  const decrypt = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': ['Key', 'Arn'] } };
  const delegated = { KeyPolicy: { Statement: [ACCOUNT] } };

  test('it concerns a key that never mentions attestation, where the host of an enclave may decrypt with it', () => {
    expect(verdict(enclaveAttestedKeyPolicy, host(delegated, [decrypt]))).toEqual(['KeyPolicy.Statement.0']);
    expect(
      verdict(enclaveAttestedKeyPolicy, host({ KeyPolicy: { Statement: [allow('kms:Decrypt', undefined, HOST)] } })),
    ).toEqual(['KeyPolicy.Statement.0']);
    expect(verdict(enclaveAttestedKeyPolicy, host({}, [decrypt]))).toEqual(['KeyPolicy']);
  });

  test('it does not concern the keys of hosts without enclaves, of services, and of nobody', () => {
    const viaS3 = { ...decrypt, Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } };
    const verdicts = [
      host(delegated, [decrypt], { Enabled: false }),
      host(delegated, [viaS3]),
      host(delegated, [{ ...decrypt, Resource: '*' }]),
      host(delegated, [{ ...decrypt, Action: 'kms:Encrypt' }]),
      keyWith(ACCOUNT),
    ].map((template) => verdict(enclaveAttestedKeyPolicy, template));
    expect(new Set(verdicts)).toEqual(new Set(['not applicable']));
  });

  test('a policy that only a deployment knows is neither good nor bad', () => {
    expect(verdict(enclaveAttestedKeyPolicy, host({ KeyPolicy: { 'Fn::Unheard': 1 } }, [decrypt]))).toEqual([
      'unresolved KeyPolicy',
    ]);
  });

  test('a replica has a policy of its own', () => {
    const [replica] = [keyWith(attested('kms:Decrypt'), allow('kms:Decrypt'))].map(({ Key }) => ({
      Key: { ...Key, Type: 'AWS::KMS::ReplicaKey' },
    }));
    expect(verdict(enclaveAttestedKeyPolicy, replica)).toEqual(['KeyPolicy.Statement.1']);
  });
});

describe('EnclaveKeyReEncryption', () => {
  test.each(['kms:ReEncrypt*', 'kms:ReEncryptFrom', 'kms:*'])('%s moves what the key encrypted', (action) => {
    expect(verdict(enclaveKeyReEncryption, keyWith(attested('kms:Decrypt'), allow(action)))).toEqual([
      'KeyPolicy.Statement.1',
    ]);
  });

  test('an Allow that asks for attestation never holds for an operation that takes no document', () => {
    expect(verdict(enclaveKeyReEncryption, keyWith(attested('kms:ReEncrypt*')))).toBe('compliant');
  });

  test('encrypting anew to this key is fine, and other keys are none of its business', () => {
    expect(verdict(enclaveKeyReEncryption, keyWith(attested('kms:Decrypt'), allow('kms:ReEncryptTo')))).toBe(
      'compliant',
    );
    expect(verdict(enclaveKeyReEncryption, keyWith(ACCOUNT))).toBe('not applicable');
  });
});

describe('EnclavePcrNotDebug', () => {
  const asking = (value: unknown, operator = 'StringEquals', key = IMAGE) =>
    verdict(enclavePcrNotDebug, keyWith(allow('kms:Decrypt', { [operator]: { [key]: value } })));

  test.each([['0'.repeat(96)], ['000000'], ['abc'], ['*'], ['g1'.repeat(48)], [[DIGEST, '0'.repeat(96)]]])(
    'finds %j',
    (value) => {
      expect(asking(value)).toEqual(['KeyPolicy.Statement.0']);
    },
  );

  test('finds zeros that a Deny lets through', () => {
    const deny = { ...unattestedDenied('kms:Decrypt'), Condition: { StringNotEquals: { [IMAGE]: '0'.repeat(96) } } };
    expect(verdict(enclavePcrNotDebug, keyWith(ACCOUNT, deny))).toEqual(['KeyPolicy.Statement.1']);
  });

  test('accepts digits of either case, and a set of images for a rolling release', () => {
    expect(asking([DIGEST, 'B2'.repeat(48)], 'StringEqualsIgnoreCase')).toBe('compliant');
  });

  test('says of a parameter that it cannot be judged', () => {
    expect(asking({ 'Fn::Unheard': 1 })).toEqual(['unresolved KeyPolicy.Statement.0']);
  });

  test('has nothing to say of TPMs', () => {
    expect(asking('0'.repeat(96), 'StringEquals', 'kms:RecipientAttestation:NitroTPMPCR4')).toBe('not applicable');
  });
});

describe('EnclaveNitroTpmAlternative', () => {
  const pcr = (...ids: number[]) =>
    Object.fromEntries(ids.map((id) => [`kms:RecipientAttestation:NitroTPMPCR${id}`, DIGEST]));
  const asking = (pins: object) => verdict(enclaveNitroTpmAlternative, keyWith(attested('kms:Decrypt', pins)));

  test('accepts Secure Boot alone, and standard boot with its command line', () => {
    expect([asking(pcr(7)), asking(pcr(4, 12)), asking(pcr(4, 7))]).toEqual(['compliant', 'compliant', 'compliant']);
  });

  test.each([[4], [12], [0]])('PCR%i alone leaves part of the boot unmeasured', (id) => {
    expect(asking(pcr(id))).toEqual(['KeyPolicy.Statement.0']);
  });

  test('KMS compares with small letters', () => {
    expect(asking({ 'kms:RecipientAttestation:NitroTPMPCR7': 'A1'.repeat(48) })).toEqual(['KeyPolicy.Statement.0']);
  });

  test('has nothing to say of enclaves', () => {
    expect(asking({ [IMAGE]: DIGEST })).toBe('not applicable');
  });
});

describe('EnclaveEnabledWhenRequired', () => {
  const template = enclaveEnabledWhenRequired.nonCompliant;

  test('needs an enclave only for an enclave key: a TPM does without', () => {
    const KeyPolicy = {
      Statement: [
        {
          ...attested('kms:Decrypt', { 'kms:RecipientAttestation:NitroTPMPCR7': DIGEST }),
          Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        },
      ],
    };
    expect(verdict(enclaveEnabledWhenRequired, template)).toEqual(['LaunchTemplateData.EnclaveOptions.Enabled']);
    expect(verdict(enclaveEnabledWhenRequired, changed(template, 'Key', { KeyPolicy }))).toBe('not applicable');
  });

  test('an instance from a launch template takes its options from there', () => {
    const { Host: _, ...others } = template;
    const instance = (properties: object) => ({
      ...others,
      Instance: {
        Type: 'AWS::EC2::Instance',
        Properties: { IamInstanceProfile: { Ref: 'Profile' }, ...properties },
      },
    });
    expect(verdict(enclaveEnabledWhenRequired, instance({}))).toEqual(['EnclaveOptions.Enabled']);
    expect(verdict(enclaveEnabledWhenRequired, instance({ LaunchTemplate: { Version: '1' } }))).toBe('not applicable');
  });

  test('another role needs none', () => {
    const key = keyWith(attested('kms:Decrypt'));
    expect(verdict(enclaveEnabledWhenRequired, { ...template, ...key })).toBe('not applicable');
  });
});

describe('hosts', () => {
  const host = (data: object) => ({
    Host: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { EnclaveOptions: { Enabled: 'true' }, ...data } },
    },
  });

  test.each([
    ['HibernationOptions', { HibernationOptions: { Configured: true } }, 'HibernationOptions.Configured'],
    ['KeyName', { KeyName: { Ref: 'Key' } }, 'KeyName'],
    [
      'a public address',
      { NetworkInterfaces: [{ AssociatePublicIpAddress: false }, { AssociatePublicIpAddress: true }] },
      'NetworkInterfaces.1.AssociatePublicIpAddress',
    ],
  ])('EnclaveHostHardened finds %s', (_, data, property) => {
    const template = host({ Monitoring: { Enabled: true }, ...data });
    expect(verdict(enclaveHostHardened, template)).toEqual([`LaunchTemplateData.${property}`]);
  });

  test('hosts without enclaves are none of its business', () => {
    expect(verdict(enclaveHostHardened, host({ EnclaveOptions: { Enabled: false }, KeyName: 'admin' }))).toBe(
      'not applicable',
    );
  });

  test.each([
    't3.xlarge',
    't4g.large',
    'm5.large',
    'c7a.large',
    'm7g.medium',
    'c6i.metal',
    'm7g.metal',
    'm4.4xlarge',
    'a1.4xlarge',
    'm7i-flex.2xlarge',
    'i3.8xlarge',
    'x1e.xlarge',
    'm7i.metal-24xl',
  ])('EnclaveHostInstanceType knows that %s runs no enclaves', (type) => {
    expect(verdict(enclaveHostInstanceType, host({ InstanceType: type }))).toEqual(['LaunchTemplateData.InstanceType']);
  });

  test.each([
    'm5.xlarge',
    'm6g.large',
    'c7gn.large',
    'x2gd.large',
    'r7g.xlarge',
    'm7gd.12xlarge',
    'm7i.2xlarge',
    'c5n.9xlarge',
    'i3en.3xlarge',
    'p5.48xlarge',
    'm6i.xlarge',
  ])('EnclaveHostInstanceType accepts %s', (type) => {
    expect(verdict(enclaveHostInstanceType, host({ InstanceType: type }))).toBe('compliant');
  });

  test('EnclaveHostInstanceType leaves a type that somebody else chooses', () => {
    expect(verdict(enclaveHostInstanceType, host({}))).toBe('not applicable');
    expect(verdict(enclaveHostInstanceType, host({ InstanceType: { 'Fn::Unheard': 1 } }))).toEqual([
      'unresolved LaunchTemplateData.InstanceType',
    ]);
  });
});

describe('Ec2ImdsV2', () => {
  const instance = (properties: object) => ({ Instance: { Type: 'AWS::EC2::Instance', Properties: properties } });

  test('an instance from a launch template is judged by what it states itself', () => {
    const LaunchTemplate = { LaunchTemplateName: 'x', Version: '1' };
    expect(verdict(ec2ImdsV2, instance({ LaunchTemplate }))).toBe('not applicable');
    expect(verdict(ec2ImdsV2, instance({ LaunchTemplate, MetadataOptions: { HttpTokens: 'optional' } }))).toEqual([
      'MetadataOptions.HttpTokens',
    ]);
  });

  test('two hops reach a container, three go too far', () => {
    const hops = (HttpPutResponseHopLimit: number) =>
      verdict(ec2ImdsV2, instance({ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit } }));
    expect([hops(2), hops(3)]).toEqual(['compliant', ['MetadataOptions.HttpPutResponseHopLimit']]);
  });

  test('a service that is off needs no tokens', () => {
    expect(verdict(ec2ImdsV2, instance({ MetadataOptions: { HttpEndpoint: 'disabled' } }))).toBe('not applicable');
  });
});

describe('Ec2EbsCmk', () => {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  const mapped = (...BlockDeviceMappings: object[]) => ({
    Instance: { Type: 'AWS::EC2::Instance', Properties: { BlockDeviceMappings, Tags } },
  });

  test('a device that is no EBS volume needs no key', () => {
    expect(verdict(ec2EbsCmk, mapped({ VirtualName: 'ephemeral0' }, { NoDevice: {} }))).toBe('compliant');
  });

  test("AWS's own key is not enough", () => {
    expect(verdict(ec2EbsCmk, mapped({ Ebs: { Encrypted: true, KmsKeyId: 'alias/aws/ebs' } }))).toEqual([
      'BlockDeviceMappings.0.Ebs.KmsKeyId',
    ]);
  });

  test('it is silent on an instance that leaves its volumes to the image, and outside AI systems', () => {
    expect(verdict(ec2EbsCmk, { Instance: { Type: 'AWS::EC2::Instance', Properties: { Tags } } })).toBe(
      'not applicable',
    );
    expect(verdict(ec2EbsCmk, { Volume: { Type: 'AWS::EC2::Volume', Properties: {} } })).toBe('not applicable');
  });

  test('it reads launch templates', () => {
    const template = {
      ...ec2EbsCmk.compliant,
      Template: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: { LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { Encrypted: true } }] } },
      },
    };
    expect(verdict(ec2EbsCmk, template)).toEqual(['LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId']);
  });
});
