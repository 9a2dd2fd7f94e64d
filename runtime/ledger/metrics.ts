/** Namespace of a ledger's metrics in CloudWatch; their dimension is `Ledger`. */
export const LEDGER_NAMESPACE = 'Palisade/GovernanceLedger';

/** What is measured of a ledger. */
export interface LedgerMetrics {
  /** Entries that a checkpoint covers now. */
  readonly Covered?: number;
  /** Entries that came under a checkpoint with this run: until then they could have been cut off. */
  readonly Signed?: number;
  /** Entries that were verified. */
  readonly Verified?: number;
}

/** Metrics in CloudWatch's embedded metric format, as one line of a log. */
export function ledgerMetricsLine(ledger: string, metrics: LedgerMetrics, now: Date): string {
  const Metrics = Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' }));
  return JSON.stringify({
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [{ Namespace: LEDGER_NAMESPACE, Dimensions: [['Ledger']], Metrics }],
    },
    Ledger: ledger,
    ...metrics,
  });
}
