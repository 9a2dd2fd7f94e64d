/** Points and weights of an integral over an interval. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const standard = new Map<number, Quadrature>();

/** The Gauss-Legendre rule of `count` points on the interval from `low` to `high` (Abramowitz and Stegun 25.4.30). */
export function gaussLegendre(count: number, low: number, high: number): Quadrature {
  const { points, weights } = onUnit(count);
  const half = (high - low) / 2;
  return {
    points: points.map((point) => low + half * (point + 1)),
    weights: weights.map((weight) => half * weight),
  };
}

/** On the interval from -1 to 1: roots of Legendre's polynomial, by Newton's method. */
function onUnit(count: number): Quadrature {
  const known = standard.get(count);
  if (known) {
    return known;
  }
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    for (let step = 0; step < 10; step++) {
      const { value, slope } = legendre(count, x);
      x -= value / slope;
    }
    const { slope } = legendre(count, x);
    points[count - 1 - index] = x;
    weights[count - 1 - index] = 2 / ((1 - x * x) * slope * slope);
  }
  const rule = { points, weights };
  standard.set(count, rule);
  return rule;
}

function legendre(degree: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let n = 2; n <= degree; n++) {
    [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
