import { PalisadeError } from '../../errors';
import { betaUpper, fisherUpper } from '../statistics/distributions';
import { solve } from '../statistics/linear';

/** What a T-squared chart says of one row. */
export interface TSquared {
  readonly statistic: number;
  readonly limit: number;
  /** For each feature, how much smaller the statistic would be without it (R. L. Mason, N. D. Tracy and J. C. Young, 1995). */
  readonly contributions: readonly number[];
}

/** More features are not a few that depend on each other. */
const MOST_FEATURES = 100;

/**
 * H. Hotelling's T-squared (1947): whether several features together are where they belong, although each alone may be. Mean and
 * covariance are updated row by row while the baseline is learned (Phase I), and stay afterwards (Phase II).
 */
export class Hotelling {
  private rows = 0;
  private readonly mean: Float64Array;
  private readonly products: Float64Array[];

  constructor(private readonly features: number) {
    if (!Number.isInteger(features) || features < 1 || features > MOST_FEATURES) {
      throw refused(`${features} features`, `chart from 1 to ${MOST_FEATURES} features together`);
    }
    this.mean = new Float64Array(features);
    this.products = Array.from({ length: features }, () => new Float64Array(features));
  }

  /** Phase I: takes one row of the baseline. */
  learn(row: ArrayLike<number>): void {
    this.rows += 1;
    const before = Float64Array.from(row, (value, feature) => value - this.mean[feature]);
    this.mean.forEach((_, feature) => {
      this.mean[feature] += before[feature] / this.rows;
    });
    for (let i = 0; i < this.features; i++) {
      for (let j = 0; j < this.features; j++) {
        this.products[i][j] += before[i] * (row[j] - this.mean[j]);
      }
    }
  }

  /**
   * Phase II: judges a row that is not of the baseline. Throws PALISADE-F005 where the baseline has too few rows, or features
   * that follow from each other.
   *
   * @param alpha probability of a false alarm; one in the average run length that is wanted
   */
  judge(row: ArrayLike<number>, alpha: number): TSquared {
    const [n, p] = [this.rows, this.features];
    this.requireRows();
    const factor = (p * (n + 1) * (n - 1)) / (n * (n - p));
    return { ...this.distance(row), limit: factor * fisherUpper(alpha, p, n - p) };
  }

  /** Phase I, once it was learned: judges a row of the baseline itself, whose distance is bounded. Throws PALISADE-F005. */
  judgeLearned(row: ArrayLike<number>, alpha: number): TSquared {
    const [n, p] = [this.rows, this.features];
    this.requireRows();
    return { ...this.distance(row), limit: ((n - 1) ** 2 / n) * betaUpper(alpha, p / 2, (n - p - 1) / 2) };
  }

  private distance(row: ArrayLike<number>): Pick<TSquared, 'statistic' | 'contributions'> {
    const deviation = Float64Array.from(row, (value, feature) => value - this.mean[feature]);
    const weighted = solve(this.covariance(), deviation.slice());
    const statistic = weighted.reduce((sum, weight, feature) => sum + weight * deviation[feature], 0);
    const contributions = Array.from(weighted, (weight, feature) => {
      const unit = Float64Array.from({ length: this.features }, (_, other) => (other === feature ? 1 : 0));
      return weight ** 2 / solve(this.covariance(), unit)[feature];
    });
    if (![statistic, ...contributions].every((value) => Number.isFinite(value) && value >= 0)) {
      throw refused('features of the baseline follow from each other, or never vary', 'leave them out of the chart');
    }
    return { statistic, contributions };
  }

  private covariance(): Float64Array[] {
    return this.products.map((line) => line.map((product) => product / (this.rows - 1)));
  }

  private requireRows(): void {
    if (this.rows < this.features + 2) {
      throw refused(
        `${this.rows} rows of a baseline of ${this.features} features`,
        `learn from at least ${this.features + 2} rows; ten for each feature make useful limits`,
      );
    }
  }
}

function refused(problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: 'PALISADE-F005', where: 'T-squared chart', problem, fix });
}
