import type { GatewaySettings } from '../../../runtime/gateway';
import { bodyOf, failing, NOW, Outside, openAi, SETTINGS } from './outside';

const limited = (requestsPerMinute: number, tokensPerDay: number): GatewaySettings => ({
  ...SETTINGS,
  limits: { requestsPerMinute, tokensPerDay },
});

/** 1 token of input, 999 of output at most. */
const CALL = openAi({ messages: [{ role: 'user', content: 'abc' }], max_tokens: 999 });

test('callers who come together do not pass the limit together', async () => {
  const outside = new Outside();
  const replies = await Promise.all(
    Array.from({ length: 40 }, () => outside.call(CALL, outside.ports(), limited(7, 1e9))),
  );
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(7);
  expect(outside.asked).toHaveLength(7);
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(33);
});

test('nor do they spend more together than there is: what each can use is taken first', async () => {
  const outside = new Outside();
  const replies = await Promise.all(
    Array.from({ length: 40 }, () => outside.call(CALL, outside.ports(), limited(100, 5500))),
  );
  // What the first ones did not use serves the others, never more than is left.
  expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
  expect(Math.max(...outside.limits.counters.values())).toBeLessThanOrEqual(5500);
});

test('after the call, what was used is counted, and no more', async () => {
  const outside = new Outside();
  await outside.call(CALL, outside.ports(), limited(10, 2000));
  expect([...outside.limits.counters]).toEqual([
    [expect.stringMatching(/^assistant#pseudonym-of-\d+#requests#2025-11-24T16:00:00\.000Z$/), 1],
    [expect.stringMatching(/^assistant#pseudonym-of-\d+#tokens#2025-11-24T00:00:00\.000Z$/), 10],
  ]);
});

test('a call that was blocked, or failed, has used nothing; one whose answer was kept back has', async () => {
  const tokens = ({ limits }: Outside) => [...limits.counters.values()][1];
  const blocked = new Outside();
  await blocked.call(openAi({ messages: [{ role: 'user', content: 'ATTACK' }] }), blocked.ports(), limited(10, 9000));
  expect(tokens(blocked)).toBe(0);
  const failed = new Outside();
  await failed.call(
    CALL,
    failed.ports({ models: [failed.served(failed.model({}, { invoke: failing }))] }),
    limited(10, 9000),
  );
  expect(tokens(failed)).toBe(0);
  const withheld = new Outside();
  const models = [withheld.served(withheld.model({ text: 'FORBIDDEN' }))];
  await withheld.call(CALL, withheld.ports({ models }), limited(10, 9000));
  expect(tokens(withheld)).toBe(10);
});

test('a new minute, a new start; the caller learns how long that takes', async () => {
  const outside = new Outside();
  outside.now = NOW + 20_000;
  await outside.call(CALL, outside.ports(), limited(1, 1e6));
  const reply = await outside.call(CALL, outside.ports(), limited(1, 1e6));
  expect([bodyOf(reply).error.code, reply.headers['retry-after']]).toEqual(['PALISADE-W016', '40']);
  outside.now = NOW + 60_000;
  expect((await outside.call(CALL, outside.ports(), limited(1, 1e6))).status).toBe(200);
});

test('a role is one caller, however its sessions are called', async () => {
  const outside = new Outside();
  const session = (name: string) => ({ ...CALL, caller: `arn:aws:sts::111122223333:assumed-role/App/${name}` });
  await outside.call(session('a'), outside.ports(), limited(1, 1e6));
  expect((await outside.call(session('another'), outside.ports(), limited(1, 1e6))).status).toBe(429);
  // Records tell them apart all the same.
  expect(new Set(outside.records.map(({ caller }) => caller)).size).toBe(2);
});

test('one caller does not use up what another has', async () => {
  const outside = new Outside();
  await outside.call(CALL, outside.ports(), limited(1, 1e6));
  expect((await outside.call({ ...CALL, caller: 'somebody else' }, outside.ports(), limited(1, 1e6))).status).toBe(200);
});

test('spent is spent, however the tokens were used', async () => {
  const outside = new Outside();
  const settings = limited(100, 1005);
  expect((await outside.call(CALL, outside.ports(), settings)).status).toBe(200);
  const reply = await outside.call(CALL, outside.ports(), settings);
  expect([reply.status, bodyOf(reply).error.code, reply.headers['x-should-retry']]).toEqual([
    429,
    'PALISADE-W017',
    'false',
  ]);
});

test('limits without a store let nobody through', async () => {
  const outside = new Outside();
  expect((await outside.call(CALL, outside.ports({ limits: undefined }))).status).toBe(502);
  expect(outside.asked).toEqual([]);
});
