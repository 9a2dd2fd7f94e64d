import { PalisadeError } from '../errors';

/** What canonical JSON can hold here: no fractions, so that no two writers can differ in how they print a number. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | string
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue };

const MAXIMUM_DEPTH = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The one text of a value: RFC 8785 (JSON Canonicalization Scheme) for objects, arrays, strings, booleans, null and
 * safe integers. Property names are sorted by UTF-16 code units, and there is no white space.
 *
 * Throws PALISADE-S001 for what has no such text: fractions, integers beyond 2^53 - 1, undefined, lone surrogates,
 * instances of classes, sparse arrays, and values nested more than 64 deep.
 */
export function canonicalJson(value: CanonicalValue): string {
  return write(value, '$', 0);
}

function write(value: unknown, where: string, depth: number): string {
  if (depth > MAXIMUM_DEPTH) {
    throw notCanonical(where, `nested more than ${MAXIMUM_DEPTH} deep`);
  }
  if (value === null || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value === 'number') {
    return writeInteger(value, where);
  }
  if (typeof value === 'string') {
    return writeString(value, where);
  }
  if (Array.isArray(value)) {
    // Array.from visits the holes of a sparse array, which map() would skip.
    return `[${Array.from(value, (item, index) => write(item, `${where}[${index}]`, depth + 1)).join(',')}]`;
  }
  if (isPlainObject(value)) {
    const names = Object.keys(value).sort();
    const members = names.map((name) => {
      const place = `${where}.${name}`;
      return `${writeString(name, place)}:${write(value[name], place, depth + 1)}`;
    });
    return `{${members.join(',')}}`;
  }
  throw notCanonical(where, `${typeof value} has no canonical text`);
}

function writeInteger(value: number, where: string): string {
  if (!Number.isSafeInteger(value)) {
    throw notCanonical(where, `${value} is not an integer up to 2^53 - 1`);
  }
  return String(value);
}

/** ECMAScript escapes strings as RFC 8785 wants them, except that it accepts lone surrogates. */
function writeString(value: string, where: string): string {
  if (LONE_SURROGATE.test(value)) {
    throw notCanonical(where, 'half of a surrogate pair');
  }
  return JSON.stringify(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function notCanonical(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-S001',
    where,
    problem,
    fix: 'write integers, text, true, false, null, lists and plain objects only',
  });
}
