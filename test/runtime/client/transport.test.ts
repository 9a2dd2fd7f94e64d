import { send } from '../../../runtime/client/transport';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

const URL = 'https://enclave.test/invocations';

/** A server that says what it is told to, when it is told to. */
function conversation() {
  let say: (text: string) => void = () => {};
  const fetch = async (_request: Request, { signal }: RequestInit) => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        say = (text) => controller.enqueue(new TextEncoder().encode(text));
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return new Response(body);
  };
  return { arrival: send({ fetch, timeout: 1000 }, new Request(URL)), say: (text: string) => say(text) };
}

test("the reader's own time is no silence of the other side", async () => {
  const { arrival, say } = conversation();
  const { pieces } = await arrival;
  say('one');
  expect((await pieces.next()).done).toBe(false);
  jest.advanceTimersByTime(100_000);
  say('two');
  expect((await pieces.next()).done).toBe(false);
  const third = pieces.next();
  await Promise.resolve();
  jest.advanceTimersByTime(1000);
  await expect(third).rejects.toMatchObject({ code: 'PALISADE-E275' });
});

test('the time is over when nothing was said for so long, not when all of it took so long', async () => {
  let silence: AbortSignal | null | undefined;
  const fetch = (_request: Request, { signal }: RequestInit) => {
    silence = signal;
    return new Promise<Response>((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const arrival = send({ fetch, timeout: 1000 }, new Request(URL));
  await Promise.resolve();
  jest.advanceTimersByTime(999);
  expect(silence?.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  await expect(arrival).rejects.toMatchObject({ code: 'PALISADE-E275', where: URL });
});
