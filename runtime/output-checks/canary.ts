import { looksLike } from '../screening/characters';
import { sanitise } from '../screening/sanitise';
import { fault } from './fault';
import type { Span } from './span';

/** Fewest letters and digits of a canary: ordinary text has none so long by chance, if they are random. */
const SHORTEST = 8;
/** From this length on, any half of a canary gives it away. */
const DIVISIBLE = 16;

/**
 * Where a canary stands: as it is, in other letters, with anything between its characters, backwards, in rot13; or in base64,
 * hexadecimal, percent or decimal code, of which the whole text is the place. Undefined where it does not.
 */
export function findCanary(text: string, canary: string): Span | undefined {
  const wanted = fold(canary).text;
  if (wanted.length < SHORTEST) {
    throw fault(
      'W163',
      'settings.canary',
      `has ${wanted.length} Latin letters and digits, and ${SHORTEST} are the least`,
      'take twelve random bytes in hexadecimal',
    );
  }
  const pieces = piecesOf(wanted);
  const folded = fold(text);
  for (const piece of [wanted, ...pieces].flatMap((form) => [form, reversed(form), rot13(form)])) {
    const at = folded.text.indexOf(piece);
    if (at >= 0) {
      return { start: folded.originalOf(at), end: folded.originalOf(at + piece.length - 1) + 1 };
    }
  }
  const decoded = decodings(text).some((decoding) => pieces.some((piece) => decoding.includes(piece)));
  return decoded ? { start: 0, end: text.length } : undefined;
}

/** Thirds of a long canary, so close together that each half of it holds one. */
function piecesOf(wanted: string): string[] {
  if (wanted.length < DIVISIBLE) {
    return [wanted];
  }
  const length = Math.ceil(wanted.length / 3);
  const step = Math.floor(wanted.length / 2) - length + 1;
  const last = wanted.length - length;
  const starts = Array.from({ length: Math.ceil(last / step) }, (_, index) => index * step);
  return [...starts, last].map((start) => wanted.slice(start, start + length));
}

const NOT_PLAIN = /[^a-z0-9]+/g;
const FOREIGN = /[^\0-\x7f]/;

interface Folded {
  readonly text: string;
  /** Where a character of `text` stands in the original. */
  readonly originalOf: (index: number) => number;
}

/** Latin letters, made small, and digits; nothing else is left. */
function fold(original: string): Folded {
  const seen = sanitise(original);
  const latin = FOREIGN.test(seen.text)
    ? seen.text.replace(/[^\0-\x7f]/gu, (letter) => looksLike(letter) ?? ' '.repeat(letter.length))
    : seen.text;
  const lower = latin.toLowerCase();
  return {
    text: lower.replace(NOT_PLAIN, ''),
    originalOf: (index) => seen.originalOf(placeOf(lower, index)),
  };
}

/** Where the so many-th letter or digit stands. */
function placeOf(lower: string, index: number): number {
  let left = index;
  let place = 0;
  for (; place < lower.length; place += 1) {
    if (/[a-z0-9]/.test(lower[place])) {
      if (left === 0) {
        break;
      }
      left -= 1;
    }
  }
  return place;
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
}

/** What the text says when it is read as code, from each place at which a unit of the code may begin; small letters. */
function decodings(text: string): string[] {
  const base64 = text
    .replace(/-/g, '+')
    .replace(/_/g, '/')
    .replace(/[^A-Za-z0-9+/]+/g, '');
  const hexadecimal = text.replace(/\\u00|\\[xu]|0x/gi, '').replace(/[^0-9A-Fa-f]+/g, '');
  return [
    ...[0, 1, 2, 3].map((offset) => Buffer.from(base64.slice(offset), 'base64')),
    ...[0, 1].map((offset) => Buffer.from(hexadecimal.slice(offset), 'hex')),
    ...(/\d\D{1,4}\d\d?\d?\D/.test(text) ? [decimal(text)] : []),
  ]
    .map((bytes) => bytes.toString('latin1').toLowerCase())
    .concat(text.includes('%') ? [percent(text)] : []);
}

function decimal(text: string): Buffer {
  return Buffer.from((text.match(/\d{1,3}/g) ?? []).map(Number));
}

function percent(text: string): string {
  return text
    .replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .toLowerCase();
}
