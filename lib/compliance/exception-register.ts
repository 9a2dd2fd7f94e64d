/** A finding that the organization accepts for a time: one entry of `manifests/exceptions.yaml`. */
export interface AcceptedException {
  /** Stable id, such as `EX-001`. */
  readonly id: string;
  /** Rules it covers, as `Pack::Rule` or `Pack::Rule[Finding]`. `**` matches any text; a single `*` is itself. */
  readonly rules: readonly string[];
  /** Construct paths it covers. `*` matches within a segment, `**` across segments. */
  readonly paths: readonly string[];
  /** Who carries the risk. */
  readonly owner: string;
  /** Who accepted it; never the owner. */
  readonly approver: string;
  /** Why the finding is acceptable here. */
  readonly reason: string;
  /** Where it is tracked. */
  readonly ticket: string;
  /** What remains: low, medium or high. */
  readonly residualRisk: string;
  /** Last day it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** Decides which findings are accepted, and remembers which entries were needed. */
export class ExceptionRegister {
  private readonly entries: readonly Entry[];
  private readonly used = new Set<string>();
  private readonly acceptedFindings = new Set<string>();

  /** @param asOf today as `YYYY-MM-DD`; the only clock of a synth */
  constructor(
    exceptions: readonly AcceptedException[],
    private readonly asOf: string,
  ) {
    this.entries = exceptions.map((exception) => ({
      exception,
      rules: exception.rules.map((rule) => pattern(rule, '\\*')),
      paths: exception.paths.map((path) => pattern(path, '[^/]*')),
    }));
  }

  /** The entry in force that covers `rule` at `constructPath`, if any. */
  accept(rule: string, constructPath: string): AcceptedException | undefined {
    const entry = this.entries.find(
      ({ exception, rules, paths }) =>
        exception.expires >= this.asOf &&
        rules.some((candidate) => candidate.test(rule)) &&
        paths.some((candidate) => candidate.test(constructPath)),
    );
    if (entry) {
      this.used.add(entry.exception.id);
      this.acceptedFindings.add(findingKey(rule, constructPath));
    }
    return entry?.exception;
  }

  /** Whether `accept` has accepted this finding. */
  hasAccepted(rule: string, constructPath: string): boolean {
    return this.acceptedFindings.has(findingKey(rule, constructPath));
  }

  /** Entries whose last day has passed. */
  expired(): AcceptedException[] {
    return this.entries.map(({ exception }) => exception).filter(({ expires }) => expires < this.asOf);
  }

  /** Entries in force that no finding needed. */
  unused(): AcceptedException[] {
    return this.entries
      .map(({ exception }) => exception)
      .filter(({ id, expires }) => expires >= this.asOf && !this.used.has(id));
  }
}

interface Entry {
  readonly exception: AcceptedException;
  readonly rules: readonly RegExp[];
  readonly paths: readonly RegExp[];
}

function findingKey(rule: string, constructPath: string): string {
  return `${rule} at ${constructPath}`;
}

/** @param star what a single `*` stands for, as a regular expression */
function pattern(text: string, star: string): RegExp {
  const wildcards = new Map([
    ['**', '.*'],
    ['*', star],
  ]);
  const literal = (part: string) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const parts = text.split(/(\*\*|\*)/).map((part) => wildcards.get(part) ?? literal(part));
  return new RegExp(`^${parts.join('')}$`, 's');
}
