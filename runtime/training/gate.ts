/** Why a gate stopped a run, in a form that code can match on. */
export interface GateReason {
  /** Stable code, such as `PALISADE-T021`. */
  readonly code: string;
  /** What was found and what the threshold is. */
  readonly problem: string;
}

/** What a gate decided. It passes only without a reason against it. */
export interface GateDecision {
  readonly passed: boolean;
  /** Reasons against, in the order of the thresholds; empty when the gate passes. */
  readonly reasons: GateReason[];
}

/** The decision that follows from the reasons found. */
export function decide(reasons: readonly (GateReason | undefined)[]): GateDecision {
  const against = reasons.filter((reason) => reason !== undefined);
  return { passed: against.length === 0, reasons: against };
}
