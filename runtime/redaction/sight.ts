/** A stretch of a text in which a pattern is tried. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where in a text a recognizer looks. */
export type Places = (sight: Sight) => readonly Stretch[];

/** Digits that stand together, as a number is written: in groups, with a letter between. */
interface Group extends Stretch {
  readonly digits: number;
  readonly dots: number;
  /** Whether a letter stands in it, or no more than a sign away. */
  readonly lettered: boolean;
}

/** Most units between two digits of one number. */
const GAP = 3;
/** What may stand around a number and still belongs to it: letters of an id, brackets, an extension. */
const BEFORE = 12;
const AFTER = 20;
/** Shortest run of letters, digits and `+/_-` that only a digest, an encoder or a UUID makes. */
const LONG_RUN = 24;

/** Kinds of ASCII units, for one pass over a text. */
const DIGIT = 1;
const LETTER = 2;
const RUNNING = 4;
const JOINING = 8;
const DOT = 0x2e;
const KINDS = Uint8Array.from({ length: 128 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  return (
    (/\d/.test(character) ? DIGIT : 0) |
    (/[A-Za-z_]/.test(character) ? LETTER : 0) |
    (/[A-Za-z0-9+/_-]/.test(character) ? RUNNING : 0) |
    (/[ .()/+-]/.test(character) ? JOINING : 0)
  );
});

const NOWHERE: readonly number[] = [];

/** A text, and what one pass over it tells about where something can be. */
export class Sight {
  /** In small letters, unit for unit. */
  readonly lower: string;
  private readonly glance: Glance;
  private readonly places = new Map<string, readonly number[]>();

  constructor(readonly text: string) {
    const lower = text.toLowerCase();
    // A few letters become two when they are made small: then only ASCII is.
    this.lower = lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    this.glance = glanceAt(this.lower);
  }

  /** Long runs of letters, digits and `+/_-`. */
  get runs(): readonly Stretch[] {
    return this.glance.runs;
  }

  /** Around each number of at least so many digits, and of what else is asked for. */
  numbers(least: number, { dots = 0, lettered = false } = {}): readonly Stretch[] {
    const stretches: { start: number; end: number }[] = [];
    for (const group of this.glance.groups) {
      if (group.digits >= least && group.dots >= dots && (group.lettered || !lettered)) {
        const end = wordEnd(this.text, Math.min(this.text.length, group.end + AFTER));
        append(stretches, Math.max(0, group.start - BEFORE), end);
      }
    }
    return stretches;
  }

  /** Where a word begins, in small letters. */
  placesOf(word: string): readonly number[] {
    // Most words are nowhere: nothing is kept for them.
    if (!this.mayHave(word)) {
      return NOWHERE;
    }
    const known = this.places.get(word);
    if (known) {
      return known;
    }
    const places = allPlaces(this.lower, word);
    this.places.set(word, places);
    return places;
  }

  private mayHave(word: string): boolean {
    let hash = 0;
    for (let index = 0; index < word.length; index += 1) {
      hash = hashed(hash, word.charCodeAt(index));
      if (index >= 2 && this.glance.triples[hash] === 0) {
        return false;
      }
    }
    return true;
  }
}

/** What one pass over a text tells. */
interface Glance {
  readonly runs: readonly Stretch[];
  readonly groups: readonly Group[];
  /** 1 where three units that follow each other have this hash. */
  readonly triples: Uint8Array;
}

/** Of the last three units: five bits of each, and those above them. */
function hashed(hash: number, unit: number): number {
  return ((hash << 5) ^ unit) & 0x3fff;
}

/** One loop over plain numbers: this is what every text costs. */
function glanceAt(lower: string): Glance {
  const units = unitsOf(lower);
  const runs: Stretch[] = [];
  const groups: Group[] = [];
  const triples = new Uint8Array(1 << 14);
  let hash = 0;
  let [run, lettered] = [0, 0];
  let [group, digits, dots, letters, last, joined] = [0, 0, 0, 0, -1, false];
  // One unit more, which is nothing, ends what is open.
  for (let index = 0; index <= units.length; index += 1) {
    const unit = index < units.length ? units[index] : 0;
    const kind = kindOf(units, index);
    hash = hashed(hash, unit);
    triples[hash] = 1;
    if (kind & RUNNING) {
      lettered |= kind & LETTER;
    } else {
      // Digits and signs alone are a number.
      if (index - run >= LONG_RUN && lettered) {
        runs.push({ start: run, end: index });
      }
      run = index + 1;
      lettered = 0;
    }
    if (kind & DIGIT) {
      if (!joined) {
        group = index;
        digits = 0;
        dots = 0;
        letters = kindOf(units, index - 1) | kindOf(units, index - 2);
      }
      digits += 1;
      last = index;
      joined = true;
    } else if (joined) {
      letters |= index - last <= 2 ? kind : 0;
      if ((index - last <= GAP && kind & JOINING) || (index - last === 1 && kind & LETTER)) {
        dots += unit === DOT ? 1 : 0;
      } else {
        letters |= kindOf(units, last + 2);
        groups.push({ start: group, end: last + 1, digits, dots, lettered: (letters & LETTER) !== 0 });
        joined = false;
      }
    }
  }
  return { runs, groups, triples };
}

function kindOf(units: Uint16Array, index: number): number {
  const unit = units[index];
  return unit < 128 ? KINDS[unit] : 0;
}

function unitsOf(text: string): Uint16Array {
  const bytes = Buffer.allocUnsafeSlow(text.length * 2);
  bytes.write(text, 'utf16le');
  return new Uint16Array(bytes.buffer, bytes.byteOffset, text.length);
}

function allPlaces(text: string, word: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    places.push(at);
  }
  return places;
}

/** All of the text. */
export const everywhere: Places = ({ text }) => [{ start: 0, end: text.length }];

/** Near numbers of at least so many digits, with as many dots, or letters in or at them, as is asked for. */
export function numbers(least: number, asked?: { readonly dots?: number; readonly lettered?: boolean }): Places {
  return (sight) => sight.numbers(least, asked);
}

/** Long runs of letters and digits. */
export const runs: Places = (sight) => sight.runs;

/**
 * Around marks, in small letters: so many units before each, and so many from where it begins. A stretch does not end within a word, so
 * that a number is seen as long as it is.
 */
export function around(marks: readonly string[], before: number, after: number): Places {
  return (sight) => {
    const { text } = sight;
    const stretches: { start: number; end: number }[] = [];
    const places: number[] = [];
    for (const mark of marks) {
      for (const place of sight.placesOf(mark)) {
        places.push(place);
      }
    }
    for (const place of places.sort((a, b) => a - b)) {
      append(stretches, Math.max(0, place - before), wordEnd(text, Math.min(text.length, place + after)));
    }
    return stretches;
  };
}

/** Stretches that touch become one: nothing is looked at twice. */
function append(stretches: { start: number; end: number }[], start: number, end: number): void {
  const previous = stretches.at(-1);
  if (previous && start <= previous.end) {
    previous.end = Math.max(previous.end, end);
  } else {
    stretches.push({ start, end });
  }
}

/** Longest word that a stretch is made longer for. */
const WORD = 64;

function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && end < from + WORD && isRunning(text.charCodeAt(end))) {
    end += 1;
  }
  return end;
}

function isRunning(unit: number): boolean {
  return unit < 128 && (KINDS[unit] & RUNNING) !== 0;
}
