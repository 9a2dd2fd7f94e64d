import { fold } from './fold';
import { hashOf, hashWith, NO_HASH } from './hash';
import { ASCII, Kind, kindAt, lengthAt } from './kinds';
import { roomFor } from './room';
import { Units } from './units';

/** Longest word: what is longer is no word, and would make n-grams without end. */
export const MAXIMUM_WORD = 64;
/** A word's beginning stands for its other forms. */
export const BEGINNING = 5;

const APOSTROPHE = 0x27;

/** What ASCII letters, digits and underscores are compared by; 0 for what is in no word. */
const SMALL = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  ASCII[unit] === Kind.Word ? String.fromCharCode(unit).toLowerCase().charCodeAt(0) : 0,
);

/**
 * The tokens of a text: words, characters of scripts without spaces, marks of punctuation. In arrays of numbers, which the next text
 * can be read into: an object and a string for each token would be most of what screening leaves to the garbage collector.
 */
export class Tokens {
  text = '';
  units: Uint16Array = new Uint16Array(0);
  count = 0;
  /** In UTF-16 units of the text. */
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  /** Of what `textAt` gives. */
  hashes = new Int32Array(0);
  /** Hashes of what longer words begin with; 0 for shorter ones. */
  beginnings = new Int32Array(0);
  /** Ids that the lexicon gives to words, once somebody has looked them up. */
  words = new Uint16Array(0);
  lookedUp = false;
  /** What tokens are compared by, where that is more than their own letters made small. */
  private readonly folded = new Map<number, string>();
  private readonly room = new Units();

  /** Forgets what it held, and splits a text; linear. White space is no token, but for line breaks. */
  read(text: string): this {
    this.text = text;
    this.units = this.room.of(text);
    this.lookedUp = false;
    this.folded.clear();
    this.makeRoom(text.length);
    this.count = this.split(text.length);
    return this;
  }

  /** Folded: small letters, no accents, look-alikes of Latin letters in Latin words. */
  textAt(index: number): string {
    const folded = this.folded.get(index);
    if (folded !== undefined) {
      return folded;
    }
    const part = this.text.slice(this.starts[index], this.ends[index]);
    return part.charCodeAt(0) < 0x80 ? part.toLowerCase() : part;
  }

  /** Whether `textAt` gives this. */
  is(index: number, text: string): boolean {
    const folded = this.folded.size > 0 ? this.folded.get(index) : undefined;
    return folded === undefined ? reads(this.units, this.starts[index], this.ends[index], text) : folded === text;
  }

  /** There are no more tokens than units. */
  private makeRoom(length: number): void {
    if (this.starts.length < length) {
      const room = roomFor(length);
      this.starts = new Int32Array(room);
      this.ends = new Int32Array(room);
      this.hashes = new Int32Array(room);
      this.beginnings = new Int32Array(room);
      this.words = new Uint16Array(room);
    }
  }

  /** Gives the number of tokens. Words of ASCII, which most are, take one pass over their letters. */
  private split(length: number): number {
    const { units, starts, ends, hashes, beginnings } = this;
    let count = 0;
    for (let start = 0; start < length; ) {
      const first = units[start];
      if (first < 0x80 && ASCII[first] !== Kind.Word) {
        if (ASCII[first] === Kind.Mark) {
          starts[count] = start;
          ends[count] = start + 1;
          hashes[count] = hashWith(NO_HASH, first);
          beginnings[count] = 0;
          count += 1;
        }
        start += 1;
        continue;
      }
      const limit = Math.min(length, start + MAXIMUM_WORD);
      let hash = NO_HASH;
      let beginning = 0;
      let end = start;
      for (; end < limit; end += 1) {
        const letter = units[end] < 0x80 ? SMALL[units[end]] : 0;
        if (letter === 0) {
          break;
        }
        beginning = end - start === BEGINNING ? hash : beginning;
        hash = hashWith(hash, letter);
      }
      if (end === limit || !mayGoOn(units[end])) {
        starts[count] = start;
        ends[count] = end;
        hashes[count] = hash;
        beginnings[count] = beginning;
        count += 1;
        start = end;
      } else if (kindAt(this.text, start) === Kind.Space) {
        // There is none outside the first plane.
        start += 1;
      } else {
        start = this.other(start, count);
        count += 1;
      }
    }
    return count;
  }

  /** Writes a token that is more than a word of ASCII, and gives its end. */
  private other(start: number, index: number): number {
    const { text } = this;
    const isWord = kindAt(text, start) === Kind.Word;
    const end = isWord ? wordEnd(text, start) : start + lengthAt(text, start);
    const part = text.slice(start, end);
    const folded = isWord ? fold(part) : part;
    if (folded !== part) {
      this.folded.set(index, folded);
    }
    this.starts[index] = start;
    this.ends[index] = end;
    this.hashes[index] = hashOf(folded);
    this.beginnings[index] = folded.length > BEGINNING ? hashOf(folded, BEGINNING) : 0;
    return end;
  }
}

/** Whether a word of ASCII that stands before this may be longer than it looks. */
function mayGoOn(unit: number): boolean {
  return unit >= 0x80 || unit === APOSTROPHE;
}

/** The tokens of a text, in arrays of their own. */
export function tokensOf(text: string): Tokens {
  return new Tokens().read(text);
}

/** Whether a part of a text, in small letters where it is of ASCII, is a word. */
export function reads(units: Uint16Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) {
    return false;
  }
  for (let index = start; index < end; index += 1) {
    const unit = units[index];
    if ((unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit) !== word.charCodeAt(index - start)) {
      return false;
    }
  }
  return true;
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

function isApostrophe(unit: number): boolean {
  return unit === APOSTROPHE || unit === 0x2019;
}
