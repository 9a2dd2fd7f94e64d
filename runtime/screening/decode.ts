import { hashWith, NO_HASH } from './hash';
import { beginnings, begins, idOf, idsOf, isHash, wordsOf } from './mentions';
import { type Characters, charactersOf, isOf, nextRun, runEnd } from './runs';
import { MAXIMUM_WORD, type Tokens, tokensOf } from './tokens';
import { Units } from './units';
import { Vocabulary } from './vocabulary';

/** A text that was written so that a reader of words does not see it. */
export interface Decoded {
  readonly encoding: 'base64' | 'hexadecimal' | 'percent' | 'rot13' | 'reversed' | 'spelled out';
  readonly text: string;
  /** What it was made of, in UTF-16 units of the text that was searched. */
  readonly start: number;
  readonly end: number;
}

/** Most encoded pieces of one kind in a text: the rest is as good as noise, and is screened as it stands. */
const MAXIMUM_PIECES = 32;
/** Fewest encoded characters that can say anything. */
const SHORTEST = 16;
/** Fewest single letters in a row that spell something. */
const FEWEST_LETTERS = 6;
/** Share of characters that text has to show. */
const READABLE = 0.9;

const HEXADECIMAL = /(?:[0-9a-fA-F]{2}[ :,]?){8,}/g;
const ESCAPED = /(?:(?:\\x|0x)[0-9a-fA-F]{2}[ ,]?){6,}/g;
const PERCENT = /(?:%[0-9a-fA-F]{2}|[\w.~-]){6,}/g;
/** Words that nearly every English text has. */
const COMMON = 'the a an to of and in is are you i it that for on with as be what how this my your me do can'.split(
  ' ',
);
const COMMON_IDS = idsOf(COMMON);
/** Tokens by which a text is judged to be plain English. */
const SAMPLE = 400;
/** Share of common words from which a text is taken for plain English. */
const PLAIN = 0.1;

/**
 * What may be hidden in a text by encoding, bounded by its length. Linear: every pattern takes what it passes, and is tried only where
 * the tokens give a reason.
 */
export function decodedIn(text: string, tokens: Tokens): Decoded[] {
  const { longest, pairs, singles } = hintsOf(tokens);
  return [
    ...(longest >= SHORTEST ? pieces(base64In(text, tokens.units), 'base64', fromBase64) : []),
    ...(longest >= SHORTEST || pairs >= SHORTEST / 2
      ? pieces(hexadecimalIn(text, tokens.units), 'hexadecimal', fromHexadecimal)
      : []),
    ...(text.includes('\\x') || text.includes('0x')
      ? pieces(text.matchAll(ESCAPED), 'hexadecimal', (piece) => fromHexadecimal(piece.replace(/\\x|0x/g, '')))
      : []),
    ...pieces(percentIn(text, tokens.units), 'percent', fromPercent),
    ...wholes(text, tokens),
    ...(singles >= FEWEST_LETTERS || DIGIT_IN_WORD.test(text)
      ? spelledOut(text, tokens.units, singles >= FEWEST_LETTERS)
      : []),
  ];
}

/** What a glance at the tokens tells: the longest, and how many in a row have two or one characters. */
function hintsOf({ count, starts, ends }: Tokens) {
  let [longest, pairs, singles, pairsNow, singlesNow] = [0, 0, 0, 0, 0];
  for (let index = 0; index < count; index += 1) {
    const length = ends[index] - starts[index];
    longest = Math.max(longest, length);
    pairsNow = length === 2 ? pairsNow + 1 : 0;
    singlesNow = length === 1 ? singlesNow + 1 : 0;
    [pairs, singles] = [Math.max(pairs, pairsNow), Math.max(singles, singlesNow)];
  }
  return { longest, pairs, singles };
}

/** A part of a text, as `matchAll` gives it. */
interface Piece {
  readonly 0: string;
  readonly index: number;
}

function pieces(
  candidates: Iterable<Piece>,
  encoding: Decoded['encoding'],
  decode: (piece: string) => string | undefined,
): Decoded[] {
  const found: Decoded[] = [];
  for (const { 0: piece, index } of candidates) {
    const decoded = decode(piece);
    if (decoded !== undefined && isReadable(decoded)) {
      found.push({ encoding, text: decoded, start: index, end: index + piece.length });
      if (found.length === MAXIMUM_PIECES) {
        break;
      }
    }
  }
  return found;
}

const IN_BASE64 = charactersOf(/[\w+/-]/);
/** What each of them stands for, in either alphabet. */
const SIX_BITS = new Uint8Array(0x80);
for (const alphabet of ['+/', '-_']) {
  const letters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (const [value, letter] of [...letters].entries()) {
    SIX_BITS[letter.charCodeAt(0)] = value;
  }
}
const PADDING = 0x3d;

/** Runs of base64's characters, with two signs of padding at most, that may be text. Words and paths are such runs too, and decode to noise. */
function* base64In(text: string, units: Uint16Array): Generator<Piece> {
  for (const { start, end } of runsIn(units, text.length, IN_BASE64)) {
    if (beginsAsText(units, start, end)) {
      let padded = end;
      while (padded < Math.min(text.length, end + 2) && units[padded] === PADDING) {
        padded += 1;
      }
      yield { 0: text.slice(start, padded), index: start };
    }
  }
}

/** Runs of a set that are long enough to say something. */
function* runsIn(
  units: Uint16Array,
  length: number,
  characters: Characters,
): Generator<{ start: number; end: number }> {
  for (let end = 0; ; ) {
    const start = nextRun(characters, SHORTEST, units, length, end);
    if (start === length) {
      return;
    }
    end = runEnd(characters, units, length, start + SHORTEST);
    yield { start, end };
  }
}

/** Whether the bytes that the first characters stand for can be those of a text in UTF-8: noise hardly ever can. */
function beginsAsText(units: Uint16Array, start: number, end: number): boolean {
  let following = 0;
  // Four characters are three bytes; the last ones may be less.
  for (let at = start; at + 4 <= end; at += 4) {
    const bits =
      (SIX_BITS[units[at]] << 18) |
      (SIX_BITS[units[at + 1]] << 12) |
      (SIX_BITS[units[at + 2]] << 6) |
      SIX_BITS[units[at + 3]];
    for (let shift = 16; shift >= 0; shift -= 8) {
      const byte = (bits >> shift) & 0xff;
      const follows = (byte & 0xc0) === 0x80;
      if (follows !== following > 0 || byte >= 0xf5) {
        return false;
      }
      following = follows ? following - 1 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
    }
  }
  return true;
}

function fromBase64(piece: string): string | undefined {
  const plain = piece.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  return plain.length % 4 === 1
    ? undefined
    : utf8(Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)));
}

const IN_HEXADECIMAL = charactersOf(/[0-9a-fA-F ,:]/);
const HEXADECIMAL_DIGIT = charactersOf(/[0-9a-fA-F]/);

/** Digits that stand together, with single signs between pairs of them at most: nearly no text has any, and the pattern is seldom tried. */
function* hexadecimalIn(text: string, units: Uint16Array): Generator<Piece> {
  for (const { start, end } of runsIn(units, text.length, IN_HEXADECIMAL)) {
    if (hasDigits(units, start, end)) {
      yield* matchesIn(text, start, end, HEXADECIMAL);
    }
  }
}

function* matchesIn(text: string, start: number, end: number, pattern: RegExp): Generator<Piece> {
  for (const { 0: piece, index } of text.slice(start, end).matchAll(pattern)) {
    yield { 0: piece, index: start + index };
  }
}

/** Whether enough digits stand in a run of digits and signs, with no two signs between two of them. */
function hasDigits(units: Uint16Array, start: number, end: number): boolean {
  let digits = 0;
  let last = start;
  for (let index = start; index < end; index += 1) {
    if (isOf(HEXADECIMAL_DIGIT, units[index])) {
      digits = index - last > 2 ? 1 : digits + 1;
      last = index;
      if (digits >= SHORTEST) {
        return true;
      }
    }
  }
  return false;
}

function fromHexadecimal(piece: string): string | undefined {
  const digits = piece.replace(/[ :,]/g, '');
  const bytes = new Uint8Array(digits.length >> 1);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  }
  return digits.length < SHORTEST ? undefined : utf8(bytes);
}

const IN_PERCENT = charactersOf(/[\w.~%-]/);

/** What stands together with percent signs. */
function* percentIn(text: string, units: Uint16Array): Generator<Piece> {
  let from = 0;
  for (let sign = text.indexOf('%'); sign >= 0; sign = text.indexOf('%', from)) {
    let start = sign;
    while (start > from && isOf(IN_PERCENT, units[start - 1])) {
      start -= 1;
    }
    from = runEnd(IN_PERCENT, units, text.length, sign);
    yield* matchesIn(text, start, from, PERCENT);
  }
}

function fromPercent(piece: string): string | undefined {
  try {
    return piece.includes('%') ? decodeURIComponent(piece) : undefined;
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const READABLE_CHARACTER = /[\p{L}\p{N}\p{P}\s]/u;

function isReadable(text: string): boolean {
  let readable = 0;
  for (const character of text) {
    readable += READABLE_CHARACTER.test(character) ? 1 : 0;
  }
  return text.length >= 4 && readable >= READABLE * text.length;
}

/** The whole text under another alphabet or from its end, where that makes words of it that attacks are made of. */
function wholes(text: string, tokens: Tokens): Decoded[] {
  const sample = Math.min(SAMPLE, tokens.count);
  if (sample < 3 || commonWords(tokens, sample) > sample * PLAIN) {
    return [];
  }
  const enough = knownWords(tokens, READ) + 2;
  const whole = { start: 0, end: text.length };
  return [
    ...(rotatedWords(text, tokens) >= enough ? [{ encoding: 'rot13' as const, text: rot13(text), ...whole }] : []),
    ...(reversedWords(text, tokens) >= enough
      ? [{ encoding: 'reversed' as const, text: reversed(text), ...whole }]
      : []),
  ];
}

/** Of the first tokens, so many. */
function commonWords(tokens: Tokens, sample: number): number {
  const words = wordsOf(tokens);
  let count = 0;
  for (let index = 0; index < sample; index += 1) {
    count += COMMON_IDS.has(words[index]) ? 1 : 0;
  }
  return count;
}

/** So much of a text is read under another alphabet, or from its end, in UTF-16 units. */
const READ = SAMPLE * 8;
const NOT_ASCII = /[^\0-\x7f]/;
const LATIN_LETTER = /[a-z]/i;
const ROT13 = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const first = unit >= 0x61 ? 0x61 : 0x41;
  return /[a-z]/i.test(String.fromCharCode(unit)) ? ((unit - first + 13) % 26) + first : unit;
});

/** ASCII words as they look in such a text: whether it has words shows before it is rewritten. */
const rotated = once(() => new Vocabulary(words().map(rot13)));
const backwards = once(() => new Vocabulary(words().map(reversed)));

/** Made when a text first needs it: most never do, and a cold start shall not. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Words that the beginning of a text has under rot13. */
function rotatedWords(text: string, tokens: Tokens): number {
  const head = text.slice(0, READ);
  if (NOT_ASCII.test(head)) {
    return LATIN_LETTER.test(head) ? knownWords(tokensOf(rot13(head))) : 0;
  }
  const known = rotated();
  let count = 0;
  for (let index = 0; index < tokens.count; index += 1) {
    if (tokens.ends[index] > READ) {
      return count + knownWords(tokensOf(rot13(text.slice(tokens.starts[index], READ))));
    }
    count += known.idAt(tokens, index) === 0 ? 0 : 1;
  }
  return count;
}

/** Words that the beginning of a text has when it is read from its end. */
function reversedWords(text: string, tokens: Tokens): number {
  // One unit more, so that no character is cut in two.
  const tail = text.slice(-READ - 1);
  const rewritten = () => knownWords(tokensOf(reversed(tail).slice(0, READ)));
  if (NOT_ASCII.test(tail)) {
    return rewritten();
  }
  const first = Math.max(0, text.length - READ);
  const known = backwards();
  let count = 0;
  for (let index = tokens.count - 1; index >= 0; index -= 1) {
    const [start, end] = [tokens.starts[index], tokens.ends[index]];
    if (end - start === MAXIMUM_WORD) {
      // A long word that was cut is cut elsewhere from its other end.
      return rewritten();
    }
    if (start < first) {
      return count + knownWords(tokensOf(reversed(text.slice(first, end))));
    }
    count += known.idAt(tokens, index) === 0 ? 0 : 1;
  }
  return count;
}

function words(): string[] {
  return [...beginnings(), ...COMMON];
}

/** Of the tokens that end there at the latest. */
function knownWords(tokens: Tokens, until = Infinity): number {
  const ids = wordsOf(tokens);
  let count = 0;
  for (let index = 0; index < tokens.count && tokens.ends[index] <= until; index += 1) {
    count += isWord(ids[index]) ? 1 : 0;
  }
  return count;
}

function rot13(text: string): string {
  const units = Buffer.from(text, 'utf16le');
  for (let at = 0; at < units.length; at += 2) {
    if (units[at + 1] === 0 && units[at] < 0x80) {
      units[at] = ROT13[units[at]];
    }
  }
  return units.toString('utf16le');
}

function reversed(text: string): string {
  return NOT_ASCII.test(text)
    ? Array.from(text).reverse().join('')
    : Buffer.from(text, 'latin1').reverse().toString('latin1');
}

const DIGITS: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
/** Most letters before a word's first digit or sign, and most characters after it. */
const LONGEST_PART = 32;
const DIGIT_IN_WORD = /[0-9@$!][a-z]/i;
/** Single letters with one sign between them; two blanks end a word. */
const LETTERS = /(?<![a-z0-9])[a-z](?:[ .\-_*][a-z](?![a-z0-9])){5,}/gi;
/** What is looked at around what was spelled out, in UTF-16 units. */
const AROUND = 200;

/** Digits for letters, and letters one by one: with what stands around. */
function spelledOut(text: string, units: Uint16Array, letters: boolean): Decoded[] {
  const words = leetWords(text, units);
  const runs = letters && hasLetters(units, text.length) ? [...withWords(text, words).matchAll(LETTERS)] : [];
  if (words.length + 2 * runs.length < 2) {
    return [];
  }
  const starts = [...words, ...runs].map(({ index }) => index);
  const ends = [...words, ...runs].map((part) => part.index + part[0].length);
  const start = Math.max(0, least(starts) - AROUND);
  const end = Math.min(text.length, -least(ends.map((at) => -at)) + AROUND);
  return [{ encoding: 'spelled out', text: spelled(text.slice(start, end), letters), start, end }];
}

const SEPARATOR = 2;
/** Letters, and signs between them, of LETTERS. */
const TURN = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  return /[a-z]/i.test(character) ? 1 : /[ .\-_*]/.test(character) ? SEPARATOR : 0;
});
/** What LETTERS takes has eleven characters at least, so that of every five one is followed by six more of it. */
const [EVERY, TURNS] = [5, 7];

/** Whether letters and signs take turns anywhere as they do in what is spelled letter by letter, and the pattern has to be tried. */
function hasLetters(units: Uint16Array, length: number): boolean {
  for (let start = 0; start + TURNS <= length; start += EVERY) {
    let turn = turnOf(units[start]);
    let index = start + 1;
    for (; turn !== 0 && turnOf(units[index]) === 3 - turn; index += 1) {
      turn = 3 - turn;
      if (index === start + TURNS - 1) {
        return true;
      }
    }
  }
  return false;
}

function turnOf(unit: number): number {
  return unit < 0x80 ? TURN[unit] : 0;
}

/** Of the part that is spelled anew. */
const UNITS = new Units();

function spelled(text: string, letters: boolean): string {
  const units = UNITS.of(text);
  const plain = withWords(text, leetWords(text, units));
  return letters && hasLetters(units, text.length)
    ? plain.replace(LETTERS, (run) => ` ${parted(run.replace(/[ .\-_*]/g, ''))} `)
    : plain;
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.min(one, other));
}

const SIGN = charactersOf(/[0-9@$!]/);
const IN_WORD = charactersOf(/[a-z0-9@$!]/i);
/** Small letters, and those that digits and signs stand for. */
const PLAIN_LETTER = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const character = String.fromCharCode(unit).toLowerCase();
  return (DIGITS[character] ?? character).charCodeAt(0);
});

/** Words with a digit or sign in the place of a letter, each with the word that the lexicon knows. */
function leetWords(text: string, units: Uint16Array): (Piece & { readonly plain: string })[] {
  const found: (Piece & { readonly plain: string })[] = [];
  let from = 0;
  for (let sign = 0; sign < text.length; sign += 1) {
    if (!isOf(SIGN, units[sign])) {
      continue;
    }
    let start = sign;
    while (start > from && sign - start <= LONGEST_PART && isOf(IN_WORD, units[start - 1])) {
      start -= 1;
    }
    from = runEnd(IN_WORD, units, text.length, sign);
    const end = Math.min(from, sign + 1 + LONGEST_PART);
    if (end - start > 1 && sign - start <= LONGEST_PART && isLeet(text, units, start, end)) {
      const word = text.slice(start, end);
      found.push({ 0: word, index: start, plain: withLetters(word) });
    }
    sign = from;
  }
  return found;
}

function isLeet(text: string, units: Uint16Array, start: number, end: number): boolean {
  let hash = NO_HASH;
  for (let index = start; index < end; index += 1) {
    hash = hashWith(hash, PLAIN_LETTER[units[index]]);
  }
  if (!isHash(hash)) {
    return false;
  }
  const word = text.slice(start, end);
  const plain = withLetters(word);
  return plain !== word && begins(idOf(plain.toLowerCase()));
}

function withLetters(word: string): string {
  return word.replace(/[013457@$!]/g, (each) => DIGITS[each]);
}

function withWords(text: string, words: readonly (Piece & { readonly plain: string })[]): string {
  let from = 0;
  const parts = words.map(({ 0: word, index, plain }) => {
    const part = text.slice(from, index) + plain;
    from = index + word.length;
    return part;
  });
  return parts.join('') + text.slice(from);
}

/** Longest words first, as far as the lexicon knows them. */
function parted(letters: string): string {
  const words: string[] = [];
  let rest = 0;
  for (let index = 0; index < letters.length; ) {
    const length = longestWord(letters, index);
    if (length > 1) {
      words.push(letters.slice(rest, index), letters.slice(index, index + length));
      rest = index + length;
    }
    index += length;
  }
  return [...words, letters.slice(rest)].filter((word) => word !== '').join(' ');
}

const LONGEST_WORD = 16;
/** Hashes of the beginnings of what is looked at, by their lengths. */
const prefixes = new Int32Array(LONGEST_WORD + 1);

/** Letters of the longest known word that begins here, or 1. */
function longestWord(letters: string, start: number): number {
  const most = Math.min(LONGEST_WORD, letters.length - start);
  let hash = NO_HASH;
  for (let length = 1; length <= most; length += 1) {
    hash = hashWith(hash, letters.charCodeAt(start + length - 1) | SMALL);
    prefixes[length] = hash;
  }
  for (let length = most; length > 1; length -= 1) {
    if (isHash(prefixes[length]) && isWord(idOf(letters.slice(start, start + length).toLowerCase()))) {
      return length;
    }
  }
  return 1;
}

/** Makes an ASCII letter small. */
const SMALL = 0x20;

function isWord(id: number): boolean {
  return begins(id) || COMMON_IDS.has(id);
}
