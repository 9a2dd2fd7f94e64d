import * as z from 'zod';
import { date, IMPACT_TIERS, type ImpactTier } from './fields';

/** What is scored, each from 0 (no harm possible) to 4 (severe or irreversible harm). */
const SCORES = {
  safety: 'Harm to life and health',
  privacy: 'Harm by use or loss of personal data',
  fairness: 'Harm by treating people or groups unequally',
  autonomy: 'Harm by steering or replacing human decisions',
  legalEffect: 'Legal or similarly significant effect on a person (GDPR, Article 22)',
  security: 'Harm when the system is attacked or misused',
  society: 'Harm to society or the environment',
} as const;

/** EU AI Act, Annex III, points 1 to 8; `none` is an answer too. */
const ANNEX_III_AREAS = [
  'none',
  'biometrics',
  'critical-infrastructure',
  'education',
  'employment',
  'essential-services',
  'law-enforcement',
  'migration',
  'justice',
] as const;

/**
 * EU AI Act, Article 5(1), points (a) to (h), and the two that the Digital Omnibus on AI adds, which apply from
 * 2 December 2026.
 */
const PROHIBITED_PRACTICES = [
  'manipulation',
  'exploiting-vulnerability',
  'social-scoring',
  'crime-prediction-by-profiling',
  'untargeted-facial-scraping',
  'emotion-inference-at-work-or-school',
  'biometric-categorisation',
  'real-time-remote-biometric-identification',
  'non-consensual-intimate-imagery',
  'child-sexual-abuse-material',
] as const;

const score = (meaning: string) => z.int().min(0).max(4).describe(meaning);

const answers = z.strictObject({
  scores: z
    .strictObject({
      safety: score(SCORES.safety),
      privacy: score(SCORES.privacy),
      fairness: score(SCORES.fairness),
      autonomy: score(SCORES.autonomy),
      legalEffect: score(SCORES.legalEffect),
      security: score(SCORES.security),
      society: score(SCORES.society),
    })
    .describe('0 none, 1 slight, 2 moderate, 3 serious, 4 severe: the worst that can plausibly happen'),
  annexIIIArea: z.enum(ANNEX_III_AREAS).describe('Area of EU AI Act, Annex III that the use falls in, or none'),
  specialCategoryData: z.boolean().describe('Processes special categories of personal data (GDPR, Article 9)'),
  minors: z.boolean().describe('Meant for minors, or decides about them'),
  biometrics: z.boolean().describe('Identifies or categorises people by biometrics'),
  humanOverride: z.boolean().describe('A person can stop the system and overrule what it says'),
});

/** Schema of an AI system's `impact`. */
export const impactSchema = answers.extend({
  tier: z.enum(IMPACT_TIERS).describe('Declared impact tier; never lower than the answers give'),
  assessedOn: date().describe('When the answers were given'),
  nextReview: date().describe('When they are given again: within 365 days, within 180 when high-impact'),
  prohibitedPractices: z
    .array(z.enum(PROHIBITED_PRACTICES))
    .describe('Practices of EU AI Act, Article 5 that the use amounts to: anything but an empty list is refused'),
});

/** What `classifyImpact` asks. An AI system's `impact` answers it. */
export type ImpactAnswers = z.infer<typeof answers>;

/** An impact tier and why. */
export interface ImpactClassification {
  readonly tier: ImpactTier;
  /** What raised the tier above minimal, in the order of the questions; empty for minimal. */
  readonly reasons: readonly string[];
}

/**
 * What scores lift a system to a tier: any single one, or all together. Own choice, calibrated on the archetypes in
 * the tests; serious harm in any respect is high impact.
 */
const THRESHOLDS = {
  high: { any: 3, total: 12 },
  limited: { any: 2, total: 5 },
} as const;

/**
 * The impact tier that the answers give. Raising a score or a flag never lowers it.
 *
 * An Annex III area (EU AI Act, Article 6(2)), special-category data, minors, biometrics or the lack of a human override
 * make a system high-impact whatever its scores.
 */
export function classifyImpact(answers: ImpactAnswers): ImpactClassification {
  const escalators = escalatorsIn(answers);
  const high = [...escalators, ...scoresAt('high', answers)];
  if (high.length > 0) {
    return { tier: 'high', reasons: high };
  }
  const limited = scoresAt('limited', answers);
  return limited.length > 0 ? { tier: 'limited', reasons: limited } : { tier: 'minimal', reasons: [] };
}

function escalatorsIn(answers: ImpactAnswers): string[] {
  const escalators: [boolean, string][] = [
    [answers.annexIIIArea !== 'none', `Annex III area: ${answers.annexIIIArea}`],
    [answers.specialCategoryData, 'special-category data'],
    [answers.minors, 'minors'],
    [answers.biometrics, 'biometrics'],
    [!answers.humanOverride, 'no human override'],
  ];
  return escalators.filter(([holds]) => holds).map(([, reason]) => reason);
}

function scoresAt(tier: 'high' | 'limited', { scores }: ImpactAnswers): string[] {
  const { any, total } = THRESHOLDS[tier];
  const names = Object.keys(SCORES) as (keyof typeof SCORES)[];
  const single = names
    .filter((name) => scores[name] >= any)
    .map((name) => `${name} ${scores[name]}, ${tier} from ${any}`);
  const sum = names.reduce((all, name) => all + scores[name], 0);
  return sum >= total ? [...single, `scores together ${sum}, ${tier} from ${total}`] : single;
}
