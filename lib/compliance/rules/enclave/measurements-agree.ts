import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { type Statement, statementName, statementsOf } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import {
  type AttestationCondition,
  admitsListed,
  attestationConditions,
  OF_ENCLAVES,
  refusesUnlisted,
  registerOf,
} from './attestation';
import { PLAINTEXT_ACTIONS } from './attested-paths';
import { attested, keyWith, unattestedDenied } from './examples';
import { holdsAction, pathOf } from './key-policy';

/**
 * What a key's Allows admit and what its Denies let through is one set of measurements, register by register. After a rollout,
 * both lists have to be shortened.
 *
 * Prowler: kms_key_enclave_attestation_pcr_mismatch, which compares with a list of the operator's. Here one half of the
 * policy is the list for the other.
 */
export const enclaveMeasurementsAgree = rule({
  id: 'EnclaveMeasurementsAgree',
  appliesTo: KEY_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.5'],
  crosswalk: { nist80053: ['SI-7', 'CM-3', 'CM-6'], nistAiRmf: ['MEASURE 2.7'], euAiAct: ['Art. 15'] },
  why: 'An image that was withdrawn from one list only comes back with the next careless Allow; one that is missing never starts.',
  fix: 'Write both lists from one reviewed file of measurements, as AttestedKey does.',
  claims: [],
  beyondGuard: 'it compares statements of one policy with each other',
  check: ({ properties: { KeyPolicy } }) => {
    const statements = statementsOf(KeyPolicy);
    const verdicts = statements
      .filter(({ effect }) => effect === 'Deny')
      .flatMap((denial) => conditionsOf(denial, refusesUnlisted).map((passed) => compare(denial, passed, statements)));
    return verdicts.every((verdict) => verdict === undefined)
      ? undefined
      : verdicts.flatMap((verdict) => verdict ?? []);
  },
  compliant: keyWith(attested('kms:Decrypt'), unattestedDenied('kms:Decrypt')),
  nonCompliant: keyWith(
    attested('kms:Decrypt', { 'kms:RecipientAttestation:PCR0': 'e5'.repeat(48) }),
    unattestedDenied('kms:Decrypt'),
  ),
});

/** Undefined where no Allow asks for the register: there is nothing to agree with. */
function compare(
  denial: Statement,
  passed: AttestationCondition,
  statements: readonly Statement[],
): Violation[] | undefined {
  const admitted = statements
    .filter((statement) => statement.effect === 'Allow' && concernsSame(statement, denial))
    .flatMap((statement) => conditionsOf(statement, admitsListed))
    .filter((condition) => registerOf(condition) === registerOf(passed));
  return admitted.length === 0
    ? undefined
    : differences(
        denial,
        passed,
        admitted.flatMap(({ values }) => values),
      );
}

function differences(denial: Statement, { key, values }: AttestationCondition, admitted: unknown[]): Violation[] {
  const unknown = [...values, ...admitted].find((value) => value instanceof Opaque);
  if (unknown instanceof Opaque) {
    return [unresolved(pathOf(denial), unknown)];
  }
  const [allowed, passed] = [admitted, values].map((list) => new Set(list.map((value) => textOf(value).toLowerCase())));
  const found = (value: string, fault: string) =>
    violation(pathOf(denial), `${statementName(denial)} ${fault} ${key} ${value.slice(0, 20)}`);
  return [
    ...[...allowed].filter((value) => !passed.has(value)).map((value) => found(value, 'refuses, against an Allow,')),
    ...[...passed].filter((value) => !allowed.has(value)).map((value) => found(value, 'exempts, without an Allow,')),
  ];
}

function conditionsOf(
  statement: Statement,
  isMeant: (condition: AttestationCondition) => boolean,
): AttestationCondition[] {
  return attestationConditions(statement).filter(
    (condition) => isMeant(condition) && OF_ENCLAVES.test(condition.measurement),
  );
}

function concernsSame(one: Statement, other: Statement): boolean {
  return PLAINTEXT_ACTIONS.some((action) => holdsAction(one, action) && holdsAction(other, action));
}
