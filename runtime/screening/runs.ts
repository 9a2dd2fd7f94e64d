/** A set of ASCII characters. */
export type Characters = Uint8Array;

/** The ASCII characters that a pattern takes. */
export function charactersOf(pattern: RegExp): Characters {
  return Uint8Array.from({ length: 0x80 }, (_, unit) => (pattern.test(String.fromCharCode(unit)) ? 1 : 0));
}

/** Whether a unit is one of them. */
export function isOf(characters: Characters, unit: number): boolean {
  return unit < 0x80 && characters[unit] === 1;
}

/**
 * Where the next run of so many characters of a set begins, from a place on before which none stands; the length if there is none.
 * Looks at the last character that such a run would have first: most texts are passed in steps of nearly that length.
 */
export function nextRun(
  characters: Characters,
  least: number,
  units: Uint16Array,
  length: number,
  from: number,
): number {
  let start = from;
  // Up to here, all from `start` on are of the set.
  let seen = from;
  while (start + least <= length) {
    let index = start + least - 1;
    while (index >= seen && isOf(characters, units[index])) {
      index -= 1;
    }
    if (index < seen) {
      return start;
    }
    seen = start + least;
    start = index + 1;
  }
  return length;
}

/** Where a run that goes on here ends. */
export function runEnd(characters: Characters, units: Uint16Array, length: number, from: number): number {
  let end = from;
  while (end < length && isOf(characters, units[end])) {
    end += 1;
  }
  return end;
}
