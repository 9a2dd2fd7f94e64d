/**
 * A signal that aborts with the first of `signals`, for the reason of that one.
 *
 * AbortSignal.any holds its sources weakly: in Node.js 20 an AbortSignal.timeout that nobody else holds is collected as
 * garbage, and its time never ends. This holds them.
 */
export function firstSignal(...signals: readonly AbortSignal[]): AbortSignal {
  const first = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) {
      first.abort(signal.reason);
    }
    signal.addEventListener('abort', () => first.abort(signal.reason), { once: true, signal: first.signal });
  }
  return first.signal;
}
