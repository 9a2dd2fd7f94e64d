import { normalSf } from '../statistics/normal';

/** The rank-sum test. */
export interface RankSum {
  /** Pairs in which the first sample's value is the larger; ties count half. */
  readonly u: number;
  /** Two-sided, by the normal distribution, corrected for ties and continuity. */
  readonly p: number;
}

/** The test of Mann and Whitney: whether values of one sample tend to be larger than those of the other. */
export function mannWhitney(one: ArrayLike<number>, other: ArrayLike<number>): RankSum {
  const [n, m] = [one.length, other.length];
  const pooled = [
    ...Array.from(one, (value) => ({ value, first: true })),
    ...Array.from(other, (value) => ({ value, first: false })),
  ];
  pooled.sort((a, b) => a.value - b.value);
  let [rankSum, ties] = [0, 0];
  for (let start = 0; start < pooled.length; ) {
    let end = start;
    while (end < pooled.length && pooled[end].value === pooled[start].value) {
      end += 1;
    }
    const count = end - start;
    rankSum += ((start + 1 + end) / 2) * pooled.slice(start, end).filter(({ first }) => first).length;
    ties += count ** 3 - count;
    start = end;
  }
  const u = rankSum - (n * (n + 1)) / 2;
  const total = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  const z = (Math.abs(u - (n * m) / 2) - 0.5) / deviation;
  return { u, p: deviation === 0 ? 1 : Math.min(1, 2 * normalSf(z)) };
}
