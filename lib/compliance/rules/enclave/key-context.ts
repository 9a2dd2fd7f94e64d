import { type GraphResource, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { conditionKeys, type Statement, statementsOf } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import { type AttestedPath, attestedPaths, faultOf } from './attested-paths';
import { attested, keyWith } from './examples';
import { refuses } from './key-policy';

const CONTEXT = /^kms:EncryptionContext:./i;
const EXAMPLE = { 'kms:EncryptionContext:system': 'clinical-notes' };

/**
 * An enclave opens what was sealed for it, and says so by the encryption context that the key policy asks for. Keys of other
 * specifications than SYMMETRIC_DEFAULT take no context (KMS Developer Guide, "Encryption context").
 */
export const enclaveKeyContext = rule({
  id: 'EnclaveKeyContext',
  appliesTo: KEY_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'SC-28', 'AC-4'], euAiAct: ['Art. 15'] },
  why: 'A host hands the enclave the ciphertext of another system, or a model that somebody else sealed, and it opens.',
  fix: 'Condition each Allow with StringEquals on kms:EncryptionContext:<name>, or deny everyone else with StringNotEquals.',
  claims: ['KeyPolicy.Statement.*.Condition.kms:EncryptionContext', 'KeyPolicy.Deny.kms:EncryptionContext'],
  beyondGuard: 'a path is bound by all statements of the policy together',
  check: (key) => {
    const { KeyPolicy } = key.properties;
    const paths = takesContext(key) ? attestedPaths(KeyPolicy).filter(carriesContext) : [];
    const statements = statementsOf(KeyPolicy);
    return paths.length === 0
      ? undefined
      : faultOf(
          paths.filter((path) => !asksContext(path, statements)),
          'whatever the encryption context is',
        );
  },
  compliant: keyWith({
    ...attested('kms:Decrypt'),
    Condition: { ...attested('kms:Decrypt').Condition, StringEquals: EXAMPLE },
  }),
  nonCompliant: keyWith(attested('kms:Decrypt')),
});

function takesContext({ properties: { KeySpec, KeyUsage } }: GraphResource): boolean {
  return (
    textOf(KeySpec ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT' &&
    textOf(KeyUsage ?? 'ENCRYPT_DECRYPT') === 'ENCRYPT_DECRYPT'
  );
}

/** No agreement on a secret has a context. */
function carriesContext({ action }: AttestedPath): boolean {
  return action !== 'kms:DeriveSharedSecret';
}

function asksContext({ statement, action }: AttestedPath, statements: readonly Statement[]): boolean {
  return (
    tests(statement, /^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/) ||
    statements.some(
      (denial) =>
        refuses(denial, action, statement.principals) &&
        conditionKeys(denial.conditions).length === 1 &&
        tests(denial, /^StringNot(Equals|EqualsIgnoreCase|Like)(IfExists)?$/),
    )
  );
}

function tests({ conditions }: Statement, operator: RegExp): boolean {
  return Object.entries(conditions).some(
    ([name, block]) =>
      operator.test(name) && Object.entries(block).some(([key, value]) => CONTEXT.test(key) && isNamed(value)),
  );
}

/** A wildcard alone holds for any context of that name. */
function isNamed(value: unknown): boolean {
  return !asList(value).some((item) => /^[*?]*$/.test(textOf(item)));
}
