import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { type Statement, statementName, statementsOf } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import { ACCOUNT, keyWith, unattestedDenied } from './examples';
import { holdsAction, isDenied, opennessOf, pathOf, statementsOnAttestation } from './key-policy';

const MOVES = 'kms:ReEncryptFrom';

/**
 * What an attested key encrypted is not moved under another key. KMS decides on ReEncrypt without kms:Decrypt, and takes
 * no attestation document with it, so a Deny of decryption alone leaves this way open.
 */
export const enclaveKeyReEncryption = rule({
  id: 'EnclaveKeyReEncryption',
  appliesTo: KEY_TYPES,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.6.2.5'],
  crosswalk: { nist80053: ['SC-12', 'AC-4'], nistAiRmf: ['MEASURE 2.7'], euAiAct: ['Art. 15'], atlas: ['AML.T0035'] },
  why: 'Who may re-encrypt moves the ciphertext under a key of their own and decrypts it there, without an enclave.',
  fix: 'Add kms:ReEncryptFrom to the Deny of unattested callers, and leave it out of every Allow.',
  claims: ['KeyPolicy.Statement.*.Action', 'KeyPolicy.Deny.kms:ReEncryptFrom'],
  beyondGuard: 'a path is open or closed by all statements of the policy together',
  check: ({ properties: { KeyPolicy } }) => {
    if (KeyPolicy instanceof Opaque || statementsOnAttestation(KeyPolicy).length === 0) {
      return undefined;
    }
    const statements = statementsOf(KeyPolicy);
    return statements
      .filter((statement) => movesCiphertext(statement, statements))
      .map((statement) =>
        violation(
          pathOf(statement),
          `${statementName(statement)} allows ${MOVES}, which needs no attestation document`,
        ),
      );
  },
  compliant: keyWith(ACCOUNT, { ...unattestedDenied('kms:Decrypt'), Action: ['kms:Decrypt', MOVES] }),
  nonCompliant: keyWith(ACCOUNT, unattestedDenied('kms:Decrypt')),
});

/** An Allow that asks for attestation never holds for it: its condition key is absent. */
function movesCiphertext(statement: Statement, statements: readonly Statement[]): boolean {
  return (
    statement.effect === 'Allow' &&
    holdsAction(statement, MOVES) &&
    opennessOf(statement) !== undefined &&
    !isDenied(MOVES, statement.principals, statements)
  );
}
