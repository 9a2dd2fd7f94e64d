import { type CanonicalValue, canonicalJson } from '../integrity/canonical-json';

/** Members of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads the one text of an object with these members and no others. Throws TypeError. */
export function readFields(text: string, required: readonly string[], optional: readonly string[] = []): Fields {
  const value = fieldsOf(JSON.parse(text), required, optional);
  must(canonicalJson(value as CanonicalValue) === text, 'not in canonical form');
  return value;
}

/** An object with these members and no others. Throws TypeError. */
export function fieldsOf(value: unknown, required: readonly string[], optional: readonly string[] = []): Fields {
  must(typeof value === 'object' && value !== null && !Array.isArray(value), 'an object is missing');
  const names = Object.keys(value as object);
  const missing = required.find((name) => !names.includes(name));
  must(missing === undefined, `${missing} is missing`);
  const unknown = names.find((name) => !required.includes(name) && !optional.includes(name));
  must(unknown === undefined, `${unknown?.slice(0, 40)} is unknown`);
  return value as Fields;
}

/** Text that matches. Throws TypeError. */
export function textOf(fields: Fields, name: string, pattern: RegExp): string {
  const value = fields[name];
  must(typeof value === 'string' && pattern.test(value), `${name} is not as it should be`);
  return value as string;
}

/** Throws TypeError where the condition does not hold. */
export function must(condition: boolean, problem: string): asserts condition {
  if (!condition) {
    throw new TypeError(problem);
  }
}

/** SHA-256 digest in hexadecimal. */
export const SHA256 = /^[0-9a-f]{64}$/;
/** Name of an AI system, as manifests have it. */
export const SYSTEM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
