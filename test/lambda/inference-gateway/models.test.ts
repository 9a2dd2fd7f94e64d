import * as bedrockSdk from '@aws-sdk/client-bedrock-runtime';
import * as sageMakerSdk from '@aws-sdk/client-sagemaker-runtime';
import { bedrockGuardrail, bedrockModel } from '../../../lambda/inference-gateway/bedrock';
import { sageMakerModel } from '../../../lambda/inference-gateway/sagemaker';
import type { AnswerEvent, Chat, Data, Part, Side } from '../../../runtime/gateway';

const GUARDRAIL = { identifier: 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/g', version: '3' };
const MASKED = { sensitiveInformationPolicy: { piiEntities: [{ action: 'ANONYMIZED' }] } };
const BLOCKED = { contentPolicy: { filters: [{ action: 'BLOCKED' }] } };
const SIGNAL = new AbortController().signal;

const chat = (parts: Part[], more: Partial<Chat> = {}): Chat => ({
  kind: 'chat',
  system: [],
  turns: [{ role: 'user', parts }],
  maximumTokens: 10,
  ...more,
});
const user = (text: string): Part => ({ kind: 'text', text, provenance: 'user' });
const document = (text: string): Part => ({ kind: 'text', text, provenance: 'document' });
const QUESTION = chat([user('question')]);

/** A client that gives one answer, or fails, and keeps what it was asked. */
function clientOf(answer: unknown) {
  const asked: Record<string, unknown>[] = [];
  const signals: unknown[] = [];
  const client = {
    send: async (command: { input: Record<string, unknown> }, options: { abortSignal: unknown }) => {
      asked.push(command.input);
      signals.push(options.abortSignal);
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  };
  return { client, asked, signals };
}

const answered = (stopReason: string, guardrail?: unknown) => ({
  output: { message: { content: [{ text: 'an' }, { text: 'swer' }] } },
  stopReason,
  trace: { guardrail },
});

function bedrock(answer: unknown) {
  const { client, ...rest } = clientOf(answer);
  const loaded = async () => ({ client: client as never, sdk: bedrockSdk });
  return { model: bedrockModel(loaded, { modelId: 'm', guardrail: GUARDRAIL }), ...rest };
}

const failure = (name: string, more = {}) => Object.assign(new Error(name), { name, ...more });

describe('a Bedrock model', () => {
  test('is called with its guardrail, a limit and a deadline', async () => {
    const { model, asked, signals } = bedrock(answered('end_turn'));
    expect(await model.invoke(QUESTION, SIGNAL)).toMatchObject({ text: 'answer', finish: 'stop', toolCalls: [] });
    expect(asked).toEqual([
      {
        modelId: 'm',
        messages: [{ role: 'user', content: [{ text: 'question' }] }],
        inferenceConfig: { maxTokens: 10 },
        guardrailConfig: {
          guardrailIdentifier: GUARDRAIL.identifier,
          guardrailVersion: GUARDRAIL.version,
          trace: 'enabled',
        },
      },
    ]);
    expect(signals).toEqual([SIGNAL]);
  });

  test('with a document, both texts are guarded by every policy, not by grounding alone', async () => {
    const { model, asked } = bedrock(answered('end_turn'));
    await model.invoke(chat([document('source'), user('question')]), SIGNAL);
    expect(asked[0].messages).toEqual([
      {
        role: 'user',
        content: [
          { guardContent: { text: { text: 'source', qualifiers: ['grounding_source', 'guard_content'] } } },
          { guardContent: { text: { text: 'question', qualifiers: ['query', 'guard_content'] } } },
        ],
      },
    ]);
  });

  const CALL: Part = { kind: 'tool-call', id: 't1', name: 'pay', input: { to: 'me' } };
  const RESULT: Part = { kind: 'tool-result', id: 't1', text: 'done', failed: true };

  test('tools, calls and results go as Bedrock has them', async () => {
    const { model, asked } = bedrock(answered('end_turn'));
    const tools = [{ name: 'pay', parameters: { type: 'object' } }];
    await model.invoke(chat([CALL, RESULT], { tools, toolChoice: 'any', temperature: 0, system: ['be kind'] }), SIGNAL);
    expect(asked[0]).toMatchObject({
      system: [{ text: 'be kind' }],
      inferenceConfig: { temperature: 0 },
      messages: [
        {
          content: [
            { toolUse: { toolUseId: 't1', name: 'pay', input: { to: 'me' } } },
            { toolResult: { toolUseId: 't1', content: [{ text: 'done' }], status: 'error' } },
          ],
        },
      ],
      toolConfig: {
        tools: [{ toolSpec: { name: 'pay', inputSchema: { json: { type: 'object' } } } }],
        toolChoice: { any: {} },
      },
    });
  });

  test('calls and results are told as texts once the tools are taken away', async () => {
    const { model, asked } = bedrock(answered('end_turn'));
    await model.invoke(chat([CALL, RESULT]), SIGNAL);
    expect(asked[0].messages).toEqual([{ role: 'user', content: [{ text: 'pay {"to":"me"}' }, { text: 'done' }] }]);
    expect(asked[0]).not.toHaveProperty('toolConfig');
  });

  test('what it wishes called, and what it used, is told', async () => {
    const { model } = bedrock({
      output: { message: { content: [{ toolUse: { toolUseId: 't', name: 'pay', input: { to: 'me' } } }] } },
      stopReason: 'tool_use',
      usage: { inputTokens: 3, outputTokens: 4 },
    });
    expect(await model.invoke(QUESTION, SIGNAL)).toEqual({
      text: '',
      toolCalls: [{ kind: 'tool-call', id: 't', name: 'pay', input: { to: 'me' } }],
      finish: 'tool-calls',
      usage: { inputTokens: 3, outputTokens: 4 },
    });
  });

  test.each<[Side | undefined, unknown]>([
    [undefined, { outputAssessments: { g: [MASKED] } }],
    [undefined, { inputAssessment: { g: MASKED } }],
    ['OUTPUT', { inputAssessment: { g: MASKED }, outputAssessments: { g: [BLOCKED] } }],
    ['INPUT', { inputAssessment: { g: BLOCKED } }],
    ['OUTPUT', { inputAssessment: { g: {} } }],
    ['OUTPUT', undefined],
  ])('an intervention blocks: %p for %j', async (blocked, guardrail) => {
    const { model } = bedrock(answered('guardrail_intervened', guardrail));
    expect((await model.invoke(QUESTION, SIGNAL)).blocked).toBe(blocked);
  });

  test('an answer without text is empty', async () => {
    expect(await bedrock({}).model.invoke(QUESTION, SIGNAL)).toMatchObject({ text: '' });
  });

  test.each([
    ['ValidationException', 'ModelRejected'],
    ['ThrottlingException', 'ThrottlingException'],
    ['AccessDeniedException', 'AccessDeniedException'],
  ])('%s is %s', async (name, seen) => {
    await expect(bedrock(failure(name)).model.invoke(QUESTION, SIGNAL)).rejects.toMatchObject({ name: seen });
  });

  async function streamed(events: unknown[]) {
    const { model, asked } = bedrock({
      stream: (async function* () {
        yield* events;
      })(),
    });
    const got: AnswerEvent[] = [];
    for await (const event of model.stream?.(QUESTION, SIGNAL) ?? []) {
      got.push(event);
    }
    return { got, asked };
  }

  test('streams words as they come, and tool calls whole, held back by its guardrail', async () => {
    const { got, asked } = await streamed([
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { text: 'an' } } },
      { contentBlockDelta: { delta: { text: 'swer' } } },
      { contentBlockStop: {} },
      { contentBlockStart: { start: { toolUse: { toolUseId: 't', name: 'pay' } } } },
      { contentBlockDelta: { delta: { toolUse: { input: '{"to":' } } } },
      { contentBlockDelta: { delta: { toolUse: { input: '"me"}' } } } },
      { contentBlockStop: {} },
      { messageStop: { stopReason: 'tool_use' } },
      { metadata: { usage: { inputTokens: 1, outputTokens: 2 } } },
    ]);
    expect(got).toEqual([
      { kind: 'text', text: 'an' },
      { kind: 'text', text: 'swer' },
      { kind: 'tool-call', call: { kind: 'tool-call', id: 't', name: 'pay', input: { to: 'me' } } },
      { kind: 'end', finish: 'tool-calls', usage: { inputTokens: 1, outputTokens: 2 } },
    ]);
    expect(asked[0].guardrailConfig).toMatchObject({ streamProcessingMode: 'sync', trace: 'enabled' });
  });

  test('a stream that the guardrail stopped says so at its end', async () => {
    const { got } = await streamed([
      { messageStop: { stopReason: 'guardrail_intervened' } },
      { metadata: { trace: { guardrail: { outputAssessments: { g: [BLOCKED] } } } } },
    ]);
    expect(got).toEqual([{ kind: 'end', finish: 'stop', blocked: 'OUTPUT' }]);
  });

  test('a stream that breaks off is no answer', async () => {
    await expect(streamed([{ contentBlockDelta: { delta: { text: 'an' } } }])).rejects.toThrow('no end');
  });
});

describe('a guardrail by itself', () => {
  const guardrail = (answer: unknown) => {
    const { client, ...rest } = clientOf(answer);
    return {
      subject: bedrockGuardrail(async () => ({ client: client as never, sdk: bedrockSdk }), GUARDRAIL),
      ...rest,
    };
  };

  test('passes what it has nothing against', async () => {
    const { subject, asked, signals } = guardrail({ action: 'NONE', outputs: [] });
    expect(await subject.apply('INPUT', 'text')).toEqual({ blocked: false, text: 'text' });
    expect(asked).toEqual([
      {
        guardrailIdentifier: GUARDRAIL.identifier,
        guardrailVersion: '3',
        source: 'INPUT',
        content: [{ text: { text: 'text' } }],
      },
    ]);
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  const outputs = [{ text: '{EMAIL}' }];
  test.each<[object, unknown]>([
    [
      { blocked: false, text: '{EMAIL}' },
      { action: 'GUARDRAIL_INTERVENED', outputs, assessments: [MASKED] },
    ],
    [{ blocked: true }, { action: 'GUARDRAIL_INTERVENED', outputs, assessments: [MASKED, BLOCKED] }],
    [{ blocked: true }, { action: 'GUARDRAIL_INTERVENED', outputs }],
    [{ blocked: true }, { action: 'GUARDRAIL_INTERVENED', outputs: [], assessments: [MASKED] }],
    [{ blocked: true }, {}],
  ])('says %j for %j', async (expected, answer) => {
    expect(await guardrail(answer).subject.apply('OUTPUT', 'a@b.example')).toMatchObject(expected);
  });

  test('a text that it did not read to the end is not passed', async () => {
    const { subject } = guardrail({
      action: 'NONE',
      guardrailCoverage: { textCharacters: { guarded: 3, total: 4 } },
    });
    await expect(subject.apply('INPUT', 'text')).rejects.toThrow('3 of 4 characters');
  });
});

describe('a SageMaker endpoint', () => {
  const DATA: Data = { kind: 'data', contentType: 'text/csv', accept: 'text/csv', body: '1,2' };
  const endpoint = (answer: unknown) => {
    const { client, ...rest } = clientOf(answer);
    return {
      model: sageMakerModel(async () => ({ client: client as never, sdk: sageMakerSdk }), 'dev-scoring'),
      ...rest,
    };
  };

  test('gets the lines and answers lines', async () => {
    const { model, asked, signals } = endpoint({ Body: Buffer.from('0.7\n'), ContentType: 'text/csv' });
    expect(await model.invoke(DATA, SIGNAL)).toEqual({ text: '0.7\n', contentType: 'text/csv' });
    expect(asked).toEqual([{ EndpointName: 'dev-scoring', Body: '1,2', ContentType: 'text/csv', Accept: 'text/csv' }]);
    expect(signals).toEqual([SIGNAL]);
  });

  test.each([
    [failure('ModelError', { OriginalStatusCode: 400 }), 'ModelRejected'],
    [failure('ModelError', { OriginalStatusCode: 500 }), 'ModelError'],
    [failure('ModelError', { OriginalStatusCode: 429 }), 'ModelError'],
    [failure('ThrottlingException'), 'ThrottlingException'],
  ])('%p is %s', async (error, name) => {
    await expect(endpoint(error).model.invoke(DATA, SIGNAL)).rejects.toMatchObject({ name });
  });

  test('takes no conversations', async () => {
    await expect(endpoint({}).model.invoke(QUESTION, SIGNAL)).rejects.toMatchObject({ name: 'ModelRejected' });
  });
});
