import { fold } from './fold';
import { hashOf, hashWith, NO_HASH } from './hash';
import { ASCII, Kind, kindAt, lengthAt } from './kinds';

/** Longest word: what is longer is no word, and would make n-grams without end. */
export const MAXIMUM_WORD = 64;
/** A word's beginning stands for its other forms. */
export const BEGINNING = 5;

const APOSTROPHE = 0x27;

/**
 * The tokens of a text: words, characters of scripts without spaces, marks of punctuation. In arrays of numbers, which the next text
 * can be read into: an object and a string for each token would be most of what screening leaves to the garbage collector.
 */
export class Tokens {
  text = '';
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
  /** Texts of the tokens whose own letters, made small, are not yet what they are compared by. */
  private readonly folded = new Map<number, string>();

  /** Forgets what it held, and splits a text; linear. White space is no token, but for line breaks. */
  read(text: string): this {
    this.text = text;
    this.count = 0;
    this.lookedUp = false;
    this.folded.clear();
    for (let index = 0; index < text.length; ) {
      const unit = text.charCodeAt(index);
      if (unit >= 0x80) {
        index = this.other(index);
      } else if (ASCII[unit] === Kind.Word) {
        index = this.word(index);
      } else {
        if (ASCII[unit] === Kind.Mark) {
          this.push(index, index + 1, hashWith(NO_HASH, unit), 0);
        }
        index += 1;
      }
    }
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
    const start = this.starts[index];
    return folded === undefined ? reads(this.text, start, this.ends[index], text) : folded === text;
  }

  /** A word of ASCII in one pass over its letters; gives its end. */
  private word(start: number): number {
    const { text } = this;
    const limit = Math.min(text.length, start + MAXIMUM_WORD);
    let hash = NO_HASH;
    let beginning = 0;
    let end = start;
    for (; end < limit; end += 1) {
      const unit = text.charCodeAt(end);
      if (unit >= 0x80 || unit === APOSTROPHE) {
        return this.other(start);
      }
      if (ASCII[unit] !== Kind.Word) {
        break;
      }
      if (end - start === BEGINNING) {
        beginning = hash;
      }
      hash = hashWith(hash, unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit);
    }
    this.push(start, end, hash, beginning);
    return end;
  }

  /** Any token, and white space; gives where the next one begins. */
  private other(start: number): number {
    const { text } = this;
    const kind = kindAt(text, start);
    if (kind === Kind.Word) {
      const end = wordEnd(text, start);
      const part = text.slice(start, end);
      const folded = fold(part);
      if (folded !== part) {
        this.folded.set(this.count, folded);
      }
      this.push(start, end, hashOf(folded), folded.length > BEGINNING ? hashOf(folded, BEGINNING) : 0);
      return end;
    }
    const end = start + lengthAt(text, start);
    if (kind !== Kind.Space) {
      const hash = hashWith(NO_HASH, text.charCodeAt(start));
      this.push(start, end, end - start === 2 ? hashWith(hash, text.charCodeAt(start + 1)) : hash, 0);
    }
    return end;
  }

  private push(start: number, end: number, hash: number, beginning: number): void {
    if (this.count === this.starts.length) {
      this.grow();
    }
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.hashes[this.count] = hash;
    this.beginnings[this.count] = beginning;
    this.count += 1;
  }

  private grow(): void {
    const length = Math.max(256, 2 * this.starts.length);
    this.starts = longer(this.starts, length);
    this.ends = longer(this.ends, length);
    this.hashes = longer(this.hashes, length);
    this.beginnings = longer(this.beginnings, length);
    this.words = new Uint16Array(length);
  }
}

/** The tokens of a text, in arrays of their own. */
export function tokensOf(text: string): Tokens {
  return new Tokens().read(text);
}

function longer(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(length);
  more.set(numbers);
  return more;
}

/** Whether a part of a text, in small letters where it is of ASCII, is a word. */
export function reads(text: string, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) {
    return false;
  }
  for (let index = start; index < end; index += 1) {
    const unit = text.charCodeAt(index);
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
