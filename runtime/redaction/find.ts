import { CONTACT } from './contact';
import type { Entity, Recognizer } from './entity';
import { FINANCIAL, IBAN } from './financial';
import { DOCUMENTS, NATIONAL_IDS } from './national-ids';
import { NETWORK } from './network';
import { SECRETS } from './secrets';

/** What marks of its own, a word beside it or length and check digits name: looked for first, and anywhere. */
const NAMED: readonly Recognizer[] = [...SECRETS, ...DOCUMENTS, IBAN];
/** What a check digit proves, then what only a pattern says: not within names of things. */
const PROVED: readonly Recognizer[] = [...FINANCIAL, ...NATIONAL_IDS, ...CONTACT, ...NETWORK];

/** All that is recognized. */
export const RECOGNIZERS: readonly Recognizer[] = [...NAMED, ...PROVED];

/** Names of things, not of people: nothing within them is looked at. UUIDs, and long runs that only a digest or an encoder makes. */
const GUARDS: readonly RegExp[] = [
  /(?<![0-9A-Za-z])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9A-Za-z])/g,
  /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,2}/g,
];

/** Digits and hyphens alone are no encoded text. */
const NUMBER = /^[\d-]+$/;

/**
 * Finds what identifies somebody or opens something. Entities do not overlap; an earlier recognizer keeps what it has. Linear; never
 * throws. Names of people, organisations and places are not claimed.
 */
export function findEntities(text: string): readonly Entity[] {
  const search = new Search(text);
  search.run(NAMED);
  search.guard();
  search.run(PROVED);
  return search.entities.sort((one, other) => one.start - other.start);
}

/** Most units between a digit and the end of what it belongs to, twice: what stands before counts too. */
const MARGIN = 64;

/** A part of the text in which a pattern is tried. */
interface Zone {
  readonly start: number;
  readonly text: string;
}

class Search {
  readonly entities: Entity[] = [];
  private readonly taken = new Spans();
  private readonly keywords: Keywords;
  private readonly whole: readonly Zone[];
  private readonly numeric: readonly Zone[];

  constructor(private readonly text: string) {
    this.keywords = new Keywords(text.toLowerCase());
    this.whole = [{ start: 0, text }];
    this.numeric = zonesOf(text);
  }

  run(recognizers: readonly Recognizer[]): void {
    for (const recognizer of recognizers) {
      const zones = recognizer.numeric ? this.numeric : this.whole;
      if (zones.length > 0 && (recognizer.keywords?.some((keyword) => this.keywords.has(keyword)) ?? true)) {
        for (const zone of zones) {
          this.look(recognizer, zone);
        }
      }
    }
  }

  private look({ type, pattern, accept }: Recognizer, zone: Zone): void {
    for (const { 0: value, index } of zone.text.matchAll(pattern)) {
      const start = zone.start + index;
      const end = start + value.length;
      if (value !== '' && !this.taken.overlap(start, end)) {
        const accepted = accept?.({ text: this.text, value, start, end }) ?? true;
        if (accepted) {
          const until = accepted === true ? end : start + accepted;
          this.taken.add(start, until);
          this.entities.push({ type, start, end: until });
        }
      }
    }
  }

  guard(): void {
    for (const pattern of GUARDS) {
      for (const { 0: value, index } of this.text.matchAll(pattern)) {
        if (!NUMBER.test(value)) {
          this.taken.add(index, index + value.length);
        }
      }
    }
  }
}

/** Which keywords a text has. Most are ruled out by a pair of letters that does not occur in it, without reading it again. */
class Keywords {
  private readonly pairs = new Uint8Array(1 << 14);

  constructor(private readonly text: string) {
    for (let index = 1; index < text.length; index += 1) {
      this.pairs[pairAt(text, index)] = 1;
    }
  }

  has(keyword: string): boolean {
    for (let index = 1; index < keyword.length; index += 1) {
      if (this.pairs[pairAt(keyword, index)] === 0) {
        return false;
      }
    }
    return this.text.includes(keyword);
  }
}

function pairAt(text: string, index: number): number {
  return ((text.charCodeAt(index - 1) << 7) ^ text.charCodeAt(index)) & 0x3fff;
}

/** What stands around digits. Zones begin and end so far from the next digit that no pattern sees the cut. */
function zonesOf(text: string): Zone[] {
  const zones: Zone[] = [];
  let start = -1;
  let last = -1;
  const close = () => {
    if (last >= 0) {
      zones.push({ start, text: text.slice(start, Math.min(text.length, last + MARGIN)) });
    }
  };
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x30 && unit <= 0x39) {
      if (last < 0 || index - last > 2 * MARGIN) {
        close();
        start = Math.max(0, index - MARGIN);
      }
      last = index;
    }
  }
  close();
  return zones;
}

/** Parts of a text that are spoken for. */
class Spans {
  /** Sorted by start. */
  private readonly spans: { readonly start: number; readonly end: number }[] = [];
  overlap(start: number, end: number): boolean {
    const next = this.place(start);
    const before = this.spans[next - 1];
    const after = this.spans[next];
    return (before !== undefined && before.end > start) || (after !== undefined && after.start < end);
  }

  add(start: number, end: number): void {
    if (!this.overlap(start, end)) {
      this.spans.splice(this.place(start), 0, { start, end });
    }
  }

  /** The first span that starts after this place. */
  private place(start: number): number {
    let [low, high] = [0, this.spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = this.spans[middle].start <= start ? [middle + 1, high] : [low, middle];
    }
    return low;
  }
}
