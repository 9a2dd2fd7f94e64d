/** Mean distance that values must be moved to make one sample the other: an effect in the unit of the values. */
export function wasserstein(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const [a, b] = [one, other].map((sample) => Float64Array.from(sample).sort());
  const pooled = Float64Array.from([...a, ...b]).sort();
  let [i, j, area] = [0, 0, 0];
  for (let index = 0; index + 1 < pooled.length; index++) {
    while (i < a.length && a[i] <= pooled[index]) {
      i += 1;
    }
    while (j < b.length && b[j] <= pooled[index]) {
      j += 1;
    }
    area += Math.abs(i / a.length - j / b.length) * (pooled[index + 1] - pooled[index]);
  }
  return area;
}

/** The distance of Jensen and Shannon between two distributions over the same bins, to base 2: from 0 to 1. */
export function jensenShannon(one: readonly number[], other: readonly number[]): number {
  const middle = one.map((share, bin) => (share + other[bin]) / 2);
  const divergence = (kullbackLeibler(one, middle) + kullbackLeibler(other, middle)) / 2;
  return Math.sqrt(Math.max(0, divergence / Math.LN2));
}

/** The divergence of Kullback and Leibler of `one` from `other`, in nats. Infinite where `one` has something that `other` lacks. */
export function kullbackLeibler(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, share, bin) => sum + (share > 0 ? share * Math.log(share / other[bin]) : 0), 0);
}
