import type { Entity } from './entity';
import { findEntities } from './find';

/** A text whose entities are masked. */
export interface Redacted {
  /** Each entity is its type in brackets. */
  readonly text: string;
  /** Where they stood in the original. */
  readonly entities: readonly Entity[];
}

/** Masks what identifies somebody or opens something: `call [PHONE]`. What has no entity stays as it is, byte for byte. */
export function redact(text: string): Redacted {
  const entities = findEntities(text);
  let masked = '';
  let from = 0;
  for (const { type, start, end } of entities) {
    masked += `${text.slice(from, start)}[${type}]`;
    from = end;
  }
  return { text: masked + text.slice(from), entities };
}

/** A field of a record. */
export type Field = string | number | boolean | null;

/**
 * What may be logged of a record: fields that are not listed are left out, and listed texts are redacted. A list of what may pass holds
 * where one of what may not is always a field behind.
 */
export function redactRecord(
  record: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): Record<string, Field> {
  return Object.fromEntries(
    allowed.flatMap((name): [string, Field][] => {
      const value = Object.hasOwn(record, name) ? record[name] : undefined;
      if (typeof value === 'string') {
        return [[name, redact(value).text]];
      }
      return value === null || typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [];
    }),
  );
}
