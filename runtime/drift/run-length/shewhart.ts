import { normalQuantile, normalSf } from '../statistics/normal';

/** Points until a two-sided Shewhart chart with limits at `limit` sigma signals, on average, at a shift of `shift` sigma. */
export function shewhartRunLength(limit: number, shift = 0): number {
  return 1 / (normalSf(limit - shift) + normalSf(limit + shift));
}

/** The limit, in sigma, of a two-sided Shewhart chart whose average run length in control is `arl0`. */
export function shewhartLimit(arl0: number): number {
  return -normalQuantile(0.5 / arl0);
}
