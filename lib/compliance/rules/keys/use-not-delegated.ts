import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { type Statement, statementsOf } from '../../statements';
import { KEY_TYPES } from './key-policy';

const USE = /^(\*|kms:(\*|.*(Decrypt|Encrypt|GenerateDataKey|GenerateMac|Sign|CreateGrant|DeriveSharedSecret).*))$/i;

/** Keys that hold for every principal of the account, so a condition on them alone holds nobody back. */
const ACCOUNT_KEYS = [
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:securetransport',
  'kms:calleraccount',
  'kms:grantisforawsresource',
];

const ACCOUNT = /^(\*|\d{12}|arn:[^:]*:iam::\d{12}:root)$/;

/** A key's policy does not hand its use to whatever the account's IAM policies allow. */
export const kmsKeyUseNotDelegated = rule({
  id: 'KmsKeyUseNotDelegated',
  appliesTo: KEY_TYPES,
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.4.5', 'A.3.2'],
  crosswalk: { nist80053: ['AC-5', 'AC-6', 'SC-12'] },
  why: 'With use delegated to the account, any IAM administrator can decrypt what the key protects.',
  fix: 'Give the account administration only; let roles use the key by name or by aws:PrincipalTag.',
  claims: [
    'KeyPolicy.Statement.*',
    'KeyPolicy.Statement.*.Action',
    'KeyPolicy.Statement.*.Condition.aws:PrincipalTag',
    'KeyPolicy.Statement.*.Condition.kms:ViaService',
  ],
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: ({ properties: { KeyPolicy } }) => {
    if (KeyPolicy instanceof Opaque) {
      return [unresolved('KeyPolicy', KeyPolicy)];
    }
    const statements = statementsOf(KeyPolicy);
    if (statements.length === 0) {
      return [violation('KeyPolicy', 'found no statement; without a policy, KMS gives the account every use')];
    }
    return statements
      .filter((statement) => holdsNobodyBack(statement) && delegatesUse(statement))
      .map(({ sid, index }) =>
        violation('KeyPolicy', `statement ${sid || `number ${index}`} leaves it to IAM policies who may use the key`),
      );
  },
  compliant: policy(['kms:PutKeyPolicy', 'kms:DescribeKey']),
  nonCompliant: policy(['kms:*']),
});

function holdsNobodyBack({ effect, conditions }: Statement): boolean {
  const keys = Object.values(conditions).flatMap((block) => Object.keys(block));
  return effect === 'Allow' && keys.every((key) => ACCOUNT_KEYS.includes(key.toLowerCase()));
}

function delegatesUse({ actions, principals, inverted }: Statement): boolean {
  return (
    principals.some((principal) => ACCOUNT.test(principal)) && (inverted || actions.some((action) => USE.test(action)))
  );
}

function policy(Action: string[]) {
  const Statement = [
    { Sid: 'Account', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action, Resource: '*' },
  ];
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement }, Tags } } };
}
