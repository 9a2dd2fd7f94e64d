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
 * hexadecimal, percent or decimal code (small, capital or as given), of which the whole text is the place. Undefined where it does not.
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
  for (const disguise of [(form: string) => form, reversed, rot13]) {
    if (pieces.some((piece) => folded.text.includes(disguise(piece)))) {
      return spanOf(folded, [wanted, ...pieces].map(disguise));
    }
  }
  const encoded = [...new Set([canary, canary.toLowerCase(), canary.toUpperCase()])].flatMap(piecesOf);
  const decoded = decodings(text).some((decoding) => encoded.some((piece) => decoding.includes(piece)));
  return decoded ? { start: 0, end: text.length } : undefined;
}

/** Of the first form that is there. */
function spanOf({ text, originalOf }: Folded, forms: readonly string[]): Span {
  const form = forms.find((one) => text.includes(one)) ?? '';
  const at = text.indexOf(form);
  return { start: originalOf(at), end: originalOf(at + form.length - 1) + 1 };
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

/** What becomes of each ASCII unit: 0 where it is left out. */
function table(kept: RegExp, become: (character: string) => string = (character) => character): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, unit) => {
    const character = String.fromCharCode(unit);
    return kept.test(character) ? become(character).charCodeAt(0) : 0;
  });
}

const PLAIN = table(/[A-Za-z0-9]/, (letter) => letter.toLowerCase());
const BASE64 = table(/[\w+/-]/, (sign) => ({ '-': '+', _: '/' })[sign] ?? sign);
const HEXADECIMAL = table(/[0-9A-Fa-f]/);

/** What a table leaves of a text. */
function squeezed(text: string, kept: Uint8Array): string {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const byte = unit < 128 ? kept[unit] : 0;
    if (byte !== 0) {
      bytes[length] = byte;
      length += 1;
    }
  }
  return bytes.toString('latin1', 0, length);
}

/** Where the so many-th character that a table keeps stands. */
function placeOf(text: string, kept: Uint8Array, count: number): number {
  let left = count;
  let place = 0;
  for (; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit < 128 && kept[unit] !== 0) {
      if (left === 0) {
        break;
      }
      left -= 1;
    }
  }
  return place;
}

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
  return {
    text: squeezed(latin, PLAIN),
    originalOf: (index) => seen.originalOf(placeOf(latin, PLAIN, index)),
  };
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
}

/** What the text says when it is read as code, from each place at which a unit of the code may begin. */
function decodings(text: string): Buffer[] {
  const base64 = squeezed(text, BASE64);
  const hexadecimal = squeezed(ESCAPE.test(text) ? text.replace(ESCAPES, '') : text, HEXADECIMAL);
  return [
    ...[0, 1, 2, 3].map((offset) => Buffer.from(base64.slice(offset), 'base64')),
    ...[0, 1].map((offset) => Buffer.from(hexadecimal.slice(offset), 'hex')),
    ...(NUMBERS.test(text) ? [decimal(text)] : []),
    ...(text.includes('%') ? [percent(text)] : []),
  ];
}

const ESCAPE = /\\[xu]|0x/i;
const ESCAPES = /\\u00|\\[xu]|0x/gi;
/** As many numbers in a row as the shortest canary has letters. */
const NUMBERS = /(?:\d{2,3}\D{1,4}){7}\d{2}/;

function decimal(text: string): Buffer {
  return Buffer.from((text.match(/\d{1,3}/g) ?? []).map(Number));
}

function percent(text: string): Buffer {
  const plain = text.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(plain, 'latin1');
}
