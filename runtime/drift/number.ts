/** Spellings of a value that is not there, beside the empty field. */
const MISSING = /^(#?n\/?a|nan|null|none)?$/i;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
/** Larger numbers are text: their squares could not be summed. */
const LARGEST = 1e100;

/** The number that a field holds: NaN where it is missing, undefined where it is something else. */
export function numberOf(field: string): number | undefined {
  if (MISSING.test(field)) {
    return Number.NaN;
  }
  const number = NUMBER.test(field) ? Number(field) : Number.NaN;
  return Math.abs(number) <= LARGEST ? number : undefined;
}
