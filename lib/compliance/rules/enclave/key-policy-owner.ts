import { textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { conditionKeys, type Statement, statementName, statementsOf } from '../../statements';
import { isAccount, KEY_TYPES } from '../keys/key-policy';
import { OF_ENCLAVES } from './attestation';
import { attested, keyWith, unattestedDenied } from './examples';
import { holdsAction, pathOf, refuses, statementsOnAttestation } from './key-policy';

const CHANGE = 'kms:PutKeyPolicy';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deploy';

/**
 * Named roles change what an attested key opens to, and nobody else in the account. KMS takes no attestation document
 * with PutKeyPolicy (aws-nitro-enclaves-sdk-c issue 127), so whoever may change the policy may open the key.
 */
export const enclaveKeyPolicyOwner = rule({
  id: 'EnclaveKeyPolicyOwner',
  appliesTo: KEY_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-5', 'AC-6', 'CM-5', 'SC-12'], euAiAct: ['Art. 15'] },
  why: 'Every administrator with kms:* takes the measurements out of the policy, decrypts the model, and puts them back.',
  fix: 'Deny kms:PutKeyPolicy with ArnNotEquals on aws:PrincipalArn to all but the role that deploys, or allow it to that role alone.',
  claims: ['KeyPolicy.Statement.*.Action', 'KeyPolicy.Deny.kms:PutKeyPolicy'],
  beyondGuard: 'who may change a policy is said by all of its statements together',
  check: ({ properties: { KeyPolicy } }) => {
    const statements = statementsOf(KeyPolicy);
    if (statementsOnAttestation(KeyPolicy, OF_ENCLAVES).length === 0) {
      return undefined;
    }
    return statements
      .filter((statement) => opensPolicy(statement, statements))
      .map((statement) =>
        violation(
          pathOf(statement),
          `${statementName(statement)} allows ${CHANGE} to more than roles that it names: the key is theirs to open`,
        ),
      );
  },
  compliant: keyWith(attested('kms:Decrypt'), { Effect: 'Allow', Principal: { AWS: DEPLOYER }, Action: CHANGE }),
  nonCompliant: keyWith(unattestedDenied('kms:Decrypt'), {
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    Action: 'kms:*',
  }),
});

function opensPolicy(statement: Statement, statements: readonly Statement[]): boolean {
  return (
    statement.effect === 'Allow' &&
    holdsAction(statement, CHANGE) &&
    !namesOwners(statement) &&
    !statements.some((denial) => refuses(denial, CHANGE, statement.principals) && exemptsOwners(denial))
  );
}

function namesOwners({ principals, conditions }: Statement): boolean {
  const named = principals.length > 0 && principals.every(isOne);
  return named || callers(conditions, /^(ArnEquals|ArnLike|StringEquals|StringLike)$/).some(areNamed);
}

/** A Deny for all, or for all but the callers that its only condition names. */
function exemptsOwners({ conditions }: Statement): boolean {
  const keys = conditionKeys(conditions).length;
  return keys === 0 || (keys === 1 && callers(conditions, /^(Arn|String)Not(Equals|Like)(IfExists)?$/).some(areNamed));
}

/** Values of each condition on who calls. */
function callers(conditions: Statement['conditions'], operator: RegExp): unknown[][] {
  return Object.entries(conditions)
    .filter(([name]) => operator.test(name))
    .flatMap(([, block]) => Object.entries(block))
    .filter(([key]) => key.toLowerCase() === 'aws:principalarn')
    .map(([, value]) => asList(value));
}

function areNamed(values: readonly unknown[]): boolean {
  return values.length > 0 && values.every((value) => isOne(textOf(value)));
}

/** What only a deployment knows is a reference to somebody. */
function isOne(principal: string): boolean {
  return !/[*?]/.test(principal) && !isAccount(principal);
}
