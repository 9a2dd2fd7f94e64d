import { incompleteBeta, upperGamma } from './gamma';
import { root } from './root';

/** Probability of a chi-squared value above x. */
export function chiSquareSf(x: number, degrees: number): number {
  return x <= 0 ? 1 : upperGamma(degrees / 2, x / 2);
}

/** The value that chi-squared is above with probability p, 0 < p < 1. */
export function chiSquareUpper(p: number, degrees: number): number {
  return upperPoint(p, (x) => chiSquareSf(x, degrees), degrees);
}

/** Probability of a Student's t above |t| in either direction. */
export function studentTwoSided(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Probability of Fisher's F above x. */
export function fisherSf(x: number, numerator: number, denominator: number): number {
  return x <= 0 ? 1 : incompleteBeta(denominator / (denominator + numerator * x), denominator / 2, numerator / 2);
}

/** The value that Fisher's F is above with probability p, 0 < p < 1. */
export function fisherUpper(p: number, numerator: number, denominator: number): number {
  return upperPoint(p, (x) => fisherSf(x, numerator, denominator), 1);
}

/** The value that a beta-distributed one is above with probability p, 0 < p < 1. */
export function betaUpper(p: number, a: number, b: number): number {
  return root((x) => 1 - incompleteBeta(x, a, b) - p, 0, 1);
}

/** Where a survival function falls to p, found from `start` on. */
function upperPoint(p: number, survival: (x: number) => number, start: number): number {
  let high = start;
  while (survival(high) > p) {
    high *= 2;
  }
  // On a logarithmic scale, so that small probabilities are met as exactly as large ones.
  return root((x) => Math.log(survival(x)) - Math.log(p), 0, high);
}
