import { ADDRESSES, PHONE } from './contact';
import { CRYPTO } from './crypto';
import type { Entity, Recognizer } from './entity';
import { FINANCIAL, IBAN } from './financial';
import { DOCUMENTS, NATIONAL_IDS } from './national-ids';
import { NETWORK } from './network';
import { SECRETS } from './secrets';
import { Sight } from './sight';
import { WORLD_IDS } from './world-ids';

/** What marks of its own, a word beside it or length and check digits name: looked for first, and anywhere. */
const NAMED: readonly Recognizer[] = [...SECRETS, ...CRYPTO, ...ADDRESSES, ...DOCUMENTS, IBAN];
/** What a check digit proves, then what only a pattern says: not within names of things. */
const PROVED: readonly Recognizer[] = [...FINANCIAL, ...NATIONAL_IDS, ...WORLD_IDS, PHONE, ...NETWORK];

/** All that is recognized. */
export const RECOGNIZERS: readonly Recognizer[] = [...NAMED, ...PROVED];

/** Blanks and hyphens that type-setters use, one unit each: they change nothing about what is written. */
const BLANKS = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const HYPHENS = /[\u2010-\u2015\u2212]/g;
/** Letters, digits and signs as wide as Chinese and Japanese ones. */
const FULL_WIDTH = /[\uff01-\uff5e]/g;
/** Line breaks and tabs as strings of programs write them: what follows begins there. */
const ESCAPED = /\\[nrt]/g;

/**
 * Finds what identifies somebody or opens something. Entities do not overlap; an earlier recognizer keeps what it has. UUIDs and long
 * runs of letters and digits, which only digests and encoders make, hold nothing but what has marks of its own. Linear; never throws.
 * Names of people, organisations and places are not claimed.
 */
export function findEntities(text: string): readonly Entity[] {
  const search = new Search(new Sight(plain(text)));
  search.run(NAMED);
  search.guard();
  search.run(PROVED);
  return search.entities.sort((one, other) => one.start - other.start);
}

/** Most texts have none of these: one look instead of four. */
const PLAIN = /^[\t\n\r -[\]-~]*$/;

/** The same, unit for unit, in ASCII. */
function plain(text: string): string {
  if (PLAIN.test(text)) {
    return text;
  }
  return text
    .replace(BLANKS, ' ')
    .replace(HYPHENS, '-')
    .replace(ESCAPED, '  ')
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}

class Search {
  readonly entities: Entity[] = [];
  /** 1 for each unit that is spoken for. */
  private readonly taken: Uint8Array;

  constructor(private readonly sight: Sight) {
    this.taken = new Uint8Array(sight.text.length);
  }

  run(recognizers: readonly Recognizer[]): void {
    for (const recognizer of recognizers) {
      for (const { start, end } of recognizer.places(this.sight)) {
        this.look(recognizer, start, end);
      }
    }
  }

  private look({ type, pattern, accept }: Recognizer, from: number, to: number): void {
    const text = to < this.sight.text.length ? this.sight.text.slice(0, to) : this.sight.text;
    pattern.lastIndex = from;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const value = match.groups?.entity ?? match[0];
      const end = match.index + match[0].length;
      const start = end - value.length;
      const accepted = this.isFree(start, end) && (accept?.({ text: this.sight.text, value, start, end }) ?? true);
      if (accepted) {
        const until = accepted === true ? end : start + accepted;
        this.taken.fill(1, start, until);
        this.entities.push({ type, start, end: until });
      }
    }
  }

  private isFree(start: number, end: number): boolean {
    for (let index = start; index < end; index += 1) {
      if (this.taken[index] === 1) {
        return false;
      }
    }
    return true;
  }

  guard(): void {
    for (const { start, end } of this.sight.runs) {
      this.taken.fill(1, start, end);
    }
  }
}
