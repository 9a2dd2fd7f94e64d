import OpenAI from 'openai';
import { EnclaveClient } from '../../../runtime/client';
import { type Behaviour, LocalEnclave, NOW, PCR0, SYSTEM, signal } from './local-enclave';

const MESSAGES = [{ role: 'user' as const, content: 'canary: what is it?' }];

/** A chat server, as small as it can be. */
const chat: Behaviour['model'] = ({ head, body }) => {
  const { model, messages, stream } = JSON.parse(Buffer.from(body).toString());
  if (head.path !== '/v1/chat/completions' || model !== 'small') {
    const error = { message: `no such model: ${model}`, type: 'invalid_request_error' };
    return { status: 404, headers: JSON_HEADERS, body: JSON.stringify({ error }) };
  }
  const said = `echo: ${messages[0].content}`;
  if (!stream) {
    const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: said } }];
    return { headers: JSON_HEADERS, body: JSON.stringify({ id: 'one', object: 'chat.completion', model, choices }) };
  }
  return { headers: { 'content-type': 'text/event-stream' }, body: events(said.split(/(?<= )/)) };
};
const JSON_HEADERS = { 'content-type': 'application/json' };
let afterFirst = Promise.resolve();

async function* events(words: string[]): AsyncGenerator<Uint8Array> {
  const event = (data: string) => new TextEncoder().encode(`data: ${data}\n\n`);
  for (const [index, content] of words.entries()) {
    yield event(
      JSON.stringify({ id: 'one', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] }),
    );
    if (index === 0) {
      await afterFirst;
    }
  }
  yield event('[DONE]');
}

let enclave: LocalEnclave;
let client: EnclaveClient;
let openai: OpenAI;
beforeAll(async () => {
  enclave = await LocalEnclave.start({ model: chat });
  const { url, nitro } = enclave;
  client = new EnclaveClient({
    url,
    system: SYSTEM,
    pcrs: [{ 0: PCR0 }],
    clock: () => NOW,
    rootForTests: nitro.rootDer,
    receipts: true,
  });
  openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'canary-key', fetch: client.fetch, maxRetries: 0 });
});
afterAll(() => enclave.stop());

test('the openai client talks to the enclave, and gets a receipt', async () => {
  const { data, response } = await openai.chat.completions
    .create({ model: 'small', messages: MESSAGES })
    .withResponse();
  expect(data.choices[0].message.content).toBe('echo: canary: what is it?');
  const { receipt } = await client.receiptOf(response);
  expect(receipt.statement.request.path).toBe('/v1/chat/completions');
});

test('it streams: the first word is there before the second is said', async () => {
  const first = signal();
  afterFirst = first.given;
  const words: string[] = [];
  const asked = openai.chat.completions.create({ model: 'small', messages: MESSAGES, stream: true });
  const { data, response } = await asked.withResponse();
  for await (const { choices } of data) {
    words.push(choices[0].delta.content ?? '');
    first.give();
  }
  expect(words).toEqual(['echo: ', 'canary: ', 'what ', 'is ', 'it?']);
  // It stops at the last event; the receipt is there all the same.
  expect((await client.receiptOf(response)).receipt.statement.response.status).toBe(200);
});

test('errors of the server are errors of the openai client', async () => {
  const refused = openai.chat.completions.create({ model: 'large', messages: MESSAGES });
  await expect(refused).rejects.toMatchObject({ status: 404, message: '404 no such model: large' });
});

test('neither words nor the key of the openai client were seen on the way', () => {
  const outside = Buffer.concat([...enclave.carried, Buffer.from(JSON.stringify([enclave.headers, enclave.seen]))]);
  expect(outside.length).toBeGreaterThan(1000);
  expect(outside.includes('canary')).toBe(false);
});
