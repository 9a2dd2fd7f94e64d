import { lowerGamma, upperGamma } from './gamma';

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal distribution. */
export function normalPdf(z: number): number {
  return Math.exp(-0.5 * z * z) / ROOT_TWO_PI;
}

/** Probability of a standard normal value above z, exact in both tails. */
export function normalSf(z: number): number {
  const half = 0.5 * z * z;
  return z > 0 ? 0.5 * upperGamma(0.5, half) : 0.5 + 0.5 * lowerGamma(0.5, half);
}

/** Probability of a standard normal value below z. */
export function normalCdf(z: number): number {
  return normalSf(-z);
}

/**
 * The z below which a standard normal value lies with probability p; infinite for 0 and 1. Started with Abramowitz and Stegun
 * 26.2.23 and refined by Halley's method, which triples the digits each time.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) {
    return -normalQuantile(1 - p);
  }
  if (p <= 0) {
    return Number.NEGATIVE_INFINITY;
  }
  const t = Math.sqrt(-2 * Math.log(p));
  let z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (let step = 0; step < 3 && p > 1e-300; step++) {
    const error = (normalCdf(z) - p) / normalPdf(z);
    z -= error / (1 + 0.5 * z * error);
  }
  return z;
}
