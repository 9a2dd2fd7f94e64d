/**
 * Mean, variance and autocorrelation of a series at lag one, updated value by value (B. P. Welford, 1962): five numbers,
 * however long the series.
 */
export class Moments {
  count = 0;
  mean = 0;
  /** Sum of squared deviations from the mean. */
  private squares = 0;
  /** Sum of the products of neighbouring deviations, each from the mean as it was. */
  private products = 0;
  private last = 0;

  constructor(values: Iterable<number> = []) {
    for (const value of values) {
      this.add(value);
    }
  }

  add(value: number): void {
    const deviation = value - this.mean;
    this.count += 1;
    this.mean += deviation / this.count;
    this.squares += deviation * (value - this.mean);
    this.products += this.count > 1 ? (value - this.mean) * (this.last - this.mean) : 0;
    this.last = value;
  }

  /** Standard deviation of the sample. */
  get deviation(): number {
    return this.count > 1 ? Math.sqrt(this.squares / (this.count - 1)) : 0;
  }

  /** Autocorrelation at lag one. */
  get autocorrelation(): number {
    return this.squares > 0 ? this.products / this.squares : 0;
  }
}
