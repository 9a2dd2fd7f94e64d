import type { PalisadeError } from '../../runtime/errors';
import type { Fault } from './manifest-error';

/** A fault for each value of the list at `path` that stands there before; values are compared without case. */
export function* duplicates(path: string, values: readonly string[], fault: Fault): Iterable<PalisadeError> {
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    const key = value.toLowerCase();
    if (seen.has(key)) {
      yield fault('PALISADE-M015', `${path}[${index}]`, `found '${value}' twice`, 'keep one of the two');
    }
    seen.add(key);
  }
}
