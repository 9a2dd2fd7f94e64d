import type { ImportVerdict } from './imports';

/** A name that a pickle imports. */
export interface Import {
  readonly kind: 'import';
  readonly module: string;
  readonly name: string;
  readonly verdict: ImportVerdict;
  readonly weight: number;
}

/** A tuple. Its items are kept while they are few and light, which all are that anything depends on. */
export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[] | undefined;
  readonly weight: number;
}

/** A list. Its texts are kept only where the machine is told to. */
export interface List {
  readonly kind: 'list';
  readonly texts: string[];
  readonly weight: number;
}

/** A dictionary: some entries by name, and whether all of them look like fields of a NumPy type without objects. */
export interface Dictionary {
  readonly kind: 'dict';
  readonly entries: Partial<Record<string, Value>>;
  plainFields: boolean;
  /** Whether every key is a text that is known. */
  knownKeys: boolean;
  readonly weight: number;
}

/** What calling an import gave, or what its state was then set to. */
export interface Made {
  readonly kind: 'made';
  readonly by: Import;
  readonly from: Value;
  readonly weight: number;
}

/**
 * What the machine knows of a value: text and numbers as they are, structure where something depends on it, and
 * `undefined` for everything else. Each value has a weight: bytes that keeping it takes, roughly.
 */
export type Value = string | number | Import | Tuple | List | Dictionary | Made | undefined;

type Structured = Exclude<Value, string | number | undefined>;

/** Text longer than this is not kept: it is no name. */
const MAXIMUM_TEXT = 1024;
const MAXIMUM_ITEMS = 12;
const MAXIMUM_WEIGHT = 4096;

/** The value, if it is of that kind. */
export function ofKind<K extends Structured['kind']>(
  value: Value,
  kind: K,
): Extract<Structured, { kind: K }> | undefined {
  return typeof value === 'object' && value.kind === kind ? (value as Extract<Structured, { kind: K }>) : undefined;
}

/** Bytes that keeping the value takes, roughly. */
export function weightOf(value: Value): number {
  return typeof value === 'string' ? value.length + 24 : typeof value === 'object' ? value.weight : 8;
}

/** A tuple of these items. */
export function tupleOf(items: readonly Value[]): Tuple {
  const weight = items.length > MAXIMUM_ITEMS ? 0 : items.reduce<number>((sum, item) => sum + weightOf(item), 80);
  return weight === 0 || weight > MAXIMUM_WEIGHT
    ? { kind: 'tuple', items: undefined, weight: 48 }
    : { kind: 'tuple', items, weight };
}

/** What calling `by` gives. */
export function madeBy(by: Import, from: Value): Made {
  return { kind: 'made', by, from, weight: 64 + weightOf(from) };
}

/** Text, as far as it is kept. */
export function textOf(text: string): Value {
  return text.length <= MAXIMUM_TEXT ? text : undefined;
}
