import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { gatewayServer } from '../../../lambda/inference-gateway/http';
import {
  type AnswerEvent,
  answerCall,
  type Chat,
  type GatewayPorts,
  MAXIMUM_BODY,
  type Model,
} from '../../../runtime/gateway';
import { ATTACK, CARD, FORBIDDEN, failing, Outside, SETTINGS } from '../../runtime/gateway/outside';

const MESSAGES = [{ role: 'user' as const, content: 'what is it?' }];

let outside: Outside;
let ports: GatewayPorts;
let server: Server;
let openai: OpenAI;
let base: string;

beforeEach(async () => {
  outside = new Outside();
  ports = outside.ports();
  server = gatewayServer({
    answer: (call) => answerCall(call, SETTINGS, ports),
    identify: ({ headers }) => (headers['x-caller'] as string) ?? '',
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  openai = new OpenAI({
    baseURL: `${base}/v1`,
    apiKey: 'unused',
    maxRetries: 0,
    defaultHeaders: { 'x-caller': 'app' },
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const serve = (model: Partial<Model>) => {
  ports = outside.ports({ models: [outside.served(outside.model({}, model))] });
};

/** A model that says these words, and then whatever comes after. */
function speaking(
  words: Iterable<string> | AsyncIterable<string>,
  end: Partial<AnswerEvent & { kind: 'end' }> = {},
): Partial<Model> {
  return {
    stream: async function* () {
      for await (const text of words) {
        yield { kind: 'text', text };
      }
      yield { kind: 'end', finish: 'stop', usage: { inputTokens: 4, outputTokens: 5 }, ...end };
    },
  };
}

async function heard(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  const choices = chunks.flatMap((chunk) => chunk.choices);
  return {
    text: choices.map(({ delta }) => delta.content ?? '').join(''),
    finish: choices.at(-1)?.finish_reason,
    usage: chunks.at(-1)?.usage,
    calls: choices.flatMap(({ delta }) => delta.tool_calls ?? []),
  };
}

const TOOLS = [{ type: 'function' as const, function: { name: 'look', parameters: { type: 'object' } } }];

const streaming = (more: object = {}) =>
  openai.chat.completions.create({ model: 'assistant', messages: MESSAGES, stream: true, ...more });

describe('the openai client', () => {
  test('is answered, with the tokens used', async () => {
    const { data, response } = await openai.chat.completions
      .create({ model: 'assistant', messages: MESSAGES })
      .withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: 'assistant',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'answer' } }],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('may send what frameworks send by habit', async () => {
    const { choices } = await openai.chat.completions.create({
      model: 'assistant',
      messages: MESSAGES,
      n: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      logprobs: false,
      store: false,
      parallel_tool_calls: true,
    });
    expect(choices[0].message.content).toBe('answer');
  });

  test('lists what there is', async () => {
    const names: string[] = [];
    for await (const { id } of openai.models.list()) {
      names.push(id);
    }
    expect(names).toEqual(['assistant', 'model-1']);
  });

  test('streams, with usage when it asks for it', async () => {
    serve(speaking(['an', 'swer']));
    expect(await heard(await streaming())).toEqual({ text: 'answer', finish: 'stop', usage: undefined, calls: [] });
    expect((await heard(await streaming({ stream_options: { include_usage: true } }))).usage).toEqual({
      prompt_tokens: 4,
      completion_tokens: 5,
      total_tokens: 9,
    });
    expect(outside.records.map(({ decision }) => decision)).toEqual(['opened', 'answered', 'opened', 'answered']);
  });

  test('gets the first words before the model has said the last', async () => {
    let sayMore = () => {};
    const more = new Promise<void>((resolve) => {
      sayMore = resolve;
    });
    const words = async function* () {
      yield 'word '.repeat(100);
      await more;
      yield 'end';
    };
    serve(speaking(words()));
    let text = '';
    for await (const { choices } of await streaming()) {
      text += choices[0]?.delta.content ?? '';
      if (text.length > 100) {
        sayMore();
      }
    }
    expect(text).toBe(`${'word '.repeat(100)}end`);
  });

  test('works through a conversation with tools', async () => {
    const call = { kind: 'tool-call', id: 't1', name: 'look', input: { at: 'map' } } as const;
    serve({ invoke: async () => ({ text: '', toolCalls: [call], finish: 'tool-calls' }) });
    const first = await openai.chat.completions.create({ model: 'assistant', messages: MESSAGES, tools: TOOLS });
    const { message, finish_reason } = first.choices[0];
    expect([finish_reason, message.tool_calls]).toEqual([
      'tool_calls',
      [{ id: 't1', type: 'function', function: { name: 'look', arguments: '{"at":"map"}' } }],
    ]);
    let asked: Chat | undefined;
    serve({
      invoke: async (question) => {
        asked = question as Chat;
        return { text: 'done' };
      },
    });
    const result = { role: 'tool' as const, tool_call_id: 't1', content: 'a map' };
    const next = await openai.chat.completions.create({
      model: 'assistant',
      messages: [...MESSAGES, message, result],
      tools: TOOLS,
    });
    expect(next.choices[0].message.content).toBe('done');
    expect(asked?.turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(asked?.turns[2].parts).toEqual([
      { kind: 'tool-result', id: 't1', text: expect.stringMatching(/^<untrusted \w+>\na map\n<\/untrusted \w+>$/) },
    ]);
  });

  test('gets the parts of a tool call in a stream', async () => {
    serve({
      stream: async function* () {
        yield { kind: 'tool-call', call: { kind: 'tool-call', id: 't1', name: 'look', input: { at: 'map' } } };
        yield { kind: 'end', finish: 'tool-calls' };
      },
    });
    const { calls, finish } = await heard(await streaming({ tools: TOOLS }));
    expect([calls, finish]).toEqual([
      [{ index: 0, id: 't1', type: 'function', function: { name: 'look', arguments: '{"at":"map"}' } }],
      'tool_calls',
    ]);
  });

  test('an input that is blocked is its error, with the code of the protocol', async () => {
    const refused = openai.chat.completions.create({
      model: 'assistant',
      messages: [{ role: 'user', content: ATTACK }],
    });
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'content_filter', type: 'invalid_request_error' });
    await expect(refused).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });

  test('an answer that is blocked is empty, and filtered', async () => {
    serve({ invoke: async () => ({ text: FORBIDDEN }) });
    const { choices } = await openai.chat.completions.create({ model: 'assistant', messages: MESSAGES });
    expect(choices).toMatchObject([{ finish_reason: 'content_filter', message: { content: '' } }]);
  });

  test('errors of the gateway are errors of the client', async () => {
    const create = (body: object) =>
      openai.chat.completions.create({ model: 'assistant', messages: MESSAGES, ...body });
    await expect(create({ model: 'payroll' })).rejects.toMatchObject({
      status: 404,
      code: 'PALISADE-W014',
      param: 'model',
    });
    await expect(create({ frequency_penalty: 0.5 })).rejects.toMatchObject({ param: 'frequency_penalty' });
    await expect(create({ seed: 1 })).rejects.toMatchObject({ status: 400, code: 'PALISADE-W002', param: 'seed' });
    const image = { type: 'image_url' as const, image_url: { url: 'data:,' } };
    await expect(create({ messages: [{ role: 'user', content: [image] }] })).rejects.toMatchObject({ status: 400 });
    await expect(
      openai.chat.completions.create({ model: 'assistant', messages: MESSAGES }, { headers: { 'x-caller': '' } }),
    ).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
  });

  test('it does not ask again where that helps nobody', async () => {
    ports = outside.ports({ stopped: async () => true });
    const patient = openai.withOptions({ maxRetries: 3 });
    await expect(patient.chat.completions.create({ model: 'assistant', messages: MESSAGES })).rejects.toMatchObject({
      status: 503,
      code: 'PALISADE-W015',
    });
    expect(outside.records).toHaveLength(1);
  });
});

describe('a stream', () => {
  test.each([
    ['in one piece', [`${'safe words '.repeat(60)}${FORBIDDEN} ${'more '.repeat(100)}`]],
    ['letter by letter', [...`${'safe words '.repeat(60)}${FORBIDDEN} ${'more '.repeat(100)}`]],
  ])('ends where something forbidden is said %s, and has given none of it', async (_, words) => {
    serve(speaking(words));
    const chunks: string[] = [];
    const reading = (async () => {
      for await (const { choices } of await streaming()) {
        chunks.push(choices[0]?.delta.content ?? '');
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'PALISADE-W004' });
    expect(chunks.join('')).not.toMatch(/FORB/);
    expect(outside.records.at(-1)).toMatchObject({ decision: 'output-blocked', code: 'PALISADE-W004' });
  });

  test('is masked, wherever the pieces are cut', async () => {
    const said = `${'some words '.repeat(50)} card ${CARD} and ${'more words '.repeat(50)}`;
    for (const size of [1, 3, 7, 1000]) {
      serve(speaking(said.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []));
      expect((await heard(await streaming())).text).toBe(said.replace(CARD, '[card]'));
    }
  });

  test('holds back a key until it has seen its end', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIE abc\n'.repeat(100)}`;
    const told: string[] = [];
    serve(
      speaking(
        (async function* () {
          yield 'here it is: ';
          yield key;
          yield FORBIDDEN;
        })(),
      ),
    );
    const reading = (async () => {
      for await (const { choices } of await streaming()) {
        told.push(choices[0]?.delta.content ?? '');
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'PALISADE-W004' });
    expect(told.join('')).not.toContain('MIIE');
  });

  test("that the model's own guardrail stopped gives no answer", async () => {
    serve({ ...speaking(['sorry'], { blocked: 'OUTPUT' }), guarded: true });
    await expect(streaming().then(heard)).rejects.toMatchObject({ code: 'PALISADE-W004' });
    expect(outside.records.at(-1)).toMatchObject({ decision: 'output-blocked' });
  });

  test('that breaks off is an error, and recorded as one', async () => {
    serve({
      stream: async function* () {
        yield { kind: 'text', text: 'an' };
        await failing();
      },
    });
    await expect(streaming().then(heard)).rejects.toMatchObject({ code: 'PALISADE-W006' });
    expect(outside.records.at(-1)).toMatchObject({ decision: 'failed', code: 'PALISADE-W006' });
  });

  test('whose first word does not come is asked of the next model', async () => {
    const broken = outside.model(
      {},
      {
        name: 'broken',
        // biome-ignore lint/correctness/useYield: it fails before
        stream: async function* () {
          await failing();
        },
      },
    );
    ports = outside.ports({
      models: [outside.served(broken), outside.served(outside.model({}, speaking(['answer'])))],
    });
    expect((await heard(await streaming())).text).toBe('answer');
    expect(outside.records.at(-1)).toMatchObject({ failedOver: ['broken'] });
  });

  test('has no first word without a record, and stops the model', async () => {
    let stopped = false;
    serve({
      stream: async function* (_, signal) {
        signal.addEventListener('abort', () => {
          stopped = true;
        });
        yield { kind: 'text', text: 'an' };
      },
    });
    ports = { ...ports, record: failing };
    await expect(streaming()).rejects.toMatchObject({ status: 500, code: 'PALISADE-W007' });
    expect(stopped).toBe(true);
  });

  test('has no end without a record', async () => {
    serve(speaking(['answer']));
    ports = { ...ports, record: async ({ decision }) => (decision === 'opened' ? undefined : failing()) };
    await expect(streaming().then(heard)).rejects.toMatchObject({ code: 'PALISADE-W007' });
  });

  test('comes whole, as events, from a model that does not stream', async () => {
    expect(await heard(await streaming())).toMatchObject({ text: 'answer', finish: 'stop' });
    expect(outside.records.map(({ decision }) => decision)).toEqual(['answered']);
  });

  test('is not streamed past a guardrail that judges whole answers', async () => {
    serve(speaking(['harmful']));
    ports = { ...ports, guardrail: outside.guardrail('answer') };
    expect((await heard(await streaming())).finish).toBe('content_filter');
  });

  test('is not streamed where answers are encoded as a whole', async () => {
    serve(speaking(['in pieces']));
    ports = { ...ports, outputChecks: { ...ports.outputChecks, needsWhole: true } };
    expect((await heard(await streaming())).text).toBe('answer');
  });

  test('ends with the caller: the model is stopped, and the record says how far it got', async () => {
    let stopped: () => void = () => {};
    const end = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const kept = new Promise<void>((resolve) => {
      ports = outside.ports({
        record: async (record) => {
          outside.records.push(record);
          if (record.decision !== 'opened') {
            resolve();
          }
        },
        models: [
          outside.served(
            outside.model(
              {},
              {
                stream: async function* (_, signal) {
                  try {
                    while (!signal.aborted) {
                      yield { kind: 'text', text: 'on and on '.repeat(10) };
                      await new Promise((resolve) => setImmediate(resolve));
                    }
                  } finally {
                    stopped();
                  }
                },
              },
            ),
          ),
        ],
      });
    });
    const stream = await streaming();
    for await (const { choices } of stream) {
      if ((choices[0]?.delta.content ?? '') !== '') {
        break;
      }
    }
    stream.controller.abort();
    await end;
    await kept;
    expect(outside.records.at(-1)).toMatchObject({ decision: 'cancelled', code: 'PALISADE-W024' });
    expect(outside.records.at(-1)?.outputTokens).toBeGreaterThan(0);
  });
});

describe('the server', () => {
  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${base}${path}`, {
      method: 'POST',
      body,
      headers: { 'x-caller': 'app', 'content-type': 'application/json', ...headers },
    });

  test('speaks every protocol', async () => {
    expect(await (await post('/invoke', '{"input":"hi"}')).json()).toEqual({ output: 'answer' });
    const conversation = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] });
    expect(await (await post('/model/model-1/converse', conversation)).json()).toMatchObject({
      stopReason: 'end_turn',
    });
    serve({ takes: 'data', invoke: async () => ({ text: '0.7', contentType: 'text/csv' }) });
    const scored = await post('/invocations', '1,2\n', { 'content-type': 'text/csv' });
    expect([scored.headers.get('content-type'), await scored.text()]).toEqual(['text/csv', '0.7']);
  });

  test('is alive to whoever asks, and tells nobody more', async () => {
    expect(await (await fetch(`${base}/ping`)).text()).toBe('pong');
    expect((await fetch(`${base}/`, { headers: { 'x-caller': 'app' } })).status).toBe(404);
  });

  test('reads no more of a body than a body may have', async () => {
    const response = await post('/invoke', Buffer.alloc(MAXIMUM_BODY + 1, ' '));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, 'PALISADE-W011']);
  });

  test('lets go of a caller who never ends what it sends', async () => {
    const endless = request(`${base}/invoke`, { method: 'POST', headers: { 'x-caller': 'app' } });
    endless.write(Buffer.alloc(MAXIMUM_BODY + 1, ' '));
    const [response] = await once(endless, 'response');
    expect(response.statusCode).toBe(413);
    endless.destroy();
  });
});
