import { type Decoded, decodedIn } from './decode';
import { FeatureRoom, type Features, featuresOf } from './features';
import { mentionsIn } from './mentions';
import { Room } from './room';
import { matchesIn, RULES, type RuleMatch } from './rules';
import { type Sanitised, sanitise } from './sanitise';
import { Tokens } from './tokens';
import { WEIGHTS } from './weights';
import { type ScoredWindow, type Weights, worstWindow } from './windows';

/** Where a text comes from: what a caller wrote, or what was fetched for it (documents, web pages, results of tools). */
export type Provenance = 'user' | 'document' | 'tool';

/** A text to be screened. */
export interface ScreenedText {
  readonly text: string;
  /** @default 'user' */
  readonly provenance?: Provenance;
}

/** `allow`: nothing seen. `annotate`: ask a guardrail, and say so in the record. `block`: an attack. */
export type ScreenVerdict = 'allow' | 'annotate' | 'block';

/** Why a text was not simply allowed. */
export interface Reason {
  /** Id of a rule of `RULES`, `classifier`, `hidden-characters`, or `encoded:` and the encoding. */
  readonly rule: string;
  /** In UTF-16 units of the text as it was given. */
  readonly start: number;
  readonly end: number;
  /** What it added to the logarithm of the odds. */
  readonly weight: number;
  readonly explanation: string;
}

/** What screening says of a text. */
export interface Screening {
  readonly verdict: ScreenVerdict;
  /** Of the window that looks most like an attack: 0 to 1. No probability: the share of attacks differs from place to place. */
  readonly score: number;
  /** Heaviest first; at most `MAXIMUM_REASONS`. */
  readonly reasons: readonly Reason[];
}

/** From which scores on a text is annotated and blocked. */
export interface ScreeningSettings {
  /** @default 0.33 */
  readonly annotateFrom?: number;
  /** @default 0.75 */
  readonly blockFrom?: number;
}

/** Most reasons that are given. */
export const MAXIMUM_REASONS = 16;

/** Chosen by cross-validation: docs/screening.md has the figures. */
const ANNOTATE_FROM = 0.33;
const BLOCK_FROM = 0.75;
/** From here on, in logarithms of the odds, a score has a reason: what is annotated without one could not be explained. */
const EXPLAINED = Math.log(ANNOTATE_FROM / (1 - ANNOTATE_FROM));
/** Fewer letters than an instruction can have: rows of numbers and signs say nothing to a model that could be obeyed. */
const WORDS = /(?:\p{L}\P{L}*){3}/u;

/** What was hidden is meant to get past somebody; both in logarithms of the odds. */
const HIDDEN = 2;
const ENCODED = 1;
/** Readings that nothing in the text asks for: one of gibberish says anything by chance, so a rule has to hold, and none is read anew. */
const GUESSES: ReadonlySet<Decoded['encoding']> = new Set(['rot13', 'reversed', 'spelled out']);
/** Numbers are numbers before they are letters in hexadecimal. */
const DIGITS = /^[\d\s]+$/;
/** How often something encoded may be encoded again. */
const DEPTH = 2;
/** The flags of regions are written in tag characters too: five letters, and never more. */
const SHORTEST_HIDDEN = 8;
/** In what was fetched nobody has a right to give instructions: a rule of this weight is enough to ask a guardrail. */
const IMPERATIVE = 2;

interface Finding {
  readonly logit: number;
  readonly reasons: readonly Reason[];
  /** Heaviest rule that holds anywhere. */
  readonly heaviest: number;
}

const NOTHING: Finding = { logit: WEIGHTS.bias, reasons: [], heaviest: 0 };

/**
 * Screens a text for prompt injection and jailbreaks. Deterministic, linear in the length, never throws.
 *
 * What it does not claim: that an allowed text is harmless. Instructions hidden in documents read like ordinary text: the
 * gateway marks what was fetched. Harmful requests without an attack on instructions are the guardrail's.
 */
export function screen({ text, provenance = 'user' }: ScreenedText, settings: ScreeningSettings = {}): Screening {
  const { annotateFrom = ANNOTATE_FROM, blockFrom = BLOCK_FROM } = settings;
  const { logit, reasons, heaviest } = look(text, DEPTH);
  const score = 1 / (1 + Math.exp(-logit));
  const fetched = provenance !== 'user' && heaviest >= IMPERATIVE;
  const verdict = score >= blockFrom ? 'block' : score >= annotateFrom || fetched ? 'annotate' : 'allow';
  return {
    verdict,
    score,
    reasons: [...reasons].sort((one, other) => other.weight - one.weight).slice(0, MAXIMUM_REASONS),
  };
}

/** What one text is read into, and the next one after it. */
class Desk {
  readonly tokens = new Tokens();
  readonly features = new FeatureRoom();
  readonly sums = new Room(Float64Array);
}

/** One for each text that is being looked at: one within another. */
const desks: Desk[] = [];
/** What was made for longer texts than a gateway takes is not kept. In UTF-16 units. */
const KEPT = 1 << 20;

/**
 * What rules and classifier say of a text's windows, and of what is hidden in it.
 *
 * @param guessed whether nobody will ask about a text in which no rule holds
 */
function look(original: string, depth: number, guessed = false): Finding {
  const sanitised = sanitise(original);
  const desk = desks.pop() ?? new Desk();
  desk.tokens.read(sanitised.text);
  const seen = scoreOf(desk, sanitised, guessed);
  const hidden = hiddenIn(sanitised, depth);
  const pieces = depth > 0 ? decodedIn(sanitised.text, desk.tokens) : [];
  if (sanitised.text.length <= KEPT) {
    desks.push(desk);
  }
  const encoded = pieces.flatMap((piece) => unwrapped(piece, sanitised, depth - 1));
  return [...hidden, ...encoded].reduce(worse, seen);
}

function worse(one: Finding, other: Finding): Finding {
  const [first, second] = other.logit > one.logit ? [other, one] : [one, other];
  return {
    logit: first.logit,
    reasons: [...first.reasons, ...second.reasons],
    heaviest: Math.max(one.heaviest, other.heaviest),
  };
}

/** What stands in tag characters is for the model alone. */
function hiddenIn({ hidden }: Sanitised, depth: number): Finding[] {
  if (!hidden || hidden.text.length < SHORTEST_HIDDEN) {
    return [];
  }
  const inside = look(hidden.text, Math.max(0, depth - 1));
  const logit = Math.max(inside.logit + HIDDEN, HIDDEN);
  return [covering(hidden, logit, inside, 'hidden-characters', 'says something in characters that nobody sees')];
}

function unwrapped(piece: Decoded, sanitised: Sanitised, depth: number): Finding[] {
  const guessed = GUESSES.has(piece.encoding) || DIGITS.test(sanitised.text.slice(piece.start, piece.end));
  const inside = look(piece.text, guessed ? 0 : depth, guessed);
  if (guessed && inside.heaviest === 0) {
    return [];
  }
  const span = { start: sanitised.originalOf(piece.start), end: sanitised.originalOf(piece.end) };
  // Encoding alone is no attack: an attack that is encoded is a worse one.
  const logit = inside.logit > -1 ? inside.logit + ENCODED : inside.logit;
  return [
    covering(span, logit, inside, `encoded:${piece.encoding}`, `holds an attack in another form (${piece.encoding})`),
  ];
}

/** One reason for all that stands inside. */
function covering(
  { start, end }: { readonly start: number; readonly end: number },
  logit: number,
  inside: Finding,
  rule: string,
  explanation: string,
): Finding {
  const inner = inside.reasons.map((reason) => ({ ...reason, start, end }));
  const reasons = logit > EXPLAINED ? [{ rule, start, end, weight: logit - inside.logit, explanation }, ...inner] : [];
  return { logit, reasons, heaviest: logit > 0 ? inside.heaviest : 0 };
}

function scoreOf({ tokens, features: room, sums }: Desk, { text, originalOf }: Sanitised, guessed: boolean): Finding {
  if (!WORDS.test(text)) {
    return NOTHING;
  }
  const mentions = mentionsIn(tokens);
  const matches = matchesIn(mentions, RULES);
  if (guessed && matches.length === 0) {
    return NOTHING;
  }
  const features = featuresOf(tokens, mentions, room);
  const worst = worstWindow(features, matches, WEIGHTS, sums);
  const ruled = matches.map(({ rule, first, last }) => ({
    rule: rule.id,
    start: originalOf(tokens.starts[first]),
    end: originalOf(tokens.ends[last]),
    weight: rule.weight,
    explanation: rule.explanation,
  }));
  const learned =
    worst.logit > EXPLAINED && (worst.classifier > 0 || ruled.length === 0)
      ? [classifierReason(worst, tokens, features, WEIGHTS, originalOf)]
      : [];
  return { logit: worst.logit, reasons: [...ruled, ...learned], heaviest: heaviestOf(matches) };
}

function heaviestOf(matches: readonly RuleMatch[]): number {
  return matches.reduce((weight, { rule }) => Math.max(weight, rule.weight), 0);
}

/** Names the words that spoke most for an attack. */
function classifierReason(
  worst: ScoredWindow,
  tokens: Tokens,
  { buckets, starts }: Features,
  weights: Weights,
  originalOf: (unit: number) => number,
): Reason {
  const words = new Map<string, number>();
  for (let token = worst.start; token < worst.end; token += 1) {
    let sum = 0;
    for (let index = starts[token]; index < starts[token + 1]; index += 1) {
      sum += weights.buckets[buckets[index]];
    }
    const text = tokens.textAt(token);
    words.set(text, (words.get(text) ?? 0) + sum);
  }
  const loudest = [...words]
    .filter(([text, sum]) => sum > 0 && text.trim() !== '')
    .sort((one, other) => other[1] - one[1]);
  return {
    rule: 'classifier',
    start: originalOf(tokens.starts[worst.start]),
    end: originalOf(tokens.ends[worst.end - 1]),
    weight: worst.classifier,
    explanation: `words as attacks use them: ${loudest
      .slice(0, 5)
      .map(([text]) => text)
      .join(', ')}`,
  };
}
