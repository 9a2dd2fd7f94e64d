import { looksLike } from './characters';
import { hashOf, hashWith, NO_HASH } from './hash';

/** A word, a character of a script without spaces, or a mark of punctuation. */
export interface Token {
  /** Folded: small letters, no accents, look-alikes of Latin letters in Latin words. */
  readonly text: string;
  /** In UTF-16 units of the text that was split. */
  readonly start: number;
  readonly end: number;
  /** Of `text`. */
  readonly hash: number;
}

const WORD = /[\p{L}\p{N}\p{M}_]/u;
const SPACE = /\s/u;
/** Scripts that are written without spaces, or whose words have endings: each character is a word of its own. */
const ALONE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;
const LATIN_LETTER = /[a-z]/i;
/** Longest word: what is longer is no word, and would make n-grams without end. */
export const MAXIMUM_WORD = 64;

enum Kind {
  Space,
  Word,
  Alone,
  Mark,
}

const ASCII = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  if (/\w/.test(String.fromCharCode(unit))) {
    return Kind.Word;
  }
  return unit > 0x20 || unit === 0x0a ? Kind.Mark : Kind.Space;
});
const SIGNS = Array.from(ASCII, (_, unit) => String.fromCharCode(unit));

/** Splits a text into tokens; linear. White space is none, but for line breaks. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < text.length; ) {
    const token = plainToken(text, index) ?? tokenAt(text, index);
    if (token) {
      tokens.push(token);
    }
    index = token ? token.end : index + lengthAt(text, index);
  }
  return tokens;
}

/** What nearly every token of most texts is, in one pass over its letters: a word of ASCII or a mark. Undefined where it may be more. */
function plainToken(text: string, start: number): Token | undefined {
  const first = text.charCodeAt(start);
  if (first >= 0x80 || ASCII[first] === Kind.Space) {
    return undefined;
  }
  if (ASCII[first] === Kind.Mark) {
    return { text: SIGNS[first], start, end: start + 1, hash: hashWith(NO_HASH, first) };
  }
  const limit = Math.min(text.length, start + MAXIMUM_WORD);
  let hash = NO_HASH;
  let capitals = false;
  let end = start;
  for (; end < limit; end += 1) {
    const unit = text.charCodeAt(end);
    if (unit >= 0x80 || unit === APOSTROPHE) {
      return undefined;
    }
    if (ASCII[unit] !== Kind.Word) {
      break;
    }
    const capital = unit >= 0x41 && unit <= 0x5a;
    capitals ||= capital;
    hash = hashWith(hash, capital ? unit + 0x20 : unit);
  }
  const word = text.slice(start, end);
  return { text: capitals ? word.toLowerCase() : word, start, end, hash };
}

function tokenAt(text: string, start: number): Token | undefined {
  const kind = kindAt(text, start);
  if (kind === Kind.Space) {
    return undefined;
  }
  const end = kind === Kind.Word ? wordEnd(text, start) : start + lengthAt(text, start);
  const part = text.slice(start, end);
  const folded = kind === Kind.Word ? fold(part) : part;
  return { text: folded, start, end, hash: hashOf(folded) };
}

function wordEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + MAXIMUM_WORD);
  let end = start;
  while (end < limit) {
    const unit = text.charCodeAt(end);
    if (unit < 0x80 && ASCII[unit] === Kind.Word) {
      end += 1;
      continue;
    }
    // An apostrophe within a word is a part of it.
    const at = isApostrophe(unit) && end + 1 < text.length ? end + 1 : end;
    if (kindAt(text, at) !== Kind.Word) {
      break;
    }
    end = at + lengthAt(text, at);
  }
  return end;
}

const APOSTROPHE = 0x27;

function isApostrophe(unit: number): boolean {
  return unit === APOSTROPHE || unit === 0x2019;
}

function lengthAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit < 0xdc00 && (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
}

function kindAt(text: string, index: number): Kind {
  const unit = text.charCodeAt(index);
  return unit < 0x80 ? ASCII[unit] : kindOf(text.codePointAt(index) as number);
}

function kindOf(point: number): Kind {
  const character = String.fromCodePoint(point);
  if (WORD.test(character)) {
    return point >= 0xe00 && ALONE.test(character) ? Kind.Alone : Kind.Word;
  }
  return SPACE.test(character) ? Kind.Space : Kind.Mark;
}

function fold(word: string): string {
  switch (caseOf(word)) {
    case Case.Small:
      return word;
    case Case.Ascii:
      return word.toLowerCase();
    default:
      return foldOther(word.toLowerCase().replace('\u2019', "'"));
  }
}

enum Case {
  /** ASCII without capitals: nothing to do. */
  Small,
  Ascii,
  Other,
}

function caseOf(word: string): Case {
  let found = Case.Small;
  for (let index = 0; index < word.length; index += 1) {
    const unit = word.charCodeAt(index);
    if (unit > 0x7e) {
      return Case.Other;
    }
    found = unit >= 0x41 && unit <= 0x5a ? Case.Ascii : found;
  }
  return found;
}

/** Accents are written or not as people please; marks of other scripts make words what they are. */
function foldOther(word: string): string {
  if (!LATIN_LETTER.test(word)) {
    return word;
  }
  const latin = Array.from(word, (letter) => looksLike(letter) ?? letter).join('');
  return latin
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}
