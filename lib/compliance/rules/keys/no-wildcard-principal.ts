import { rule } from '../../define-rule';
import { ALWAYS_ERROR } from '../../rule';
import type { Statement } from '../../statements';
import { demands } from '../identity/demands';
import { judgeStatements, KEY_TYPES, keyWith } from './key-policy';

/** No key may be used by anyone: the service through which a request comes does not say whose request it is. */
export const kmsNoWildcardPrincipal = rule({
  id: 'KmsNoWildcardPrincipal',
  appliesTo: KEY_TYPES,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.3.2'],
  crosswalk: { securityHub: ['KMS.5'], nist80053: ['AC-3', 'AC-6', 'SC-12'] },
  why: 'Anyone with an AWS account of their own decrypts with the key, and the data needs only one more mistake.',
  fix: 'Name the principals, or bind the statement by kms:CallerAccount or aws:PrincipalOrgID and by kms:ViaService.',
  claims: ['KeyPolicy.Statement.*.Principal'],
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: (key) => judgeStatements(key, holeOf),
  compliant: keyWith({ Principal: { AWS: 'arn:aws:iam::111122223333:role/data' }, Action: 'kms:Decrypt' }),
  nonCompliant: keyWith({ Principal: '*', Action: 'kms:Decrypt' }),
});

/** Keys that say whose request it is. `kms:ViaService` and encryption contexts do not: anyone can fill them in. */
const WHOSE =
  /^(aws:(principal(account|arn|org(id|paths)|tag\/.+)|source(account|arn|org(id|paths)|owner|vpc|vpce)|userid)|kms:calleraccount)$/i;

/** Keys that choose among the principals of an account, or the service that asks for them. */
const WHICH = /^(aws:(principalarn|sourcearn|userid)|kms:viaservice)$/i;

function holeOf(statement: Statement): string | undefined {
  const { effect, principals, inverted } = statement;
  const everyone = principals.includes('*') || (inverted && principals.length === 0);
  if (effect !== 'Allow' || !everyone) {
    return undefined;
  }
  if (!demands(statement, WHOSE)) {
    return 'lets anyone in, expected principals or kms:CallerAccount';
  }
  return demands(statement, WHICH)
    ? undefined
    : 'lets everyone of an account in, whatever their own policies say: expected principals or kms:ViaService';
}
