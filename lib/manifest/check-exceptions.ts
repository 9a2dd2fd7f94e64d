import type { PalisadeError } from '../../runtime/errors';
import { notAfter } from './check-system';
import { daysBetween } from './dates';
import type { ExceptionEntry } from './exceptions';
import { RISK_LEVELS } from './fields';
import type { Fault } from './manifest-error';
import type { Organization } from './organization';
import { samePerson } from './people';
import { duplicates } from './repeated';

/** Longest life of an exception, in days. Own choice: what touches high impact is looked at every quarter. */
const LIFETIME_DAYS = { highImpact: 90, other: 365 } as const;

/** What must hold for the exceptions, whatever the organization. */
export function* checkExceptions(
  exceptions: readonly ExceptionEntry[],
  asOf: string,
  fault: Fault,
): Iterable<PalisadeError> {
  yield* duplicates(
    'exceptions',
    exceptions.map(({ id }) => id),
    fault,
  );
  for (const [index, entry] of exceptions.entries()) {
    const path = `exceptions[${index}]`;
    if (samePerson(entry.owner, entry.approver)) {
      const problem = `found ${entry.approver}, who is the owner`;
      yield fault('PALISADE-M016', `${path}.approver`, problem, 'name someone else');
    }
    yield* duplicates(`${path}.rules`, entry.rules, fault);
    yield* checkPaths(path, entry, fault);
    yield* checkDates(path, entry, asOf, fault);
  }
}

/** What an exception may leave, by the appetite of the organization. */
export function* checkAppetite(
  exceptions: readonly ExceptionEntry[],
  { appetite }: Organization,
  fault: Fault,
): Iterable<PalisadeError> {
  for (const [index, entry] of exceptions.entries()) {
    const key = entry.highImpact ? 'highImpact' : 'other';
    const most = appetite.residualRisk[key];
    if (RISK_LEVELS.indexOf(entry.residualRisk) > RISK_LEVELS.indexOf(most)) {
      yield fault(
        'PALISADE-M029',
        `exceptions[${index}].residualRisk`,
        `found ${entry.residualRisk}, allowed: at most ${most} (organization.yaml: appetite.residualRisk.${key})`,
        'reduce the risk first',
      );
    }
  }
}

function* checkPaths(path: string, entry: ExceptionEntry, fault: Fault): Iterable<PalisadeError> {
  for (const [index, pattern] of entry.paths.entries()) {
    if (!/[^*/\s]/.test(pattern)) {
      const problem = `found '${pattern}', which matches whatever there is`;
      yield fault('PALISADE-M030', `${path}.paths[${index}]`, problem, 'name at least one construct');
    }
  }
}

function* checkDates(path: string, entry: ExceptionEntry, asOf: string, fault: Fault): Iterable<PalisadeError> {
  yield* notAfter(`${path}.approvedOn`, entry.approvedOn, asOf, fault);
  const life = daysBetween(entry.approvedOn, entry.expires);
  const longest = entry.highImpact ? LIFETIME_DAYS.highImpact : LIFETIME_DAYS.other;
  if (life < 0) {
    const problem = `found ${entry.expires}, allowed: approvedOn (${entry.approvedOn}) or later`;
    yield fault('PALISADE-M017', `${path}.expires`, problem, 'set the dates in order');
  } else if (life > longest) {
    yield fault(
      'PALISADE-M027',
      `${path}.expires`,
      `found ${life} days after approvedOn, allowed: ${longest}${entry.highImpact ? ' (highImpact)' : ''}`,
      'set an earlier date; an exception can be approved again',
    );
  }
  if (daysBetween(asOf, entry.expires) < 0) {
    const problem = `expired on ${entry.expires}, today is ${asOf} (asOf)`;
    yield fault(
      'PALISADE-M028',
      `${path}.expires`,
      problem,
      'remedy the finding, or have the exception approved again',
    );
  }
}
