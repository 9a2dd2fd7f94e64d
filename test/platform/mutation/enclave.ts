import type { MinimalTemplate } from '../../../lib/compliance';

const MEASURED = { 'kms:RecipientAttestation:ImageSha384': 'a1'.repeat(48) };
const HOST = { 'Fn::GetAtt': ['Role', 'Arn'] };

/** A host of enclaves with two keys, one of either form: here the templates say which code a key is for. */
export const ENCLAVE: MinimalTemplate = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [
        {
          PolicyName: 'decrypt',
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'kms:Decrypt',
                Resource: ['Pinned', 'Guarded'].map((key) => ({ 'Fn::GetAtt': [key, 'Arn'] })),
              },
            ],
          },
        },
      ],
    },
  },
  Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
  Host: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: {
      LaunchTemplateData: {
        EnclaveOptions: { Enabled: true },
        IamInstanceProfile: { Arn: { 'Fn::GetAtt': ['Profile', 'Arn'] } },
        InstanceType: 'm6i.xlarge',
        MetadataOptions: { HttpTokens: 'required' },
      },
    },
  },
  Pinned: keyWith(
    allow('Enclave', HOST, 'kms:Decrypt', { StringEqualsIgnoreCase: MEASURED }),
    allow('Operators', person('operator'), ['kms:DescribeKey', 'kms:DisableKey', 'kms:PutKeyPolicy']),
  ),
  Guarded: keyWith(allow('Enclave', HOST, 'kms:Decrypt'), allow('Sender', person('sender'), 'kms:Encrypt'), {
    Sid: 'AttestedOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: ['kms:Decrypt', 'kms:ReEncryptFrom'],
    Resource: '*',
    Condition: { StringNotEqualsIgnoreCase: MEASURED },
  }),
};

function person(name: string): string {
  return `arn:aws:iam::111122223333:role/${name}`;
}

function allow(Sid: string, AWS: unknown, Action: string | string[], Condition?: object) {
  return { Sid, Effect: 'Allow', Principal: { AWS }, Action, Resource: '*', ...(Condition && { Condition }) };
}

function keyWith(...Statement: object[]) {
  return { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: { Statement } } };
}
