import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { type Statement, statementName, statementsOf } from '../../statements';
import { actionSet, firstCovering } from '../identity/covering';
import { isAccount, isService, KEY_TYPES, keyWith } from './key-policy';

/**
 * Who administers a key does not use it. The account as a whole is left to KmsKeyUseNotDelegated: to hand administration
 * to it is what keeps a key manageable.
 */
export const kmsAdminUserSeparation = rule({
  id: 'KmsAdminUserSeparation',
  appliesTo: KEY_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2'],
  crosswalk: { nist80053: ['AC-5', 'AC-6', 'SC-12'] },
  why: 'One stolen role decrypts the data, and then locks everyone out or destroys the key for ransom.',
  fix: 'Give administration and use of the key to different roles, and replace kms:* by the actions of one side.',
  claims: ['KeyPolicy.Statement.*.Action'],
  beyondGuard: 'the rights of a principal add up over statements',
  check: (key) => {
    const { KeyPolicy } = key.properties;
    if (KeyPolicy instanceof Opaque) {
      return [unresolved('KeyPolicy', KeyPolicy)];
    }
    const grants = statementsOf(KeyPolicy).filter((statement) => statement.effect === 'Allow' && !delegates(statement));
    return grants.length === 0
      ? undefined
      : holdersOf(grants)
          .filter(([, statements]) => both(statements))
          .map(([holder]) => violation('KeyPolicy', `${holder} may both administer and use the key`));
  },
  compliant: keyWith({
    Principal: { AWS: 'arn:aws:iam::111122223333:role/data' },
    Action: ['kms:Decrypt', 'kms:DescribeKey'],
  }),
  nonCompliant: keyWith({ Principal: { AWS: 'arn:aws:iam::111122223333:role/data' }, Action: 'kms:*' }),
});

const ADMINISTERS = actionSet('kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion');
const USES = actionSet('kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateMac', 'kms:Sign');

/** The account without a condition on whom of it: what it may do is for its IAM policies to say. */
function delegates({ principals, conditions }: Statement): boolean {
  return principals.every(isAccount) && Object.keys(conditions).length === 0;
}

/** Named principals hold what all of their statements give them; of others, only one statement at a time is certain. */
function holdersOf(grants: readonly Statement[]): [string, Statement[]][] {
  const named = new Set(grants.flatMap(({ principals }) => principals).filter(isNamed));
  return [
    ...[...named].map((holder): [string, Statement[]] => [
      holder,
      grants.filter(({ principals }) => principals.includes(holder)),
    ]),
    ...grants
      .filter(({ principals }) => !principals.some(isNamed))
      .map((statement): [string, Statement[]] => [`whom ${statementName(statement)} lets in`, [statement]]),
  ];
}

function isNamed(principal: string): boolean {
  return principal !== '*' && !isAccount(principal) && !isService(principal);
}

function both(statements: readonly Statement[]): boolean {
  const actions = statements.flatMap((statement) => statement.actions);
  return firstCovering(actions, ADMINISTERS) !== undefined && firstCovering(actions, USES) !== undefined;
}
