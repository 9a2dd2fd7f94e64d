import fc from 'fast-check';
import { contingency, goodnessOfFit } from '../../../../runtime/drift/comparison/chi-square';
import { cramerVonMises } from '../../../../runtime/drift/comparison/cramer-von-mises';
import { jensenShannon, kullbackLeibler, wasserstein } from '../../../../runtime/drift/comparison/divergence';
import {
  asymptoticSf,
  kolmogorovSmirnov,
  ksCritical,
  oneSampleKolmogorovSmirnov,
} from '../../../../runtime/drift/comparison/kolmogorov-smirnov';
import { welch, wilsonInterval } from '../../../../runtime/drift/comparison/means';
import { mannWhitney } from '../../../../runtime/drift/comparison/ranks';
import { populationStabilityIndex } from '../../../../runtime/drift/comparison/stability-index';
import { kolmogorovSf, kolmogorovSmirnovSf } from '../../../../runtime/drift/statistics/kolmogorov';
import { normalCdf, normalQuantile } from '../../../../runtime/drift/statistics/normal';
import { expectAgreement, reference, testWith } from '../reference';

interface TwoSamples {
  readonly name: string;
  readonly a: number[];
  readonly b: number[];
  readonly ks_exact: { D: number; p: number };
  readonly ks_asymp: { D: number; p: number };
  readonly cvm_asymptotic: { T: number; p: number };
  readonly wasserstein: number;
  readonly mannwhitney: { U: number; p: number };
  readonly welch: { t: number; p: number };
  readonly psi_decile: { pa: number[]; pb: number[]; floor: number; psi: number };
  readonly js_distance_base2_same_bins: number;
  readonly kl_b_a_floored: number;
}

interface Statistics {
  readonly two_sample: readonly TwoSamples[];
  readonly one_sample_ks_norm: readonly { x: number[]; D: number; p: number }[];
  readonly chisquare: readonly { obs: number[]; exp: number[] | null; chi2: number; p: number }[];
  readonly contingency: readonly { table: number[][]; chi2: number; p: number; dof: number }[];
  readonly kolmogorov_sf: readonly { x: number; sf: number }[];
  readonly norm_ppf: readonly { p: number; z: number }[];
  readonly wilson95: readonly { k: number; n: number; lo: number; hi: number }[];
}

const statistics = reference<Statistics>('stats-reference', 'stats_reference.json');
const EXACT = 1e-11;

testWith(
  statistics,
  'the test of Kolmogorov and Smirnov is that of scipy, down to p of 1e-17',
  ({ two_sample: pairs }) => {
    expect(pairs).toHaveLength(11);
    for (const { a, b, ks_exact: exact, ks_asymp: asymptotic } of pairs) {
      const { d, p } = kolmogorovSmirnov(a, b);
      expectAgreement(d, exact.D, EXACT);
      expectAgreement(p, exact.p, EXACT);
      // From 140 values on, scipy expands the one-sample distribution and is exact to five digits; ours is exact.
      expectAgreement(asymptoticSf(d, a.length, b.length), asymptotic.p, a.length > 500 ? 2e-6 : EXACT, 1e-12);
    }
  },
);

testWith(statistics, 'the tests of ranks and means, and the distances, are those of scipy', ({ two_sample: pairs }) => {
  for (const { a, b, ...wanted } of pairs) {
    const { u, p } = mannWhitney(a, b);
    expectAgreement(u, wanted.mannwhitney.U, EXACT);
    expectAgreement(p, wanted.mannwhitney.p, EXACT);
    const mean = welch(a, b);
    expectAgreement(mean.t, wanted.welch.t, EXACT, 1e-15);
    expectAgreement(mean.p, wanted.welch.p, EXACT);
    const cramer = cramerVonMises(a, b);
    expectAgreement(cramer.t, wanted.cvm_asymptotic.T, EXACT, 1e-13);
    // scipy ends its series at terms of 1e-7, and takes it from one.
    expectAgreement(cramer.p, wanted.cvm_asymptotic.p, EXACT, 1e-10);
    expectAgreement(wasserstein(a, b), wanted.wasserstein, EXACT);
    const { pa, pb, floor, psi } = wanted.psi_decile;
    expectAgreement(populationStabilityIndex(pa, pb), psi, EXACT);
    expectAgreement(jensenShannon(pa, pb), wanted.js_distance_base2_same_bins, EXACT);
    const [from, to] = [pa, pb].map((shares) => shares.map((share) => Math.max(share, floor)));
    expectAgreement(kullbackLeibler(to, from), wanted.kl_b_a_floored, EXACT);
  }
});

testWith(statistics, 'tests of one sample and of counts are those of scipy', (wanted) => {
  for (const { x, D, p } of wanted.one_sample_ks_norm) {
    const found = oneSampleKolmogorovSmirnov(x, normalCdf);
    expectAgreement(found.d, D, EXACT);
    expectAgreement(found.p, p, EXACT);
  }
  for (const { obs, exp, chi2, p } of wanted.chisquare) {
    const found = goodnessOfFit(obs, exp ?? undefined);
    expectAgreement(found.statistic, chi2, EXACT);
    expectAgreement(found.p, p, EXACT);
  }
  for (const { table, chi2, p, dof } of wanted.contingency) {
    const found = contingency(table);
    expectAgreement(found.statistic, chi2, EXACT);
    expectAgreement(found.p, p, EXACT);
    expect(found.degrees).toBe(dof);
  }
});

testWith(statistics, 'distributions and intervals are those of scipy', (wanted) => {
  for (const { x, sf } of wanted.kolmogorov_sf) {
    expectAgreement(kolmogorovSf(x), sf, EXACT);
  }
  for (const { p, z } of wanted.norm_ppf) {
    expectAgreement(normalQuantile(p), z, EXACT, 1e-15);
  }
  for (const { k, n, lo, hi } of wanted.wilson95) {
    const { low, high } = wilsonInterval(k, n);
    expectAgreement(low, lo, EXACT);
    expectAgreement(high, hi, EXACT);
  }
});

test('tables with nothing in a row or column tell nothing by it', () => {
  expect(
    contingency([
      [10, 0, 20],
      [15, 0, 15],
    ]),
  ).toEqual(
    contingency([
      [10, 20],
      [15, 15],
    ]),
  );
  expect(
    contingency([
      [10, 20],
      [0, 0],
    ]),
  ).toMatchObject({ p: 1, degrees: 0, effect: 0 });
  expect(
    contingency([
      [50, 0],
      [0, 50],
    ]).effect,
  ).toBeCloseTo(1, 12);
});

test('the critical distance is the smallest that is significant', () => {
  for (const [n, m, alpha] of [
    [50, 25, 0.005],
    [8, 8, 0.05],
    [1000, 25, 0.001],
  ]) {
    const limit = ksCritical(n, m, alpha);
    const p = (steps: number) => significance(Math.round(limit * n * m) + steps, n, m);
    expect(p(0)).toBeLessThan(alpha);
    expect(p(-1)).toBeGreaterThanOrEqual(alpha);
  }
  expect(ksCritical(2, 2, 0.01)).toBeGreaterThan(1);
});

/** Of two samples whose distance is that many steps: counted, order by order, with big integers. */
function significance(steps: number, n: number, m: number): number {
  const paths = [1n, ...new Array<bigint>(m).fill(0n)];
  const all = [...paths];
  for (let i = 0; i <= n; i++) {
    for (let j = i === 0 ? 1 : 0; j <= m; j++) {
      all[j] += j > 0 ? all[j - 1] : 0n;
      paths[j] = Math.abs(i * m - j * n) < steps ? paths[j] + (j > 0 ? paths[j - 1] : 0n) : 0n;
    }
  }
  return Number(((all[m] - paths[m]) * 10n ** 30n) / all[m]) / 1e30;
}

test('the two forms of the exact one-sample distribution agree where they meet', () => {
  for (const n of [5, 20, 100, 400]) {
    const d = 2 / Math.sqrt(n);
    expectAgreement(kolmogorovSmirnovSf(d * (1 + 1e-9), n), kolmogorovSmirnovSf(d * (1 - 1e-9), n), 1e-6);
  }
  // From 2000 values on it is the limiting one, corrected.
  expectAgreement(
    kolmogorovSmirnovSf(1.2 / Math.sqrt(1999), 1999),
    kolmogorovSmirnovSf(1.2 / Math.sqrt(2000), 2000),
    3e-3,
  );
});

test('comparisons are symmetric, bounded, and 0 for a sample with itself', () => {
  const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(sample, sample, (one, other) => {
      const { d, p } = kolmogorovSmirnov(one, other);
      expect(kolmogorovSmirnov(other, one)).toMatchObject({ d });
      expectAgreement(kolmogorovSmirnov(other, one).p, p, 1e-12);
      expect(d >= 0 && d <= 1 && p >= 0 && p <= 1).toBe(true);
      expect(kolmogorovSmirnov(one, one)).toMatchObject({ d: 0, p: 1 });
      expect(wasserstein(one, one)).toBe(0);
      expectAgreement(wasserstein(one, other), wasserstein(other, one), 1e-12);
      const ranks = mannWhitney(one, other);
      expectAgreement(ranks.u + mannWhitney(other, one).u, one.length * other.length, 1e-12);
      expect(ranks.p >= 0 && ranks.p <= 1).toBe(true);
    }),
  );
});
