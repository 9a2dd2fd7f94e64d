import type { PalisadeError } from '../../../runtime/errors';
import type { CheckReport } from '../check';

/** The report as JSON: `{ findings, rules, summary, unreadable }`, the shape that docs/check.md describes. */
export function jsonReport(
  { findings, rules, summary }: CheckReport,
  unreadable: readonly PalisadeError[] = [],
): string {
  const faults = unreadable.map(({ code, where, problem }) => ({ code, file: where, problem }));
  return JSON.stringify({ findings, rules, summary, unreadable: faults }, undefined, 2);
}
