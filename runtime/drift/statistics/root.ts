const MAXIMUM_STEPS = 200;

/**
 * Where a monotonic function is zero between `low` and `high`, where it has different signs, to `tolerance`: false position
 * in the Illinois form, which halves the weight of an end that stays.
 */
export function root(f: (x: number) => number, low: number, high: number, tolerance = 4e-16): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  for (
    let step = 0;
    step < MAXIMUM_STEPS && fa !== 0 && fb !== 0 && Math.abs(b - a) > tolerance * Math.abs(b);
    step++
  ) {
    const secant = (a * fb - b * fa) / (fb - fa);
    // Infinite ends, or no progress: halve.
    const x = secant > Math.min(a, b) && secant < Math.max(a, b) ? secant : (a + b) / 2;
    const fx = f(x);
    if (fx > 0 === fb > 0) {
      fa /= 2;
    } else {
      [a, fa] = [b, fb];
    }
    [b, fb] = [x, fx];
  }
  return fa === 0 ? a : b;
}
