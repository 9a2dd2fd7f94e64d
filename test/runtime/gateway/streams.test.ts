import * as fc from 'fast-check';
import {
  type AnswerEvent,
  type GatewayPorts,
  type Model,
  type OutputChecks,
  openBodies,
} from '../../../runtime/gateway';
import { failing, Outside, openAi } from './outside';

/* What reaches the caller of a stream, piece by piece, while the model still speaks. */

const STREAM = { ...openAi({ stream: true, messages: [{ role: 'user', content: 'hi' }] }), streams: true };

const saying = (pieces: readonly string[]): Partial<Model> => ({
  stream: async function* (): AsyncGenerator<AnswerEvent> {
    for (const text of pieces) {
      yield { kind: 'text', text };
    }
    yield { kind: 'end', finish: 'stop' };
  },
});

/** The texts in the order in which they leave, and the code of the error at the end, if there is one. */
async function told(pieces: readonly string[], check: (text: string) => string) {
  const outside = new Outside();
  const checks: OutputChecks = { check: (text) => ({ blocked: false, text: check(text), reasons: [] }) };
  const models = [outside.served(outside.model({}, saying(pieces)))];
  const { body } = await outside.call(STREAM, outside.ports({ models, outputChecks: checks }));
  const events: string[] = [];
  for await (const event of body) {
    events.push(event);
  }
  const data = events.filter((event) => event.startsWith('data: {')).map((event) => JSON.parse(event.slice(6)));
  return {
    texts: data.flatMap(({ choices = [] }) =>
      choices.map(({ delta }: { delta: { content?: string } }) => delta.content ?? ''),
    ),
    code: data.at(-1).error?.code,
    outside,
  };
}

const filler = 'ordinary words of an answer '.repeat(30);

test('a number that is written in groups is not given in halves, wherever it stands', async () => {
  const number = '4111 1111 1111 1111';
  for (let before = 256; before < 384; before += 1) {
    const text = `${filler.slice(0, before)} ${number} ${filler}`;
    const { texts, code } = await told(text.match(/.{1,5}/gs) ?? [], (said) => said.replaceAll(number, '[CARD]'));
    expect([before, texts.join(''), code]).toEqual([before, text.replace(number, '[CARD]'), undefined]);
  }
});

test('a tool that a stream wishes called is kept with the texts', async () => {
  const outside = new Outside();
  const call = { kind: 'tool-call', id: 't', name: 'pay', input: { to: 'me' } } as const;
  const stream: Model['stream'] = async function* () {
    yield { kind: 'tool-call', call };
    yield { kind: 'end', finish: 'tool-calls' };
  };
  const { body } = await outside.call(
    {
      ...openAi({
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
        tools: [{ type: 'function', function: { name: 'pay' } }],
      }),
      streams: true,
    },
    outside.ports({ models: [outside.served(outside.model({}, { stream }))] }),
  );
  for await (const _ of body) {
    // Read to the end.
  }
  expect(JSON.parse(openBodies(outside.bodies[0], outside.dataKey.plaintext).toolCalls)).toEqual([call]);
});

test('a token is not given before its end, however long it is', async () => {
  const token = `ey${'x'.repeat(900)}`;
  const { texts } = await told([...`${filler}${token} ${filler}`], (text) => text.replaceAll(token, '[TOKEN]'));
  expect(texts.join('')).toBe(`${filler}[TOKEN] ${filler}`);
});

test('what turns out to be forbidden after it was given ends the stream: it cannot be taken back', async () => {
  const { texts, code, outside } = await told([filler, filler, 'END', filler], (text) =>
    text.includes('END') ? '[ALL]' : text,
  );
  expect(texts.join('').length).toBeGreaterThan(0);
  expect(texts.join('')).not.toContain('END');
  expect(code).toBe('PALISADE-W004');
  expect(outside.records.at(-1)).toMatchObject({ decision: 'output-blocked' });
});

test('however it is cut, the text is what the check makes of the whole', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 30 });
  const words = fc.array(fc.constantFrom('ab', '4111', 'cdefgh', '\n', 'x'.repeat(300)), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(words, cuts, async (said, sizes) => {
      const text = said.join(' ');
      const pieces: string[] = [];
      for (let at = 0; at < text.length; at += pieces.at(-1)?.length || 1) {
        pieces.push(text.slice(at, at + (sizes[pieces.length % (sizes.length || 1)] ?? 7)));
      }
      const check = (whole: string) => whole.replaceAll('4111', '[card]');
      const { texts, code } = await told(pieces, check);
      expect(code).toBeUndefined();
      expect(texts.join('')).toBe(check(text));
    }),
    { numRuns: 60 },
  );
});

test('words leave long before the end', async () => {
  const { texts } = await told(
    Array.from({ length: 100 }, () => 'ten words. '),
    (text) => text,
  );
  const given = texts.filter((text) => text !== '');
  expect(given.length).toBeGreaterThan(3);
  expect(given[0].length).toBeLessThan(300);
});

test('a model whose stream could not be recorded is stopped', async () => {
  const outside = new Outside();
  let heard: AbortSignal | undefined;
  const stream: Model['stream'] = async function* (_, signal) {
    heard = signal;
    yield { kind: 'text', text: 'an' };
  };
  const ports: Partial<GatewayPorts> = { models: [outside.served(outside.model({}, { stream }))], record: failing };
  const reply = await outside.call(STREAM, outside.ports(ports));
  expect([reply.headers['x-palisade-code'], heard?.aborted]).toEqual(['PALISADE-W007', true]);
});

test('the checks of a long answer cost what it is long, not its square', async () => {
  const cost = async (length: number) => {
    let looked = 0;
    await told(
      Array.from({ length: length / 10 }, () => 'some words'),
      (text) => {
        looked += text.length;
        return text;
      },
    );
    return looked / length;
  };
  expect(await cost(200_000)).toBeLessThan(3 * (await cost(20_000)));
});
