/** Fewest letters and digits by which a value is known again: what is shorter stands everywhere by chance. */
const SHORTEST = 4;
/** Most values that are looked for: the work is as many times the length of the conversation. */
const MAXIMUM_VALUES = 128;

/** Stands between two texts, so that they never run into each other: a character for private use. */
const BETWEEN = ' \ue000 ';

const RUNS = /[\p{L}\p{N}\ue000]+/gu;
const ESCAPES = /\\(?:u([0-9a-f]{4})|(["\\/bfnrt]))/gi;
const WORDS = /[^\s,;<>"'()]+/g;

/**
 * Where a value comes from, by looking for it in what was said: blind to case, to forms of letters, and to all that is no letter or digit, so
 * that the number of an account is the same with blanks and without. Linear in what was said, for each value.
 */
export class Origin {
  private readonly trusted: Passages;
  private readonly untrusted: Passages;
  private readonly judged = new Map<string, boolean>();

  constructor(trusted: readonly string[], untrusted: readonly string[]) {
    this.trusted = new Passages(trusted);
    this.untrusted = new Passages(untrusted);
  }

  /**
   * Whether a value, or an address in it, stands in an untrusted text and in no trusted one. What comes after the most values that are looked
   * for is taken for untrusted.
   */
  isOnlyUntrusted(value: string): boolean {
    return [value, ...addressesIn(value)].some((part) => this.judge(lettersOf(part)));
  }

  private judge(letters: string): boolean {
    if (letters.length < SHORTEST) {
      return false;
    }
    let untrusted = this.judged.get(letters);
    if (untrusted === undefined) {
      const look = this.judged.size < MAXIMUM_VALUES;
      untrusted = !look || (this.untrusted.hold(letters) && !this.trusted.hold(letters));
      this.judged.set(letters, untrusted);
    }
    return untrusted;
  }
}

/** Texts without all that is no letter or digit. */
class Passages {
  private readonly letters: string;
  /** One for each place in `letters` where a word begins or ends. */
  private readonly edges: Uint8Array;

  constructor(texts: readonly string[]) {
    const runs = runsOf(texts.map(readable).join(BETWEEN));
    this.letters = runs.join('');
    this.edges = new Uint8Array(this.letters.length + 1);
    let end = 0;
    for (const run of runs) {
      this.edges[end] = 1;
      end += run.length;
    }
    this.edges[end] = 1;
  }

  /** Whether the letters stand here, from the edge of a word to the edge of one. Linear whatever repeats itself: Knuth, Morris, Pratt (1977). */
  hold(sought: string): boolean {
    const borders = bordersOf(sought);
    let matched = 0;
    for (let at = 0; at < this.letters.length; at += 1) {
      const unit = this.letters.charCodeAt(at);
      while (matched > 0 && (matched === sought.length || sought.charCodeAt(matched) !== unit)) {
        matched = borders[matched - 1];
      }
      matched += sought.charCodeAt(matched) === unit ? 1 : 0;
      if (matched === sought.length && this.edges[at + 1] === 1 && this.edges[at + 1 - matched] === 1) {
        return true;
      }
    }
    return false;
  }
}

/** Of each beginning of a text the length of its longest proper beginning that it ends with. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at += 1) {
    while (length > 0 && text.charCodeAt(at) !== text.charCodeAt(length)) {
      length = borders[length - 1];
    }
    length += text.charCodeAt(at) === text.charCodeAt(length) ? 1 : 0;
    borders[at] = length;
  }
  return borders;
}

function runsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(RUNS) ?? [];
}

function lettersOf(text: string): string {
  return runsOf(text).join('');
}

/** A text, and the same as a reader of JSON sees it. */
function readable(text: string): string {
  const plain = text.replace(ESCAPES, (_, code: string | undefined, sign: string) => {
    if (code) {
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    return /["\\/]/.test(sign) ? sign : ' ';
  });
  return plain === text ? text : `${text}${BETWEEN}${plain}`;
}

/**
 * Mail addresses and hosts in a text, and the domains above them: whom a call reaches matters, whatever the model wrote around it. The names
 * of registries (`co.uk`) are left out, as far as short names show them.
 */
function addressesIn(text: string): string[] {
  return Array.from(text.matchAll(WORDS)).flatMap(([word]) => {
    const scheme = word.indexOf('://');
    const [authority] = word.slice(scheme === -1 ? 0 : scheme + 3).split(/[/?#\\]/, 1);
    if (!/[^.]\.[^.]|.@./.test(authority)) {
      return [];
    }
    const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
    const labels = host.split('.').slice(-MAXIMUM_LABELS);
    const above = labels.map((_, first) => labels.slice(first)).filter((rest) => rest.length > 1);
    return [
      authority,
      host,
      ...above.filter((rest) => rest.some(({ length }) => length > 3)).map((rest) => rest.join('.')),
    ];
  });
}

/** Labels of a host that are looked at: nobody registers deeper ones. */
const MAXIMUM_LABELS = 6;
