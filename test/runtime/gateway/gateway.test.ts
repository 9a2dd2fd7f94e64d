import { openBodies } from '../../../runtime/gateway';
import {
  ATTACK,
  bodyOf,
  CALL,
  FORBIDDEN,
  failing,
  NOW,
  Outside,
  openAi,
  SECRET,
  SETTINGS,
  says,
  sha256,
} from './outside';

test('answers, and records who, what was decided and hashes', async () => {
  const outside = new Outside();
  const reply = await outside.call({});
  expect([reply.status, bodyOf(reply)]).toEqual([200, { output: 'answer' }]);
  expect(outside.records).toEqual([
    {
      requestId: 'r-1',
      system: 'assistant',
      caller: `pseudonym-of-${CALL.caller.length}`,
      protocol: 'palisade',
      model: 'model-1',
      time: new Date(NOW).toISOString(),
      decision: 'answered',
      inputTokens: 7,
      outputTokens: 3,
      inputSha256: sha256('question'),
      outputSha256: sha256('answer'),
      bodiesSha256: sha256(JSON.stringify(outside.bodies[0])),
      milliseconds: 0,
    },
  ]);
});

test('texts are kept encrypted, apart from who asked, and open with the data key', async () => {
  const outside = new Outside();
  await outside.call(says('my secret question'));
  const [bodies] = outside.bodies;
  expect(JSON.stringify([bodies, outside.records])).not.toMatch(/secret question|answer"/);
  expect(JSON.stringify(bodies)).not.toContain('pseudonym');
  expect(openBodies(bodies, outside.dataKey.plaintext)).toEqual({
    request: says('my secret question').body,
    response: 'answer',
  });
});

test('a blocked input never reaches the model', async () => {
  const outside = new Outside();
  const reply = await outside.call({ body: JSON.stringify({ input: ATTACK }) });
  expect([reply.status, bodyOf(reply).code]).toEqual([422, 'PALISADE-W003']);
  expect(outside.asked).toEqual([]);
  expect(outside.records).toMatchObject([
    { decision: 'input-blocked', code: 'PALISADE-W003', reasons: ['rule-of-block'] },
  ]);
});

test('a blocked output is not given, and kept for those who may look', async () => {
  const outside = new Outside();
  const ports = outside.ports({ models: [outside.served(outside.model({ text: `so ${FORBIDDEN}` }))] });
  const reply = await outside.call({}, ports);
  expect([reply.status, bodyOf(reply).code]).toEqual([422, 'PALISADE-W004']);
  expect(reply.body).not.toContain(FORBIDDEN);
  expect(outside.records).toMatchObject([
    { decision: 'output-blocked', outputSha256: sha256(`so ${FORBIDDEN}`), outputTokens: 3 },
  ]);
  expect(openBodies(outside.bodies[0], outside.dataKey.plaintext).response).toBe(`so ${FORBIDDEN}`);
});

test.each([
  ['INPUT', 'PALISADE-W003', 'input-blocked'],
  ['OUTPUT', 'PALISADE-W004', 'output-blocked'],
] as const)(
  "what the model's own guardrail stopped as %s is told and recorded as such",
  async (blocked, code, decision) => {
    const outside = new Outside();
    const ports = outside.ports({
      models: [outside.served(outside.model({ text: 'message', blocked }, { guarded: true }))],
    });
    expect(bodyOf(await outside.call({}, ports)).code).toBe(code);
    expect(outside.records).toMatchObject([{ decision, code }]);
  },
);

test('without an approved model it answers 503, and records that', async () => {
  const outside = new Outside();
  const reply = await outside.call({}, outside.ports({ models: [] }));
  expect([reply.status, bodyOf(reply).code]).toEqual([503, 'PALISADE-W005']);
  expect(outside.records).toMatchObject([{ decision: 'refused', code: 'PALISADE-W005' }]);
});

test.each([
  ['the model', (outside: Outside) => ({ models: [outside.served(outside.model({}, { invoke: failing }))] })],
  ['the guardrail', () => ({ guardrail: { apply: failing } })],
  ['the flag', () => ({ stopped: failing })],
  ['the limits', () => ({ limits: { take: failing, correct: failing } })],
  [
    'the output check',
    () => ({
      outputChecks: {
        check: () => {
          throw new Error(SECRET);
        },
      },
    }),
  ],
])('when %s fails, the operator learns why and the caller does not', async (_, ports) => {
  const outside = new Outside();
  const reply = await outside.call({}, outside.ports(ports(outside)));
  expect([reply.status, bodyOf(reply).code]).toEqual([502, 'PALISADE-W006']);
  expect(reply.body).not.toContain(SECRET);
  expect(outside.records).toMatchObject([{ decision: 'failed' }]);
});

test.each(['record', 'dataKey', 'keepBodies'] as const)('no answer without its %s', async (port) => {
  const outside = new Outside();
  const reply = await outside.call({}, outside.ports({ [port]: failing }));
  expect([reply.status, bodyOf(reply)]).toEqual([
    500,
    { code: 'PALISADE-W007', message: 'the call could not be recorded' },
  ]);
  expect(reply.body).not.toContain('answer');
});

test('no answer without a pseudonym', async () => {
  const outside = new Outside();
  expect(bodyOf(await outside.call({}, outside.ports({ pseudonym: failing }))).code).toBe('PALISADE-W007');
  expect(outside.asked).toEqual([]);
});

test('a call whose caller nobody vouches for is refused and recorded as nobody', async () => {
  const outside = new Outside();
  const reply = await outside.call({ caller: '' });
  expect([reply.status, bodyOf(reply).code]).toEqual([403, 'PALISADE-W013']);
  expect(outside.records).toMatchObject([{ caller: 'nobody', code: 'PALISADE-W013' }]);
});

test('a call to nowhere is refused and recorded', async () => {
  const outside = new Outside();
  const reply = await outside.call({ path: '/v1/embeddings' });
  expect([reply.status, bodyOf(reply).code]).toEqual([404, 'PALISADE-W010']);
  expect(outside.records).toMatchObject([{ decision: 'refused', code: 'PALISADE-W010' }]);
});

test('models are listed for known callers, and no model is asked', async () => {
  const outside = new Outside();
  const reply = await outside.call({ method: 'GET', path: '/v1/models', body: null });
  expect(bodyOf(reply).data.map(({ id }: { id: string }) => id)).toEqual(['assistant', 'model-1']);
  expect(outside.asked).toEqual([]);
  expect(outside.records).toMatchObject([{ decision: 'answered', protocol: 'openai' }]);
  expect((await outside.call({ method: 'GET', path: '/v1/models', body: null, caller: '' })).status).toBe(403);
});

test('the answer is no longer than the gateway allows, whatever is asked', async () => {
  const outside = new Outside();
  await outside.call(openAi({ messages: [{ role: 'user', content: 'hi' }], max_tokens: 999_999 }));
  expect(outside.asked).toMatchObject([{ maximumTokens: SETTINGS.maximumTokens }]);
});
