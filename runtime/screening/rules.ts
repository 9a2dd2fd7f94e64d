import type { WordClass } from './lexicon';
import type { Mention } from './mentions';

/** Words that belong together in an attack, and rarely anywhere else. */
export interface ScreeningRule {
  /** Stable name, as reasons and records give it. */
  readonly id: string;
  /** Classes of which each has to be mentioned; a list means one of them. */
  readonly classes: readonly (WordClass | readonly WordClass[])[];
  /** Most tokens from the first word to the last. */
  readonly within: number;
  /** Whether they have to stand in this order. */
  readonly ordered: boolean;
  /** How many different words of the classes have to be there. @default - one of each */
  readonly different?: number;
  /** Added to the logarithm of the odds that a window is an attack. Set by hand; the classifier learns what is left. */
  readonly weight: number;
  /** What it means, for whoever reads a reason. */
  readonly explanation: string;
}

/** Rules, strongest first. */
export const RULES: readonly ScreeningRule[] = [
  {
    id: 'override-prior-instructions',
    classes: ['override', 'prior', 'instructions'],
    within: 9,
    ordered: true,
    weight: 4.5,
    explanation: 'asks to set aside instructions that were given before',
  },
  {
    id: 'override-instructions-before',
    classes: ['override', 'instructions', 'prior'],
    within: 8,
    ordered: true,
    weight: 3,
    explanation: 'asks to set aside instructions that were given before',
  },
  {
    id: 'override-your-instructions',
    classes: ['override', 'your', 'instructions'],
    within: 6,
    ordered: true,
    weight: 3,
    explanation: "asks to set aside the model's own rules",
  },
  {
    id: 'override-comes-last',
    classes: ['prior', 'instructions', 'overrideLast'],
    within: 24,
    ordered: true,
    weight: 3.5,
    explanation: 'asks to set aside instructions that were given before, verb last',
  },
  {
    id: 'despite-prior-instructions',
    classes: ['despite', 'prior', 'instructions'],
    within: 7,
    ordered: true,
    weight: 2,
    explanation: 'asks for something against instructions that were given before',
  },
  {
    id: 'override-everything-before',
    classes: ['override', 'everything', 'prior'],
    within: 6,
    ordered: true,
    weight: 3,
    explanation: 'asks to set aside all that was said before',
  },
  {
    id: 'override-the-above',
    classes: ['override', 'prior'],
    within: 3,
    ordered: true,
    weight: 2,
    explanation: 'asks to set aside what stands above',
  },
  {
    id: 'override-and-say',
    classes: ['override', 'rather'],
    within: 7,
    ordered: true,
    weight: 2,
    explanation: 'asks to set something aside and to say something else in its place',
  },
  {
    id: 'reveal-system-prompt',
    classes: ['reveal', 'secretPrompt'],
    within: 9,
    ordered: true,
    weight: 3.5,
    explanation: "asks for the application's own instructions",
  },
  {
    id: 'reveal-what-was-told',
    classes: ['reveal', 'told'],
    within: 10,
    ordered: true,
    weight: 1,
    explanation: 'asks for what the model was told to keep or to do',
  },
  {
    id: 'reveal-what-stands-before',
    classes: ['reveal', 'before'],
    within: 6,
    ordered: true,
    weight: 1,
    explanation: 'asks for what stands before the prompt',
  },
  {
    id: 'reveal-password',
    classes: ['reveal', 'password'],
    within: 6,
    ordered: true,
    weight: 1.5,
    explanation: 'asks for a password or code that the model was told',
  },
  {
    id: 'reveal-password-last',
    classes: ['your', 'password', 'revealLast'],
    within: 8,
    ordered: true,
    weight: 1.5,
    explanation: 'asks for a password or code that the model was told, verb last',
  },
  {
    id: 'assemble-parts',
    classes: ['assemble', 'part'],
    within: 40,
    ordered: false,
    weight: 1,
    explanation: 'asks to put together what is not to be seen whole',
  },
  {
    id: 'say-granted',
    classes: ['reveal', 'granted'],
    within: 4,
    ordered: true,
    weight: 3,
    explanation: 'dictates the answer that opens a door',
  },
  {
    id: 'persona-without-bounds',
    classes: ['persona', 'unbound'],
    within: 60,
    ordered: false,
    weight: 1.5,
    explanation: 'asks to be somebody whom no rule holds',
  },
  {
    id: 'many-ways-unbound',
    classes: [['unbound', 'compliance']],
    within: 120,
    ordered: false,
    different: 4,
    weight: 2.5,
    explanation: 'says in many ways that no rule holds and no request is refused',
  },
  {
    id: 'persona-never-refuses',
    classes: ['persona', 'compliance', ['unbound', 'device']],
    within: 100,
    ordered: false,
    weight: 1.5,
    explanation: 'asks for a role that never refuses',
  },
  {
    id: 'known-jailbreak-device',
    classes: ['device', ['unbound', 'compliance'], 'persona'],
    within: 60,
    ordered: false,
    weight: 1,
    explanation: 'uses names and devices of known jailbreaks',
  },
  {
    id: 'claimed-authority',
    classes: ['authority', ['override', 'reveal', 'password', 'secretPrompt']],
    within: 25,
    ordered: false,
    weight: 1,
    explanation: 'claims a right that a prompt cannot prove',
  },
  {
    id: 'foreign-turn',
    classes: ['turn'],
    within: 12,
    ordered: false,
    weight: 2,
    explanation: "writes a turn or delimiter of the conversation in the application's name",
  },
  {
    id: 'new-instructions',
    classes: [['override', 'granted', 'password'], 'renewal'],
    within: 30,
    ordered: false,
    weight: 0.5,
    explanation: 'puts new instructions in the place of old ones',
  },
];

/** A rule that holds somewhere. */
export interface RuleMatch {
  readonly rule: ScreeningRule;
  /** First and last token. */
  readonly first: number;
  readonly last: number;
}

/** Where rules hold: each at most once for every `within` tokens, so that repetition does not pay. Linear in the mentions. */
export function matchesIn(mentions: readonly Mention[], rules: readonly ScreeningRule[] = RULES): RuleMatch[] {
  const mentioned = new Set(mentions.map(({ kind }) => kind));
  return rules
    .filter(({ classes }) => classes.every((kinds) => listOf(kinds).some((kind) => mentioned.has(kind))))
    .flatMap((rule) => matchesOf(rule, mentions));
}

function matchesOf(rule: ScreeningRule, mentions: readonly Mention[]): RuleMatch[] {
  const matches: RuleMatch[] = [];
  const search = rule.different ? new Different(rule) : rule.ordered ? new InOrder(rule) : new Together(rule);
  let free = -1;
  for (const mention of mentions) {
    const first = search.take(mention);
    if (first !== undefined && first > free) {
      matches.push({ rule, first, last: mention.last });
      free = first + rule.within;
    }
  }
  return matches;
}

/** Takes mentions by their last token; gives the first token of a match that ends with this one. */
interface Search {
  take(mention: Mention): number | undefined;
}

class InOrder implements Search {
  private readonly steps: readonly (readonly WordClass[])[];
  /** Latest match of the classes so far: its first token, and its last; nothing has begun where the last is Infinity. */
  private readonly firsts: number[];
  private readonly lasts: number[];

  constructor(private readonly rule: ScreeningRule) {
    this.steps = rule.classes.map(listOf);
    this.firsts = this.steps.map(() => 0);
    this.lasts = this.steps.map(() => Infinity);
  }

  take({ kind, first, last }: Mention): number | undefined {
    for (let step = this.steps.length - 1; step >= 0; step -= 1) {
      if (!this.steps[step].includes(kind)) {
        continue;
      }
      const begun = step === 0 ? first : this.firsts[step - 1];
      const follows = step === 0 || this.lasts[step - 1] < first;
      if (follows && last - begun < this.rule.within) {
        this.firsts[step] = begun;
        this.lasts[step] = last;
        if (step === this.steps.length - 1) {
          return begun;
        }
      }
    }
    return undefined;
  }
}

class Together implements Search {
  private readonly steps: readonly (readonly WordClass[])[];
  /** First token of the latest mention of each class; -1 where there was none. */
  private readonly seen: number[];

  constructor(private readonly rule: ScreeningRule) {
    this.steps = rule.classes.map(listOf);
    this.seen = this.steps.map(() => -1);
  }

  take({ kind, first, last }: Mention): number | undefined {
    let taken = false;
    for (let step = 0; step < this.steps.length; step += 1) {
      if (this.steps[step].includes(kind)) {
        this.seen[step] = first;
        taken = true;
      }
    }
    if (!taken || this.seen.includes(-1)) {
      return undefined;
    }
    const begun = Math.min(...this.seen);
    return last - begun < this.rule.within ? begun : undefined;
  }
}

class Different implements Search {
  private readonly kinds: readonly WordClass[];
  private readonly latest = new Map<string, number>();

  constructor(private readonly rule: ScreeningRule) {
    this.kinds = rule.classes.flatMap(listOf);
  }

  take({ kind, words, first, last }: Mention): number | undefined {
    if (!this.kinds.includes(kind)) {
      return undefined;
    }
    this.latest.delete(words);
    this.latest.set(words, first);
    // The oldest stand first.
    for (const [word, place] of this.latest) {
      if (last - place < this.rule.within) {
        break;
      }
      this.latest.delete(word);
    }
    return this.latest.size >= (this.rule.different ?? 1) ? this.latest.values().next().value : undefined;
  }
}

function listOf(kinds: WordClass | readonly WordClass[]): readonly WordClass[] {
  return typeof kinds === 'string' ? [kinds] : kinds;
}
