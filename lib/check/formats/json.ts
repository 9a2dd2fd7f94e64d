import type { CheckReport } from '../check';

/** The report as JSON: `{ findings, rules, summary }`, the shape that docs/check.md describes. */
export function jsonReport(report: CheckReport): string {
  return JSON.stringify(report, undefined, 2);
}
