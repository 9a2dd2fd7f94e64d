import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { type Statement, statementName } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import { attestationConditions, OF_ENCLAVES } from './attestation';
import { attested, keyWith } from './examples';
import { pathOf, statementsOnAttestation } from './key-policy';

/** The measurements that a key asks for are measurements: SHA-384 in hexadecimal, and not the zeros of debug mode. */
export const enclavePcrNotDebug = rule({
  id: 'EnclavePcrNotDebug',
  appliesTo: KEY_TYPES,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SI-7', 'CM-6'], euAiAct: ['Art. 15'] },
  why: 'Every enclave in debug mode attests zeros, so a key that asks for zeros opens to any image, with its memory in view.',
  fix: 'Put the measurement that the build printed (96 hexadecimal digits) into the condition.',
  claims: ['ImageSha384', 'PCR0', 'PCR8'].map(
    (measurement) => `KeyPolicy.Statement.*.Condition.kms:RecipientAttestation:${measurement}`,
  ),
  beyondGuard: 'the condition keys to look at are numbered, and stand under any operator',
  check: ({ properties: { KeyPolicy } }) => {
    const statements = statementsOnAttestation(KeyPolicy, OF_ENCLAVES);
    return statements.length === 0 ? undefined : statements.flatMap(judgeStatement);
  },
  compliant: keyWith(attested('kms:Decrypt')),
  nonCompliant: keyWith(attested('kms:Decrypt', { 'kms:RecipientAttestation:PCR0': '0'.repeat(96) })),
});

function judgeStatement(statement: Statement): Violation[] {
  return attestationConditions(statement)
    .filter(({ operator, measurement }) => operator !== 'Null' && OF_ENCLAVES.test(measurement))
    .flatMap(({ key, values }) => values.flatMap((value) => judgeValue(value, key, statement)));
}

function judgeValue(value: unknown, key: string, statement: Statement): Violation[] {
  const digits = textOf(value);
  if (value instanceof Opaque) {
    return [unresolved(pathOf(statement), value)];
  }
  if (/^0+$/.test(digits)) {
    return [violation(pathOf(statement), `${statementName(statement)} asks for ${key} of zeros, as in debug mode`)];
  }
  return /^[0-9a-f]{96}$/i.test(digits)
    ? []
    : [
        violation(
          pathOf(statement),
          `${statementName(statement)} asks for ${key} ${digits.slice(0, 20)}, which is no SHA-384`,
        ),
      ];
}
