import * as fc from 'fast-check';
import type { AnswerEvent, Model, ModelAnswer } from '../../../runtime/gateway';
import { bodyOf, Outside, openAi, textOf } from './outside';

/* Models that answer rubbish: each call still gets one coded answer and its record, and the next model is asked. */

const ASKED = {
  messages: [{ role: 'user', content: 'hi' }],
  tools: [{ type: 'function', function: { name: 'pay' } }],
};
const circular: Record<string, unknown> = {};
circular.again = circular;
let deep: unknown = {};
for (let depth = 0; depth < 100_000; depth += 1) {
  deep = { deep };
}
const call = (input: unknown, name: unknown = 'pay', id: unknown = 't') => ({ kind: 'tool-call', id, name, input });

const RUBBISH: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['no text', {}],
  ['a number', { text: 5 }],
  ['tools that are no list', { text: '', toolCalls: {} }],
  ['a call that is none', { text: '', toolCalls: [null] }],
  ['a call without a name', { text: '', toolCalls: [call({}, null)] }],
  ['a call without an id', { text: '', toolCalls: [call({}, 'pay', null)] }],
  ['an input that has no end', { text: '', toolCalls: [call(circular)] }],
  ['an input that is nested without end', { text: '', toolCalls: [call(deep)] }],
  ['an input that JSON cannot say', { text: '', toolCalls: [call({ amount: 1n })] }],
  ['no input', { text: '', toolCalls: [call(undefined)] }],
  ['an unknown end', { text: 'x', finish: 'because' }],
  ['an end that every object has', { text: 'x', finish: 'constructor' }],
  ['tokens that are no number', { text: 'x', usage: { inputTokens: Number.NaN, outputTokens: 1 } }],
  ['tokens given back', { text: 'x', usage: { inputTokens: 1, outputTokens: -5 } }],
  ['a type with a line break', { text: 'x', contentType: 'text/csv\r\nset-cookie: a' }],
];

const rubbish = (outside: Outside, answer: unknown) => outside.model({}, { invoke: async () => answer as ModelAnswer });

test.each(RUBBISH)('%s is no answer', async (_, answer) => {
  const outside = new Outside();
  const reply = await outside.call(
    openAi(ASKED),
    outside.ports({ models: [outside.served(rubbish(outside, answer))] }),
  );
  expect([reply.status, bodyOf(reply).error.code]).toEqual([502, 'PALISADE-W006']);
  expect(outside.records.map(({ decision, code }) => [decision, code])).toEqual([['failed', 'PALISADE-W006']]);
  // What was taken of the day's tokens is given back.
  expect([...outside.limits.counters.values()]).toEqual([1, 0]);
});

test.each(RUBBISH)('%s has the next model asked', async (_, answer) => {
  const outside = new Outside();
  const models = [rubbish(outside, answer), outside.model({}, { name: 'model-2' })].map((each) => outside.served(each));
  expect((await outside.call(openAi(ASKED), outside.ports({ models }))).status).toBe(200);
  expect(outside.records[0]).toMatchObject({ model: 'model-2', failedOver: ['model-1'] });
});

const piece = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    {},
    { kind: 'text' },
    { kind: 'text', text: 5 },
    { kind: 'tool-call' },
    { kind: 'tool-call', call: call(circular) },
    { kind: 'tool-call', call: call(deep) },
    { kind: 'tool-call', call: call({ to: 'me' }) },
    { kind: 'end' },
    { kind: 'end', finish: 'because' },
    { kind: 'end', finish: 'stop', usage: { inputTokens: Infinity } },
    { kind: 'end', finish: 'stop' },
  ),
  fc.string({ unit: 'binary' }).map((text) => ({ kind: 'text', text })),
);

test('a stream of anything ends, with an error or its end, and is recorded as it ended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      const outside = new Outside();
      const stream: Model['stream'] = async function* () {
        yield* pieces as AnswerEvent[];
      };
      const models = [outside.served(outside.model({}, { stream }))];
      const asked = { ...openAi({ ...ASKED, stream: true }), streams: true };
      const reply = await outside.call(asked, outside.ports({ models }));
      const text = await textOf(reply);
      const last = outside.records.at(-1);
      if (last?.decision === 'answered') {
        expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
      } else {
        expect(last).toMatchObject({ decision: 'failed', code: 'PALISADE-W006' });
        expect(text).toContain('PALISADE-W006');
      }
      expect(outside.records.map(({ decision }) => decision).filter((each) => each !== 'opened')).toHaveLength(1);
    }),
  );
});

test('nothing is given after the end, which is in the record', async () => {
  const outside = new Outside();
  const stream: Model['stream'] = async function* () {
    yield { kind: 'text', text: 'all' };
    yield { kind: 'end', finish: 'stop' };
    yield { kind: 'text', text: 'more' };
    yield { kind: 'end', finish: 'stop' };
  };
  const models = [outside.served(outside.model({}, { stream }))];
  const reply = await outside.call({ ...openAi({ ...ASKED, stream: true }), streams: true }, outside.ports({ models }));
  expect(await textOf(reply)).not.toContain('more');
  expect(outside.records.map(({ decision }) => decision)).toEqual(['opened', 'answered']);
});
