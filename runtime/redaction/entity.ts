import type { Places } from './sight';

/** A piece of a text that says who somebody is, or lets somebody in. */
export interface Entity {
  /** `CARD`, `IBAN`, `EMAIL`, `PHONE`, `SECRET` and so on: the names of `recognizers`. */
  readonly type: string;
  /** In UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
}

/** Where a candidate stands. */
export interface Candidate {
  readonly text: string;
  /** The candidate itself. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Recognizes one type: places to look at, a pattern that proposes, and a test that decides. */
export interface Recognizer {
  readonly type: string;
  /** Where the pattern is tried. */
  readonly places: Places;
  /**
   * Proposes candidates: all of what it matches, or its group `entity`, with which it ends. Global; every quantifier is bounded or over a
   * class that nothing after it shares, so that it is linear.
   */
  readonly pattern: RegExp;
  /** Whether a candidate is one; a number means so many of its first units. @default - every candidate is */
  readonly accept?: (candidate: Candidate) => boolean | number;
}

/** How far from a candidate a word still speaks of it, in UTF-16 units. */
const BEFORE = 48;
const AFTER = 24;

/** Whether a word that names the type stands near a candidate. `words` is tried on a short piece only. */
export function isNear(words: RegExp, candidate: Candidate): boolean {
  return words.test(before(candidate, BEFORE)) || words.test(after(candidate));
}

/** Whether such a word stands right before. */
export function isAfter(words: RegExp, candidate: Candidate, distance = 24): boolean {
  return words.test(before(candidate, distance));
}

/** What is cut off a word looks like another: `hotel` ends with `tel`. */
function before({ text, start }: Candidate, distance: number): string {
  const from = Math.max(0, start - distance);
  const piece = text.slice(from, start);
  return /^\w/.test(piece) && /\w/.test(text[from - 1] ?? '') ? piece.replace(/^\w+/, '') : piece;
}

function after({ text, end }: Candidate): string {
  const piece = text.slice(end, end + AFTER);
  return /\w/.test(text[end + AFTER] ?? '') ? piece.replace(/\w+$/, '') : piece;
}

/** Digits of a candidate. */
export function digitsOf(value: string): string {
  return value.replace(/[^0-9]/g, '');
}
