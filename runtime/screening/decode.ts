import { isKnown } from './mentions';
import { type Token, tokensOf } from './tokens';

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

const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const HEXADECIMAL = /(?:[0-9a-fA-F]{2}[ :,]?){8,}/g;
const ESCAPED = /(?:(?:\\x|0x)[0-9a-fA-F]{2}[ ,]?){6,}/g;
const PERCENT = /(?:%[0-9a-fA-F]{2}|[\w.~-]){6,}/g;
/** Words that nearly every English text has. */
const COMMON = new Set(
  'the a an to of and in is are you i it that for on with as be what how this my your me do can'.split(' '),
);
/** Tokens by which a text is judged to be plain English. */
const SAMPLE = 400;
/** Share of common words from which a text is taken for plain English. */
const PLAIN = 0.1;

/**
 * What may be hidden in a text by encoding, bounded by its length. Linear: every pattern takes what it passes, and is tried only where
 * the tokens give a reason.
 */
export function decodedIn(text: string, tokens: readonly Token[]): Decoded[] {
  const { longest, pairs, singles, signs } = hintsOf(tokens);
  return [
    ...(longest >= SHORTEST ? pieces(text, BASE64, 'base64', fromBase64) : []),
    ...(longest >= SHORTEST || pairs >= SHORTEST / 2 ? pieces(text, HEXADECIMAL, 'hexadecimal', fromHexadecimal) : []),
    ...(signs ? pieces(text, ESCAPED, 'hexadecimal', (piece) => fromHexadecimal(piece.replace(/\\x|0x/g, ''))) : []),
    ...(signs ? pieces(text, PERCENT, 'percent', fromPercent) : []),
    ...wholes(text, tokens),
    ...(singles >= FEWEST_LETTERS || DIGIT_IN_WORD.test(text) ? spelledOut(text, singles >= FEWEST_LETTERS) : []),
  ];
}

/** What a glance at the tokens tells: the longest, how many in a row have two or one characters, and whether signs of escapes stand there. */
function hintsOf(tokens: readonly Token[]) {
  let [longest, pairs, singles, pairsNow, singlesNow] = [0, 0, 0, 0, 0];
  let signs = false;
  for (const { text, start, end } of tokens) {
    longest = Math.max(longest, end - start);
    pairsNow = end - start === 2 ? pairsNow + 1 : 0;
    singlesNow = end - start === 1 ? singlesNow + 1 : 0;
    [pairs, singles] = [Math.max(pairs, pairsNow), Math.max(singles, singlesNow)];
    signs ||= text === '%' || text === '\\' || text.startsWith('0x');
  }
  return { longest, pairs, singles, signs };
}

function pieces(
  text: string,
  pattern: RegExp,
  encoding: Decoded['encoding'],
  decode: (piece: string) => string | undefined,
): Decoded[] {
  const found: Decoded[] = [];
  for (const { 0: piece, index } of text.matchAll(pattern)) {
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

function fromBase64(piece: string): string | undefined {
  const plain = piece.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  // A word is letters only, mostly small: it decodes to noise, and need not be tried.
  return plain.length % 4 === 1
    ? undefined
    : utf8(Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)));
}

function fromHexadecimal(piece: string): string | undefined {
  const digits = piece.replace(/[ :,]/g, '');
  const bytes = new Uint8Array(digits.length >> 1);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  }
  return digits.length < SHORTEST ? undefined : utf8(bytes);
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

function isReadable(text: string): boolean {
  let readable = 0;
  for (const character of text) {
    readable += /[\p{L}\p{N}\p{P}\s]/u.test(character) ? 1 : 0;
  }
  return text.length >= 4 && readable >= READABLE * text.length;
}

/** The whole text under another alphabet or from its end, where that makes words of it that attacks are made of. */
function wholes(text: string, tokens: readonly Token[]): Decoded[] {
  const sample = tokens.slice(0, SAMPLE);
  const common = sample.filter((token) => COMMON.has(token.text)).length;
  if (sample.length < 3 || common > sample.length * PLAIN) {
    return [];
  }
  const known = knownWords(sample);
  return [
    { encoding: 'rot13' as const, text: rot13(text) },
    { encoding: 'reversed' as const, text: Array.from(text).reverse().join('') },
  ]
    .filter((candidate) => knownWords(tokensOf(candidate.text.slice(0, SAMPLE * 8))) > known + 1)
    .map((candidate) => ({ ...candidate, start: 0, end: text.length }));
}

function knownWords(tokens: readonly Token[]): number {
  return tokens.filter(({ text }) => isWord(text)).length;
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
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
/** Words with a digit or sign in them; bounded, so that a long word costs no more than its length. */
const MIXED = /(?<![a-z0-9@$!])[a-z]{0,32}[0-9@$!][a-z0-9@$!]{0,32}/gi;
const DIGIT_IN_WORD = /[0-9@$!][a-z]/i;
/** Single letters with one sign between them; two blanks end a word. */
const LETTERS = /(?<![a-z0-9])[a-z](?:[ .\-_*][a-z](?![a-z0-9])){5,}/gi;
/** What is looked at around what was spelled out, in UTF-16 units. */
const AROUND = 200;

/** Digits for letters, and letters one by one: with what stands around. */
function spelledOut(text: string, letters: boolean): Decoded[] {
  let changed = 0;
  let [start, end] = [text.length, 0];
  const note = (index: number, length: number, count: number) => {
    changed += count;
    [start, end] = [Math.min(start, index), Math.max(end, index + length)];
  };
  const replaced = (part: string, first: number) => {
    const plain = part.replace(MIXED, (word, index: number) => {
      const spelled = word.replace(/[013457@$!]/g, (sign) => DIGITS[sign]);
      if (spelled !== word && isKnown(spelled.toLowerCase())) {
        note(first + index, word.length, 1);
        return spelled;
      }
      return word;
    });
    return !letters
      ? plain
      : plain.replace(LETTERS, (run, index: number) => {
          note(first + index, run.length, 2);
          return ` ${wordsOf(run.replace(/[ .\-_*]/g, ''))} `;
        });
  };
  replaced(text, 0);
  if (changed < 2) {
    return [];
  }
  const span = { start: Math.max(0, start - AROUND), end: Math.min(text.length, end + AROUND) };
  return [{ encoding: 'spelled out', text: replaced(text.slice(span.start, span.end), span.start), ...span }];
}

/** Longest words first, as far as the lexicon knows them. */
function wordsOf(letters: string): string {
  const words: string[] = [];
  let rest = '';
  for (let index = 0; index < letters.length; ) {
    let length = Math.min(16, letters.length - index);
    while (length > 1 && !isWord(letters.slice(index, index + length).toLowerCase())) {
      length -= 1;
    }
    if (length > 1) {
      words.push(rest, letters.slice(index, index + length));
      rest = '';
    } else {
      rest += letters[index];
    }
    index += length;
  }
  return [...words, rest].filter((word) => word !== '').join(' ');
}

function isWord(word: string): boolean {
  return isKnown(word) || COMMON.has(word);
}
