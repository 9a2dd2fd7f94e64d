/** Counts of a host. */
export type Counter = 'EnclaveRestarts' | 'Errors' | 'Refusals' | 'Requests';

/** One line in CloudWatch's embedded metric format: CloudWatch makes metrics of it (CloudWatch User Guide, "Specification"). */
export interface MetricLine {
  readonly timestamp: number;
  readonly message: string;
}

/** More values than CloudWatch takes of one metric in one line. */
const MAXIMUM_VALUES = 100;

/** What a host counts between two reports. */
export class Metrics {
  private counts: Partial<Record<Counter, number>> = {};
  private times: number[] = [];

  /** @param namespace of the metrics, one per fleet */
  constructor(private readonly namespace: string) {}

  count(counter: Counter, by = 1): void {
    this.counts[counter] = (this.counts[counter] ?? 0) + by;
  }

  /** How long a request took, in milliseconds. */
  took(milliseconds: number): void {
    // Whatever comes beyond is left out: percentiles of a hundred are good enough.
    if (this.times.length < MAXIMUM_VALUES) {
      this.times.push(milliseconds);
    }
  }

  /** What was counted since the last report, and `state` as it is now. */
  report(state: { readonly attested: boolean; readonly inFlight: number }, timestamp: number): MetricLine {
    const counts = { EnclaveRestarts: 0, Errors: 0, Refusals: 0, Requests: 0, ...this.counts };
    const values: Record<string, number | number[]> = {
      Attested: Number(state.attested),
      InFlight: state.inFlight,
      ...counts,
      ...(this.times.length > 0 && { Milliseconds: this.times }),
    };
    this.counts = {};
    this.times = [];
    const definitions = Object.keys(values).map((name) => ({
      Name: name,
      Unit: name === 'Milliseconds' ? 'Milliseconds' : 'Count',
    }));
    const metadata = {
      Timestamp: timestamp,
      CloudWatchMetrics: [{ Namespace: this.namespace, Dimensions: [[]], Metrics: definitions }],
    };
    return { timestamp, message: JSON.stringify({ _aws: metadata, ...values }) };
  }
}
