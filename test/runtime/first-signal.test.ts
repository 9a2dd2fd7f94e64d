import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { firstSignal } from '../../runtime/first-signal';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('a time that nobody else holds ends, though garbage is collected', async () => {
  const signal = firstSignal(new AbortController().signal, AbortSignal.timeout(50));
  await setImmediate();
  collectGarbage();
  await once(signal, 'abort');
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('the first reason counts, and what had aborted before counts at once', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const signal = firstSignal(one.signal, other.signal);
  expect(signal.aborted).toBe(false);
  other.abort('other');
  one.abort('one');
  expect(signal.reason).toBe('other');
  expect(firstSignal(other.signal, one.signal).reason).toBe('other');
});
