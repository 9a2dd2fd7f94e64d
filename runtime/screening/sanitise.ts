import { isInvisible, tagged } from './characters';
import { Units } from './units';

/** A kind of change that sanitising makes. */
export type Change = 'compatibility form' | 'invisible character' | 'tag character';

/** A part of a text that was said in tag characters, which no reader sees and every model reads. */
export interface HiddenText {
  readonly text: string;
  /** In UTF-16 units of the original. */
  readonly start: number;
  readonly end: number;
}

/** A text without what a reader does not see. */
export interface Sanitised {
  readonly text: string;
  /** @default - nothing was hidden */
  readonly hidden?: HiddenText;
  /** How often each kind of change was made. */
  readonly changes: Readonly<Partial<Record<Change, number>>>;
  /** Where a UTF-16 unit of `text`, or its end, stands in the original. */
  readonly originalOf: (unit: number) => number;
}

const MARK = /^\p{M}$/u;
/** What NFKC joins to what stands before, though it is no mark: vowels and finals of Hangul, and half-width voicing marks. */
const JOINING = /^[\u1160-\u11ff\uff9e\uff9f]$/;
/** Most characters of a cluster: more marks than that on one letter are an attack of their own. */
const LONGEST_CLUSTER = 64;

/**
 * Removes what shows nothing, and brings what shows the same into one form (NFKC, cluster by cluster).
 *
 * Idempotent; linear in the length; a lone surrogate becomes U+FFFD. Nothing that a reader sees is lost: look-alikes of other scripts
 * stay, since Greek and Russian are written with them.
 */
export function sanitise(text: string): Sanitised {
  const units = UNITS.of(text);
  return plainUntil(units, text.length, 0) === text.length
    ? { text, changes: {}, originalOf: (unit) => unit }
    : new Sanitiser(text, units).run();
}

const UNITS = new Units();

const PLAIN = 1;
const OTHER = 2;
/** By unit, each asked for once: patterns with properties, and normal forms, take their time. */
const LOOKS = new Uint8Array(0x10000);

/** The first unit from here on that sanitising looks at. */
function plainUntil(units: Uint16Array, length: number, from: number): number {
  let index = from;
  while (index < length && (LOOKS[units[index]] || lookOf(units[index])) === PLAIN) {
    index += 1;
  }
  return index;
}

/** Plain is what shows something, joins nothing, and is its own normal form; half of a character is not. */
function lookOf(unit: number): number {
  const character = String.fromCharCode(unit);
  const isPlain =
    (unit < 0xd800 || unit > 0xdfff) &&
    !isInvisible(unit) &&
    !joins(character) &&
    character.normalize('NFKC') === character;
  LOOKS[unit] = isPlain ? PLAIN : OTHER;
  return LOOKS[unit];
}

function joins(character: string): boolean {
  return MARK.test(character) || JOINING.test(character);
}

/** From `at` on, units of the sanitised text are those of the original from `original` on, or all stand for that one place. */
interface Stretch {
  readonly at: number;
  readonly original: number;
  readonly same: boolean;
}

class Sanitiser {
  private readonly pieces: string[] = [];
  private readonly stretches: Stretch[] = [];
  private readonly changes: Partial<Record<Change, number>> = {};
  private length = 0;
  private hidden?: { text: string; start: number; end: number };

  constructor(
    private readonly original: string,
    private readonly units: Uint16Array,
  ) {}

  run(): Sanitised {
    for (let index = 0; index < this.original.length; ) {
      // The last plain character may carry marks.
      const plain = plainUntil(this.units, this.original.length, index) - 1;
      if (plain > index) {
        this.push(this.original.slice(index, plain), index, true);
        index = plain;
      } else {
        index = this.cluster(index);
      }
    }
    this.stretches.push({ at: this.length, original: this.original.length, same: false });
    const { stretches, changes, hidden } = this;
    return {
      text: this.pieces.join(''),
      changes,
      originalOf: (unit) => originalOf(stretches, unit),
      ...(hidden && { hidden }),
    };
  }

  /** Takes one character and what joins it; gives where the next one begins. */
  private cluster(start: number): number {
    let characters = '';
    let index = start;
    for (let count = 0; index < this.original.length; ) {
      const point = this.original.codePointAt(index) as number;
      const length = point > 0xffff ? 2 : 1;
      if (this.shows(point, index, length)) {
        const character = point >= 0xd800 && point <= 0xdfff ? '\ufffd' : String.fromCodePoint(point);
        const joined = point > 0x7e && joins(character);
        if (characters !== '' && (!joined || count >= LONGEST_CLUSTER)) {
          break;
        }
        characters += character;
        count += 1;
      }
      index += length;
    }
    const normal = characters.normalize('NFKC');
    if (normal !== characters) {
      this.count('compatibility form');
    }
    this.push(normal, start, false);
    return index;
  }

  private shows(point: number, index: number, length: number): boolean {
    const letter = tagged(point);
    if (letter !== undefined) {
      this.hidden ??= { text: '', start: index, end: index };
      this.hidden.text += letter;
      this.hidden.end = index + length;
      this.count('tag character');
      return false;
    }
    if (isInvisible(point)) {
      this.count('invisible character');
      return false;
    }
    return true;
  }

  private push(text: string, original: number, same: boolean): void {
    if (text !== '') {
      this.pieces.push(text);
      this.stretches.push({ at: this.length, original, same });
      this.length += text.length;
    }
  }

  private count(change: Change): void {
    this.changes[change] = (this.changes[change] ?? 0) + 1;
  }
}

/** Halves the stretches until the one that holds the unit is found. */
function originalOf(stretches: readonly Stretch[], unit: number): number {
  let [low, high] = [0, stretches.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    [low, high] = stretches[middle].at <= unit ? [middle, high] : [low, middle - 1];
  }
  const { at, original, same } = stretches[low];
  return same ? original + unit - at : original;
}
