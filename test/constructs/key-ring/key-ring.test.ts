import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KeyRing, Purpose, WorkloadRole } from '../../../constructs';
import { nagErrors } from '../../support/nag';

function ringIn(stack: Stack, props: { removalPolicy?: RemovalPolicy; administrators?: iam.IPrincipal[] } = {}) {
  return new KeyRing(stack, 'Keys', {
    system: 'credit-scoring',
    stage: 'dev',
    purposes: [Purpose.DATA, Purpose.LOGS],
    ...props,
  });
}

describe('default form', () => {
  test('makes one rotating key per purpose, retained, with an alias that names stage, system and purpose', () => {
    const stack = new Stack();
    ringIn(stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 2);
    template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/palisade/dev/credit-scoring/data' });
  });

  test('no statement that names the account without a condition allows use', () => {
    const stack = new Stack();
    ringIn(stack);
    const keys = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    const unconditional = keys.flatMap((key) =>
      key.Properties.KeyPolicy.Statement.filter((statement: { Condition?: unknown }) => !statement.Condition),
    );
    const actions = unconditional.flatMap((statement: { Action: string[] }) => statement.Action);
    expect(actions).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/\*|crypt|GenerateDataKey|CreateGrant/)]),
    );
    expect(actions).toContain('kms:PutKeyPolicy');
  });

  test('passes cdk-nag', () => {
    const app = new App();
    ringIn(new Stack(app, 'Stack'));
    expect(nagErrors(app)).toEqual([]);
  });
});

describe('customised form', () => {
  test('named administrators replace the account', () => {
    const stack = new Stack();
    ringIn(stack, { administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/KeyAdmin')] });
    Template.fromStack(stack).allResourcesProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'AdministerWithoutUse',
            Principal: { AWS: 'arn:aws:iam::111122223333:role/KeyAdmin' },
          }),
        ]),
      },
    });
  });

  test('keys are destroyed only when both switches are on', () => {
    const policyOf = (context: Record<string, unknown>, removalPolicy?: RemovalPolicy) => {
      const stack = new Stack(new App({ context }), 'Stack');
      ringIn(stack, { removalPolicy });
      return Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))[0].DeletionPolicy;
    };
    const allow = { 'palisade:allowDataRemoval': true };
    expect(policyOf({}, RemovalPolicy.DESTROY)).toBe('Retain');
    expect(policyOf(allow)).toBe('Retain');
    expect(policyOf(allow, RemovalPolicy.DESTROY)).toBe('Delete');
  });
});

describe('grants', () => {
  test('a bucket grant tags a role of a later stack and needs no reference back', () => {
    const app = new App();
    const keys = new Stack(app, 'Keys');
    const later = new Stack(app, 'Later');
    const bucket = new s3.Bucket(keys, 'Bucket', { encryptionKey: ringIn(keys).key(Purpose.DATA) });
    const role = new WorkloadRole(later, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Reads',
    });
    bucket.grantRead(role);
    Template.fromStack(later).hasResourceProperties('AWS::IAM::Role', {
      Tags: [{ Key: 'palisade:key/dev/credit-scoring/data', Value: 'use' }],
    });
    Template.fromStack(keys).resourcePropertiesCountIs(
      'AWS::KMS::Key',
      { KeyPolicy: { Statement: Match.anyValue() } },
      2,
    );
  });

  test('a role made elsewhere is named in the key policy', () => {
    const stack = new Stack();
    const role = iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/Analyst');
    ringIn(stack).key(Purpose.DATA).grantDecrypt(role);
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'kms:Decrypt', Principal: { AWS: 'arn:aws:iam::111122223333:role/Analyst' } }),
        ]),
      },
    });
  });

  test('an encryption context bounds the grant', () => {
    const stack = new Stack();
    const role = new WorkloadRole(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Reads',
    });
    ringIn(stack).key(Purpose.DATA).grantWithContext(role, { 'palisade:purpose': 'training' }, 'kms:Decrypt');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: 'kms:Decrypt',
            Condition: { StringEquals: { 'kms:EncryptionContext:palisade:purpose': 'training' } },
          }),
        ],
      },
    });
  });
});

describe('bad input', () => {
  test.each(['', 'Credit', '1st', 'a'.repeat(41), 'a/b'])('refuses %p as a system name', (system) => {
    const make = () => new KeyRing(new Stack(), 'Keys', { system, stage: 'dev', purposes: [] });
    expect(make).toThrow(expect.objectContaining({ code: 'PALISADE-K001' }));
  });

  test('a purpose without a key is a coded error', () => {
    const ring = ringIn(new Stack());
    expect(() => ring.key(Purpose.AUDIT)).toThrow(expect.objectContaining({ code: 'PALISADE-K002' }));
  });
});
