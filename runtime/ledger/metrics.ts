/** Namespace of a ledger's metrics in CloudWatch; their dimension is `Ledger`. */
export const LEDGER_NAMESPACE = 'Palisade/GovernanceLedger';

/** What is measured of a ledger. */
export interface LedgerMetrics {
  /** 1 for each time that checkpoints were brought up to date. */
  readonly Checked?: 1;
  /** Entries that checkpoints cover, where some were added. */
  readonly Covered?: number;
  /** Entries that were verified, all from the first on. */
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
