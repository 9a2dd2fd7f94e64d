import fc from 'fast-check';
import { classifyImpact, IMPACT_TIERS, type ImpactAnswers, type ImpactTier } from '../../../lib/manifest';

const NONE: ImpactAnswers = {
  scores: { safety: 0, privacy: 0, fairness: 0, autonomy: 0, legalEffect: 0, security: 0, society: 0 },
  annexIIIArea: 'none',
  specialCategoryData: false,
  minors: false,
  biometrics: false,
  humanOverride: true,
};

type Scores = Partial<ImpactAnswers['scores']>;
type Flags = Partial<Omit<ImpactAnswers, 'scores'>>;

const answer = (scores: Scores, flags: Flags = {}): ImpactAnswers => ({
  ...NONE,
  ...flags,
  scores: { ...NONE.scores, ...scores },
});

const ARCHETYPES: [system: string, tier: ImpactTier, answers: ImpactAnswers][] = [
  ['spam filter', 'minimal', answer({ privacy: 1, autonomy: 1, security: 1 })],
  ['warehouse demand forecast', 'minimal', answer({ society: 1 })],
  ['product image tagging', 'minimal', answer({ fairness: 1 })],
  ['code completion for developers', 'minimal', answer({ security: 1, autonomy: 1 })],
  ['search ranking of an internal wiki', 'minimal', answer({ privacy: 1, fairness: 1, security: 1 })],
  ['log anomaly detection', 'minimal', answer({ privacy: 1, security: 1, autonomy: 1 })],
  ['customer support assistant', 'limited', answer({ privacy: 2, fairness: 1, autonomy: 1, security: 2, society: 1 })],
  ['marketing text generator', 'limited', answer({ fairness: 1, autonomy: 1, security: 1, society: 2 })],
  ['product recommendation', 'limited', answer({ privacy: 2, fairness: 1, autonomy: 2 })],
  ['document translation', 'limited', answer({ privacy: 2, legalEffect: 1 })],
  ['meeting summaries', 'limited', answer({ privacy: 2, autonomy: 1, security: 1 })],
  ['predictive maintenance of a press', 'limited', answer({ safety: 2, security: 1 })],
  [
    'consumer credit scoring',
    'high',
    answer({ privacy: 3, fairness: 3, legalEffect: 3 }, { annexIIIArea: 'essential-services' }),
  ],
  ['screening of job applications', 'high', answer({ fairness: 2 }, { annexIIIArea: 'employment' })],
  ['exam grading', 'high', answer({ fairness: 2, legalEffect: 2 }, { annexIIIArea: 'education', minors: true })],
  ['summaries of clinical notes', 'high', answer({ privacy: 2 }, { specialCategoryData: true })],
  ['homework helper for children', 'high', answer({ autonomy: 1 }, { minors: true })],
  ['face login', 'high', answer({ privacy: 2 }, { biometrics: true })],
  ['grid load shedding without an operator', 'high', answer({ safety: 2, society: 2 }, { humanOverride: false })],
  ['autonomous forklift', 'high', answer({ safety: 4, autonomy: 2 })],
];

test('there are twenty archetypes', () => {
  expect(new Set(ARCHETYPES.map(([system]) => system)).size).toBe(20);
});

test.each(ARCHETYPES)('%s: %s', (_, tier, answers) => {
  const classification = classifyImpact(answers);
  expect(classification.tier).toBe(tier);
  expect(classification.reasons.length > 0).toBe(tier !== 'minimal');
});

describe('each escalator makes a system high-impact whatever its scores', () => {
  const escalators: Flags[] = [
    { annexIIIArea: 'justice' },
    { specialCategoryData: true },
    { minors: true },
    { biometrics: true },
    { humanOverride: false },
  ];
  test.each(escalators)('%j', (flags) => {
    expect(classifyImpact(answer({}, flags)).tier).toBe('high');
  });
});

test('many slight harms add up, and the reasons say so', () => {
  const scores = { safety: 2, privacy: 2, fairness: 2, autonomy: 2, legalEffect: 2, security: 2 };
  expect(classifyImpact(answer(scores))).toEqual({ tier: 'high', reasons: ['scores together 12, high from 12'] });
});

const score = fc.integer({ min: 0, max: 4 });
const anyAnswers: fc.Arbitrary<ImpactAnswers> = fc.record({
  scores: fc.record({
    safety: score,
    privacy: score,
    fairness: score,
    autonomy: score,
    legalEffect: score,
    security: score,
    society: score,
  }),
  annexIIIArea: fc.constantFrom<ImpactAnswers['annexIIIArea']>('none', 'employment', 'justice'),
  specialCategoryData: fc.boolean(),
  minors: fc.boolean(),
  biometrics: fc.boolean(),
  humanOverride: fc.boolean(),
});
const rank = (answers: ImpactAnswers) => IMPACT_TIERS.indexOf(classifyImpact(answers).tier);

test('raising any score never lowers the tier', () => {
  const names = Object.keys(NONE.scores) as (keyof ImpactAnswers['scores'])[];
  fc.assert(
    fc.property(anyAnswers, fc.constantFrom(...names), score, (answers, name, to) => {
      const raised = { ...answers.scores, [name]: Math.max(answers.scores[name], to) };
      expect(rank({ ...answers, scores: raised })).toBeGreaterThanOrEqual(rank(answers));
    }),
  );
});

test('raising any flag never lowers the tier', () => {
  const raises: Flags[] = [
    { annexIIIArea: 'migration' },
    { specialCategoryData: true },
    { minors: true },
    { biometrics: true },
    { humanOverride: false },
  ];
  fc.assert(
    fc.property(anyAnswers, fc.constantFrom(...raises), (answers, raise) => {
      expect(rank({ ...answers, ...raise })).toBeGreaterThanOrEqual(rank(answers));
    }),
  );
});
