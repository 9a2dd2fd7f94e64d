import { PalisadeError } from '../../runtime/errors';
import type { SealChange } from '../../runtime/integrity';

/** Keeps the message readable; the function's log has every change. */
const NAMED_CHANGES = 10;

/**
 * The dataset version may not be used. A state machine catches it by its name: `ErrorEquals: ['DatasetNotSealed']`.
 *
 * PALISADE-D301 when there is no seal, PALISADE-D302 when the seal does not hold.
 */
export class DatasetNotSealed extends PalisadeError {
  /** What differs; empty when there is no seal. */
  readonly changes: readonly SealChange[];

  constructor(where: string, changes: readonly SealChange[]) {
    const broken = changes.length > 0;
    super({
      code: broken ? 'PALISADE-D302' : 'PALISADE-D301',
      where,
      problem: broken ? `not as it was sealed: ${list(changes)}` : 'it was never sealed',
      fix: broken
        ? 'find out who changed it; train on another version until then'
        : 'deliver the data and call the sealing function',
    });
    this.name = 'DatasetNotSealed';
    this.changes = changes;
  }
}

function list(changes: readonly SealChange[]): string {
  const named = changes.slice(0, NAMED_CHANGES).map(({ kind, key }) => (key ? `${kind} ${key}` : kind));
  const rest = changes.length - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
