import type { Features } from './features';
import { Room } from './room';
import type { RuleMatch } from './rules';

/** Tokens of a window: a sentence, a paragraph, a page. The whole text is one more. */
const SIZES = [24, 64, 200];

/** Most that rules add to a window: past that they say the same again. */
const RULES_CAP = 5;

/** Of so many windows as a text of this length has, none looks like an attack by chance; for each doubling the worst one has to look it by more. */
const ALONE = 1000;
const DOUBLING = 0.5;

/** Weights of a linear classifier. */
export interface Weights {
  readonly bias: number;
  /** One for each bucket. */
  readonly buckets: ArrayLike<number>;
  /** What a weight is multiplied with. */
  readonly scale: number;
}

/** A part of a text and how much it looks like an attack. */
export interface ScoredWindow {
  /** First token, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Logarithm of the odds. */
  readonly logit: number;
  /** What the rules and the classifier gave to it. */
  readonly rules: number;
  readonly classifier: number;
}

/**
 * The window that looks most like an attack. Windows of several sizes overlap by half, so that an attack in a long text counts as much
 * as alone. The classifier's sum is divided by the root of its number of features. Linear.
 *
 * @param room for sums. @default - room of their own
 */
export function worstWindow(
  features: Features,
  matches: readonly RuleMatch[],
  weights: Weights,
  room = new Room(Float64Array),
): ScoredWindow {
  const tokens = features.starts.length - 1;
  const sums = prefixSums(features, weights, room.of(features.starts.length));
  let worst: ScoredWindow = { start: 0, end: 0, logit: weights.bias, rules: 0, classifier: 0 };
  for (const size of [...SIZES.filter((each) => each < tokens), tokens]) {
    const rules = new RulesIn(matches);
    const step = Math.max(1, size >> 1);
    for (let start = 0; start < tokens; start += step) {
      const end = Math.min(tokens, start + size);
      const sum = rules.sum(start, end);
      const count = features.starts[end] - features.starts[start];
      const classifier = (sums[end] - sums[start]) / Math.sqrt(count || 1);
      const logit = weights.bias + sum + classifier;
      if (logit > worst.logit || worst.end === 0) {
        worst = { start, end, logit, rules: sum, classifier };
      }
      if (end === tokens) {
        break;
      }
    }
  }
  return { ...worst, logit: worst.logit - DOUBLING * Math.max(0, Math.log2(tokens / ALONE)) };
}

function prefixSums({ buckets, starts }: Features, weights: Weights, sums: Float64Array): Float64Array {
  sums[0] = 0;
  for (let token = 1; token < starts.length; token += 1) {
    let sum = 0;
    for (let index = starts[token - 1]; index < starts[token]; index += 1) {
      sum += weights.buckets[buckets[index]];
    }
    sums[token] = sums[token - 1] + sum * weights.scale;
  }
  return sums;
}

/** Sums the rules that hold within windows whose start only moves on; each rule counts once in a window. */
class RulesIn {
  private readonly lists: { readonly matches: RuleMatch[]; next: number }[];

  constructor(matches: readonly RuleMatch[]) {
    const lists = new Map<string, { readonly matches: RuleMatch[]; next: number }>();
    for (const match of matches) {
      const list = lists.get(match.rule.id) ?? { matches: [], next: 0 };
      lists.set(match.rule.id, list);
      list.matches.push(match);
    }
    this.lists = [...lists.values()];
  }

  sum(start: number, end: number): number {
    let sum = 0;
    for (const list of this.lists) {
      while (list.next < list.matches.length && list.matches[list.next].first < start) {
        list.next += 1;
      }
      // Matches of one rule follow one another, so the first that begins here also ends first.
      const match = list.matches[list.next];
      sum += match && match.last < end ? match.rule.weight : 0;
    }
    return Math.min(RULES_CAP, sum);
  }
}
