import { chiSquareSf } from '../statistics/distributions';

/** A chi-squared test. */
export interface ChiSquare {
  readonly statistic: number;
  readonly degrees: number;
  /** Probability of this statistic or more where nothing differs. */
  readonly p: number;
  /** Cramér's V, from 0 to 1: the size of the effect, whatever the number of rows. */
  readonly effect: number;
}

/** Pearson's test of counts against expected counts. @param expected default: the same in each cell */
export function goodnessOfFit(observed: readonly number[], expected?: readonly number[]): ChiSquare {
  const total = sum(observed);
  const of = expected ?? observed.map(() => total / observed.length);
  const statistic = observed.reduce((all, count, cell) => all + (count - of[cell]) ** 2 / of[cell], 0);
  const degrees = observed.length - 1;
  return { statistic, degrees, p: chiSquareSf(statistic, degrees), effect: Math.sqrt(statistic / total / degrees) };
}

/**
 * Pearson's test of independence of a table of counts, without a correction for continuity; two rows of counts are two samples.
 * Empty rows and columns tell nothing and are left out.
 */
export function contingency(table: readonly (readonly number[])[]): ChiSquare {
  const columns = table[0].map((_, column) => sum(table.map((row) => row[column])));
  const rows = table.map(sum);
  const total = sum(rows);
  let statistic = 0;
  for (const [r, row] of table.entries()) {
    for (const [c, count] of row.entries()) {
      const expected = (rows[r] * columns[c]) / total;
      statistic += expected > 0 ? (count - expected) ** 2 / expected : 0;
    }
  }
  const [height, width] = [rows, columns].map((sums) => sums.filter((part) => part > 0).length - 1);
  const degrees = Math.max(0, height * width);
  return {
    statistic,
    degrees,
    p: degrees === 0 ? 1 : chiSquareSf(statistic, degrees),
    effect: degrees === 0 ? 0 : Math.sqrt(statistic / total / Math.min(height, width)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
