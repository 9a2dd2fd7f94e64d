/** A signal went off before what was waited for. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** The end of `work`, or TimedOut when the signal goes off before: whether `work` heeds the signal is its own matter. */
export async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new TimedOut());
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) {
      stop();
    }
  });
  try {
    return await Promise.race([work, aborted]);
  } catch (error) {
    throw signal.aborted ? new TimedOut() : error;
  } finally {
    if (stop) {
      signal.removeEventListener('abort', stop);
    }
  }
}
