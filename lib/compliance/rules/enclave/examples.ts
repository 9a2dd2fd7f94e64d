import type { MinimalTemplate } from '../../rule';

/** Parts of the minimal templates: statements of key policies, and the key that has them. */
const IMAGE = 'a1'.repeat(48);

/** What CDK and the console give a key: the account decides. */
export const ACCOUNT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 'kms:*',
  Resource: '*',
};

/** An Allow to a host of enclaves, for measured images only. */
export function attested(Action: string, pins: object = { 'kms:RecipientAttestation:ImageSha384': IMAGE }) {
  return {
    Sid: 'Enclave',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:role/enclave-host' },
    Action,
    Resource: '*',
    Condition: { StringEqualsIgnoreCase: pins },
  };
}

/** A Deny to everyone without a measured image. */
export function unattestedDenied(Action: string) {
  return {
    Sid: 'AttestedOnly',
    Effect: 'Deny',
    Principal: '*',
    Action,
    Resource: '*',
    Condition: { StringNotEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': IMAGE } },
  };
}

/** A key with a policy of these statements. */
export function keyWith(...Statement: object[]): MinimalTemplate {
  return { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement } } } };
}
