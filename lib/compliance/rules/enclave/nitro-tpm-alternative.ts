import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_WARNING, type Violation } from '../../rule';
import { type Statement, statementName } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import { type AttestationCondition, attestationConditions } from './attestation';
import { attested, keyWith } from './examples';
import { pathOf, statementsOnAttestation } from './key-policy';

const OF_TPM = /^nitrotpmpcr\d+$/;
const DIGEST = 'b2'.repeat(48);

/**
 * A key for instances with a NitroTPM asks for what identifies an attestable AMI: PCR4 and PCR12 (what booted, and its
 * command line), or PCR7 with Secure Boot (EC2 guide, "Prepare AWS KMS for attestation"). KMS takes small letters only.
 */
export const enclaveNitroTpmAlternative = rule({
  id: 'EnclaveNitroTpmAlternative',
  appliesTo: KEY_TYPES,
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SI-7', 'SC-12'] },
  why: 'With part of the boot unmeasured, an administrator adds a kernel option or another image and still gets the key.',
  fix: 'Ask for NitroTPMPCR4 and NitroTPMPCR12, or for NitroTPMPCR7, in small hexadecimal digits.',
  claims: ['NitroTPMPCR4', 'NitroTPMPCR7', 'NitroTPMPCR12'].map(
    (pcr) => `KeyPolicy.Statement.*.Condition.kms:RecipientAttestation:${pcr}`,
  ),
  beyondGuard: 'the condition keys to look at are numbered, and stand under any operator',
  check: ({ properties: { KeyPolicy } }) => {
    const statements = statementsOnAttestation(KeyPolicy, OF_TPM);
    return statements.length === 0 ? undefined : statements.flatMap(judgeStatement);
  },
  compliant: keyWith(
    attested('kms:Decrypt', {
      'kms:RecipientAttestation:NitroTPMPCR4': DIGEST,
      'kms:RecipientAttestation:NitroTPMPCR12': DIGEST,
    }),
  ),
  nonCompliant: keyWith(attested('kms:Decrypt', { 'kms:RecipientAttestation:NitroTPMPCR4': DIGEST })),
});

function judgeStatement(statement: Statement): Violation[] {
  const conditions = attestationConditions(statement).filter(({ measurement }) => OF_TPM.test(measurement));
  return [
    ...(statement.effect === 'Allow' && !identifiesImage(conditions)
      ? [
          violation(
            pathOf(statement),
            `${statementName(statement)} asks for neither PCR4 and PCR12 nor PCR7 of the TPM`,
          ),
        ]
      : []),
    ...conditions
      .filter(({ operator }) => operator !== 'Null')
      .flatMap(({ key, values }) => values.flatMap((value) => judgeValue(value, key, statement))),
  ];
}

function identifiesImage(conditions: readonly AttestationCondition[]): boolean {
  const asked = conditions.map(({ measurement }) => measurement);
  return asked.includes('nitrotpmpcr7') || (asked.includes('nitrotpmpcr4') && asked.includes('nitrotpmpcr12'));
}

function judgeValue(value: unknown, key: string, statement: Statement): Violation[] {
  if (value instanceof Opaque) {
    return [unresolved(pathOf(statement), value)];
  }
  return /^[0-9a-f]{96}$/.test(textOf(value))
    ? []
    : [
        violation(
          pathOf(statement),
          `${statementName(statement)} asks for ${key} with what is no SHA-384 in small digits`,
        ),
      ];
}
