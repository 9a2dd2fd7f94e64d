import { violation } from '../expect';
import type { Rule } from '../rule';
import { isUnconditionedAllow, type Statement, statementsOf } from '../statements';

const USE = /^(\*|kms:(\*|.*(Decrypt|Encrypt|GenerateDataKey|GenerateMac|Sign|CreateGrant|DeriveSharedSecret).*))$/i;
const ACCOUNT = /^(\*|\d{12}|arn:[^:]*:iam::\d{12}:root)$/;

/** A key's policy does not hand its use to whatever the account's IAM policies allow. */
export const kmsKeyUseNotDelegated: Rule = {
  id: 'KmsKeyUseNotDelegated',
  appliesTo: ['AWS::KMS::Key'],
  level: { minimal: 'warning', limited: 'warning', high: 'error' },
  annexA: ['A.4.5', 'A.3.2'],
  crosswalk: { nist80053: ['AC-5', 'AC-6', 'SC-12'] },
  why: 'With use delegated to the account, any IAM administrator can decrypt what the key protects.',
  fix: 'Give the account administration only; let roles use the key by name or by aws:PrincipalTag.',
  check: ({ properties }) =>
    statementsOf(properties.KeyPolicy)
      .filter((statement) => isUnconditionedAllow(statement) && delegatesUse(statement))
      .map(({ sid }) => violation('KeyPolicy', `statement '${sid}' lets every principal of the account use the key`)),
  compliant: policy(['kms:PutKeyPolicy', 'kms:DescribeKey']),
  nonCompliant: policy(['kms:*']),
};

function delegatesUse({ actions, principals, inverted }: Statement): boolean {
  return (
    principals.some((principal) => ACCOUNT.test(principal)) && (inverted || actions.some((action) => USE.test(action)))
  );
}

function policy(Action: string[]) {
  const Statement = [
    { Sid: 'Account', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action, Resource: '*' },
  ];
  return { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: { Statement } } } };
}
