import Ajv from 'ajv';
import * as fc from 'fast-check';
import {
  type Chat,
  chatCompletionSchema,
  converseSchema,
  type GatewayCall,
  MAXIMUM_BODY,
  misfit,
  REQUEST_SCHEMA,
  ROUTES,
  type Schema,
} from '../../../runtime/gateway';
import { stringsIn } from '../../../runtime/gateway/json';
import { bodyOf, CALL, Outside, openAi, textOf } from './outside';

const SCHEMAS: [string, Schema][] = [
  ['palisade', REQUEST_SCHEMA],
  ['openai', chatCompletionSchema(true)],
  ['openai without tools', chatCompletionSchema(false)],
  ['converse', converseSchema(true)],
  ['converse without tools', converseSchema(false)],
];
const converse = (body: object): Partial<GatewayCall> => ({
  path: '/model/assistant/converse',
  body: JSON.stringify(body),
});
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });

/** Bodies near to those of the three protocols: right ones, with something in them changed. */
const text = fc.oneof(fc.string(), fc.constantFrom('', 'hi', 'ATTACK', 'DOUBTFUL', '\u{1d482}', '\ud800'));
const anything = fc.oneof(fc.jsonValue(), text, fc.constantFrom(null, 0, -1, 1e9, true, [], {}));
const block = fc.oneof(
  text.map((text) => ({ text })),
  text.map((bytes) => ({
    document: { name: 'd', format: 'txt', source: { bytes: Buffer.from(bytes).toString('base64') } },
  })),
  anything.map((json) => ({ toolResult: { toolUseId: 't', content: [{ json }] } })),
  anything.map((input) => ({ toolUse: { toolUseId: 't', name: 'n', input } })),
  fc.constant({ image: { format: 'png', source: { bytes: '' } } }),
);
const conversation = fc.record(
  {
    messages: fc.array(
      fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.array(block, { maxLength: 3 }) }),
      {
        maxLength: 3,
      },
    ),
    system: fc.oneof(fc.array(text.map((text) => ({ text }))), anything),
    inferenceConfig: fc.oneof(fc.record({ maxTokens: fc.integer() }), anything),
    toolConfig: anything,
    guardrailConfig: anything,
  },
  { requiredKeys: ['messages'] },
);
const completion = fc.record(
  {
    model: fc.oneof(fc.constant('assistant'), text),
    messages: fc.array(
      fc.record(
        {
          role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'developer', 'other'),
          content: fc.oneof(text, fc.array(text.map((text) => ({ type: 'text', text }))), anything),
          tool_call_id: text,
          tool_calls: fc.array(
            text.map((json) => ({ id: 't', type: 'function', function: { name: 'n', arguments: json } })),
          ),
        },
        { requiredKeys: ['role'] },
      ),
      { maxLength: 4 },
    ),
    stream: anything,
    max_tokens: fc.oneof(fc.integer(), anything),
    tools: fc.oneof(fc.array(fc.constant({ type: 'function', function: { name: 'n' } })), anything),
    other: anything,
  },
  { requiredKeys: ['model', 'messages'] },
);
const request = fc.record({ input: anything, context: anything }, { requiredKeys: [] });
const body = fc.oneof(
  fc.oneof(request, completion, conversation).map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array(),
  fc.constantFrom(
    '',
    null,
    '{',
    '['.repeat(100_000),
    '{"a":'.repeat(50_000),
    '"'.repeat(9),
    '\\"',
    '{"__proto__":{"input":"x"}}',
  ),
);

test('whatever comes is answered with an answer or a code, in the form of its protocol, and recorded once', async () => {
  const path = fc.constantFrom(
    '/invoke',
    '/v1/chat/completions',
    '/model/assistant/converse',
    '/invocations',
    '/model/%/converse',
    '/',
  );
  await fc.assert(
    fc.asyncProperty(
      path,
      body,
      fc.constantFrom('chat', 'data'),
      fc.constantFrom('application/json', 'text/csv', 'x'),
      async (path, body, takes, contentType) => {
        const outside = new Outside();
        const models = [outside.served(outside.model({}, { takes: takes as 'chat' }))];
        const reply = await outside.call({ path, body, contentType }, outside.ports({ models }));
        const code = reply.headers['x-palisade-code'];
        const said = await textOf(reply);
        expect(code === undefined ? outside.asked.length : 1).toBe(1);
        if (code !== undefined) {
          expect(code).toMatch(/^PALISADE-W0\d\d$/);
          expect(outside.reported).toEqual([]);
          if (path === '/v1/chat/completions' && reply.status !== 200) {
            expect(JSON.parse(said).error).toMatchObject({ message: expect.any(String), type: expect.any(String) });
          }
        } else {
          expect(reply.status).toBe(200);
        }
        expect(outside.records).toMatchObject([code ? { code } : { decision: 'answered' }]);
      },
    ),
    { numRuns: 400 },
  );
});

describe('the schema checker', () => {
  const ajv = new Ajv({ strict: false });

  test.each(SCHEMAS)('agrees with a validator of JSON Schema: %s', (_, schema) => {
    const fits = ajv.compile(schema);
    fc.assert(
      fc.property(fc.oneof(request, completion, conversation, fc.jsonValue()), (value) => {
        const json = JSON.parse(JSON.stringify(value));
        expect(misfit(json, schema) === undefined).toBe(fits(json));
      }),
      { numRuns: 300 },
    );
  });

  test('counts characters as JSON Schema does', () => {
    for (const value of ['𝒂'.repeat(3), 'abc', '𝒂𝒂', '𝒂', '', 'abcd', '𝒂'.repeat(4)]) {
      const schema = { type: 'string', minLength: 2, maxLength: 3 } as const;
      expect([value, misfit(value, schema) === undefined]).toEqual([value, ajv.validate(schema, value)]);
    }
  });

  test('every object says which fields it has', () => {
    const objects = (value: unknown): Schema[] =>
      value === null || typeof value !== 'object'
        ? []
        : [...((value as Schema).properties ? [value as Schema] : []), ...Object.values(value).flatMap(objects)];
    for (const [, schema] of SCHEMAS) {
      expect(objects(schema).filter(({ additionalProperties }) => additionalProperties !== false)).toEqual([]);
    }
  });

  test('says where something is wrong', () => {
    const wrong = { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 1 }] }] };
    expect(misfit(wrong, chatCompletionSchema(true))).toEqual({
      where: 'messages[0].content[0].text',
      problem: 'is no string',
    });
    const unknown = { ['x'.repeat(10_000)]: 1 };
    expect(misfit(unknown, REQUEST_SCHEMA)?.where).toHaveLength(40);
  });
});

test.each<[string, string, Partial<GatewayCall>]>([
  ['nested too deeply', 'PALISADE-W001', { body: `{"input":${'['.repeat(65)}${']'.repeat(65)}}` }],
  ['not UTF-8', 'PALISADE-W001', { body: new Uint8Array([0x22, 0xff]) }],
  ['too long', 'PALISADE-W011', { body: ' '.repeat(MAXIMUM_BODY + 1) }],
  ['of another type', 'PALISADE-W012', { contentType: 'text/plain' }],
  [
    'a conversation without anything to answer',
    'PALISADE-W002',
    openAi({ messages: [{ role: 'system', content: 'x' }] }),
  ],
  [
    'with arguments that are no object',
    'PALISADE-W002',
    openAi({
      messages: [
        { role: 'assistant', tool_calls: [{ id: 't', type: 'function', function: { name: 'n', arguments: '[' } }] },
      ],
    }),
  ],
  ['a picture', 'PALISADE-W002', converse(user([{ image: { format: 'png', source: { bytes: '' } } }]))],
  [
    'a document that is no text',
    'PALISADE-W019',
    converse(user([{ document: { name: 'd', format: 'txt', source: { bytes: '/w==' } } }])),
  ],
  [
    "the guardrail's work, done by the caller",
    'PALISADE-W002',
    converse(user([{ guardContent: { text: { text: 'fine' } } }, { text: 'x' }])),
  ],
  ['another guardrail', 'PALISADE-W002', converse({ ...user([{ text: 'x' }]), guardrailConfig: {} })],
  [
    'fields for the model alone',
    'PALISADE-W002',
    converse({ ...user([{ text: 'x' }]), additionalModelRequestFields: {} }),
  ],
  [
    'for a model of somebody else',
    'PALISADE-W014',
    { ...converse(user([{ text: 'x' }])), path: '/model/other/converse' },
  ],
  ['data, for a language model', 'PALISADE-W023', { path: '/invocations', contentType: 'text/csv', body: '1,2' }],
])('what is %s is refused: %s', async (_, code, call) => {
  const outside = new Outside();
  expect((await outside.call(call)).headers['x-palisade-code']).toBe(code);
  expect(outside.asked).toEqual([]);
});

test.each<[string, string, Partial<GatewayCall>]>([
  ['no JSON, though it says so', 'PALISADE-W001', { body: '{' }],
  ['no JSON on one line', 'PALISADE-W001', { contentType: 'application/jsonlines', body: '{}\n{\n' }],
  ['empty', 'PALISADE-W002', { contentType: 'text/csv', body: '' }],
  ['a picture', 'PALISADE-W012', { contentType: 'image/png' }],
])('of data, what is %s is refused: %s', async (_, code, call) => {
  const outside = new Outside();
  const models = [outside.served(outside.model({}, { takes: 'data' }))];
  const reply = await outside.call({ path: '/invocations', ...call }, outside.ports({ models }));
  expect([bodyOf(reply).code, reply.headers['x-amzn-errortype']]).toEqual([code, 'ValidationError']);
});

test('data passes as it came, byte for byte', async () => {
  const outside = new Outside();
  const models = [outside.served(outside.model({ text: '[1]', contentType: 'application/json' }, { takes: 'data' }))];
  const body = '{"x": 1.10, "y":\u00a01e400, "half": "½\u200b"}'.replace('\u00a0', ' ');
  const reply = await outside.call(
    { path: '/invocations', accept: 'application/json;q=1, */*', body },
    outside.ports({ models }),
  );
  expect(outside.asked).toEqual([{ kind: 'data', contentType: 'application/json', accept: 'application/json', body }]);
  expect([reply.body, reply.headers['content-type']]).toEqual(['[1]', 'application/json']);
});

test('the input of today is a question to a language model, and lines to a tabular one', async () => {
  const outside = new Outside();
  const body = JSON.stringify({ input: '1,2', context: 'page' });
  await outside.call({ body });
  await outside.call({ body }, outside.ports({ models: [outside.served(outside.model({}, { takes: 'data' }))] }));
  expect(outside.asked).toMatchObject([
    { turns: [{ role: 'user', parts: [{ provenance: 'document' }, { text: '1,2', provenance: 'user' }] }] },
    { kind: 'data', contentType: 'text/csv', body: '1,2' },
  ]);
});

test('turns of one role are one: models refuse them apart', async () => {
  const outside = new Outside();
  const tool = (id: string) => ({ role: 'tool', tool_call_id: id, content: id });
  await outside.call(
    openAi({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant' },
        tool('1'),
        tool('2'),
        { role: 'user', content: 'b' },
      ],
    }),
  );
  expect((outside.asked[0] as Chat).turns.map(({ role, parts }) => [role, parts.length])).toEqual([['user', 4]]);
});

test('what Bedrock would call blocked, Converse calls so', async () => {
  const reply = await new Outside().call(converse(user([{ text: 'ATTACK' }])));
  expect([reply.status, bodyOf(reply).stopReason, reply.headers['x-palisade-code']]).toEqual([
    200,
    'guardrail_intervened',
    'PALISADE-W003',
  ]);
});

test('every string of a JSON text is found, as a parser reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const found: string[] = [];
      const collect = (part: unknown): void => {
        if (typeof part === 'string') {
          found.push(part);
        } else if (part !== null && typeof part === 'object') {
          for (const [name, inner] of Object.entries(part)) {
            found.push(...(Array.isArray(part) ? [] : [name]));
            collect(inner);
          }
        }
      };
      collect(value);
      expect(stringsIn(JSON.stringify(value))).toEqual(found);
    }),
  );
});

test('there is one way in for each of the paths that API Gateway has', () => {
  expect(ROUTES.map(({ method, resource }) => `${method} ${resource}`)).toEqual([
    'POST /invoke',
    'POST /invocations',
    'POST /v1/chat/completions',
    'GET /v1/models',
    'POST /model/{modelId}/converse',
  ]);
  expect(CALL.path).toBe('/invoke');
});
