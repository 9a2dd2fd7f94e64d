import { textOf } from '../../../analysis';
import { asList } from '../../expect';
import type { Statement } from '../../statements';

/** One condition of a statement on the attestation document of the caller. */
export interface AttestationCondition {
  /** The operator, such as `StringEqualsIgnoreCase`. */
  readonly operator: string;
  /** The condition key as the template writes it. */
  readonly key: string;
  /** What it asks for, in small letters: `imagesha384`, `pcr0`, `nitrotpmpcr4`. */
  readonly measurement: string;
  readonly values: readonly unknown[];
}

const KEY = /^kms:RecipientAttestation:(.+)$/i;

/** The conditions of a statement on attestation documents. */
export function attestationConditions({ conditions }: Statement): AttestationCondition[] {
  return Object.entries(conditions).flatMap(([operator, block]) =>
    Object.entries(block).flatMap(([key, value]) => {
      const measurement = KEY.exec(key)?.[1].toLowerCase();
      return measurement ? [{ operator, key, measurement, values: asList(value) }] : [];
    }),
  );
}

/**
 * Measurements that say which code runs: the whole image of an enclave (`ImageSha384` is PCR0), or who signed it (PCR8);
 * what an instance booted, by its TPM (PCR4), or what Secure Boot let it boot (PCR7). PCR1 and PCR2 are parts of the
 * image. PCR3 and PCR4 of an enclave are the parent's role and id, which stay the same in debug mode, where the parent
 * reads along (seen in the real debug documents of ../shared/data/attestation).
 */
const MEASURES_CODE = /^(imagesha384|pcr[08]|nitrotpmpcr[47])$/;

/** Measurements of enclaves, and not those of a TPM. */
export const OF_ENCLAVES = /^(imagesha384|pcr\d+)$/;

/** The register that a condition asks for: the digest of an image is PCR0. */
export function registerOf({ measurement }: AttestationCondition): string {
  return measurement === 'imagesha384' ? 'pcr0' : measurement;
}

/** Whether the condition of an Allow holds only for a document with one of its values. */
export function admitsListed(condition: AttestationCondition): boolean {
  return /^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/.test(condition.operator) && !matchesLoosely(condition);
}

/** Whether the condition of a Deny holds for every request without one of its values, so also without a document. */
export function refusesUnlisted(condition: AttestationCondition): boolean {
  return /^StringNot(Equals|EqualsIgnoreCase|Like)(IfExists)?$/.test(condition.operator) && !matchesLoosely(condition);
}

/** Why the condition of an Allow does not keep other code out; undefined where it does. */
export function weaknessOf(condition: AttestationCondition): string | undefined {
  const { operator, key, measurement } = condition;
  if (operator === 'Null') {
    return `Null on ${key} lets any enclave image through`;
  }
  if (!/^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/.test(operator)) {
    return `${operator} on ${key} lets requests without an attestation document through`;
  }
  if (matchesLoosely(condition)) {
    return `${operator} on ${key} with a wildcard lets other images through`;
  }
  return MEASURES_CODE.test(measurement) ? undefined : `${key} alone does not say which image runs`;
}

/**
 * Whether a Deny holds for every request without the right measurement: a negated operator also holds where there is no
 * attestation document. All conditions of a statement must hold, so a further one lets whoever escapes it through.
 */
export function deniesUnattested(statement: Statement): boolean {
  const onAttestation = attestationConditions(statement);
  const all = Object.values(statement.conditions).flatMap((block) => Object.keys(block));
  return (
    onAttestation.length === all.length &&
    onAttestation.every((condition) => refusesUnlisted(condition) && MEASURES_CODE.test(condition.measurement))
  );
}

function matchesLoosely({ operator, values }: AttestationCondition): boolean {
  return /Like/.test(operator) && values.some((value) => /[*?]/.test(textOf(value)));
}
