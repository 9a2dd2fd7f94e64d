import { logGamma } from './gamma';

/** From this many points on the limiting distribution is used, corrected for the number (M. A. Stephens, 1970). */
const LARGE = 2000;
/** From n d^2 on, both sides of the two-sided test are as good as never met together. */
const APART = 4;

/** Probability that Kolmogorov's limiting distribution is above x. */
export function kolmogorovSf(x: number): number {
  if (x <= 0) {
    return 1;
  }
  // Two forms of one theta function: each converges at once where the other does not.
  if (x < 1) {
    const term = (k: number) => Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * (term(1) + term(2) + term(3) + term(4));
  }
  let sum = 0;
  for (let k = 1; k <= 10; k++) {
    sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  }
  return sum;
}

/** Probability that the distance of Kolmogorov and Smirnov between n values and their continuous distribution is d or more. */
export function kolmogorovSmirnovSf(d: number, n: number): number {
  if (d <= 0 || d >= 1) {
    return d <= 0 ? 1 : 0;
  }
  if (n * d * d > APART || 2 * d >= 1 + 1 / n) {
    return Math.min(1, 2 * oneSidedSf(d, n));
  }
  const root = Math.sqrt(n);
  return n < LARGE ? 1 - matrixCdf(d, n) : kolmogorovSf((root + 0.12 + 0.11 / root) * d);
}

/** Of one side, exactly (Z. W. Birnbaum and F. H. Tingey, 1951): a sum of positive terms, so small ones keep their digits. */
function oneSidedSf(d: number, n: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const rest = 1 - d - j / n;
    const choose = logGamma(n + 1) - logGamma(j + 1) - logGamma(n - j + 1);
    sum += rest > 0 ? Math.exp(choose + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest)) : 0;
  }
  return d * sum;
}

/** Durbin's matrix, in the form of G. Marsaglia, W. W. Tsang and J. Wang (2003). */
function matrixCdf(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => (i - j + 1 < 0 ? 0 : 1)),
  );
  for (let i = 0; i < size; i++) {
    matrix[i][0] -= h ** (i + 1);
    matrix[size - 1][i] -= h ** (size - i);
  }
  matrix[size - 1][0] += 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i + 1; j++) {
      matrix[i][j] *= Math.exp(-logGamma(i - j + 2));
    }
  }
  const { entry, exponent } = power(matrix, n, k - 1);
  return Math.exp(Math.log(entry) + exponent + logGamma(n + 1) - n * Math.log(n));
}

/** The middle entry of a power, with a logarithmic exponent of its own, since it over- and underflows. */
function power(base: Float64Array[], n: number, middle: number): { entry: number; exponent: number } {
  let result: Float64Array[] | undefined;
  let exponent = 0;
  let square = base;
  let squareExponent = 0;
  for (let bits = n; bits > 0; bits = Math.floor(bits / 2)) {
    if (bits % 2 === 1) {
      result = result ? product(result, square) : square;
      exponent += squareExponent;
    }
    square = product(square, square);
    squareExponent *= 2;
    const scale = square[middle][middle];
    if (scale > 1e140 || scale < 1e-140) {
      square = square.map((row) => row.map((value) => value / scale));
      squareExponent += Math.log(scale);
    }
  }
  return { entry: (result as Float64Array[])[middle][middle], exponent };
}

function product(one: readonly Float64Array[], other: readonly Float64Array[]): Float64Array[] {
  return one.map((row) => {
    const result = new Float64Array(row.length);
    row.forEach((factor, k) => {
      other[k].forEach((value, j) => {
        result[j] += factor * value;
      });
    });
    return result;
  });
}
