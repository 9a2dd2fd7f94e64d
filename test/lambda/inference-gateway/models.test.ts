import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { bedrockModel, guardrailScreen } from '../../../lambda/inference-gateway/bedrock';
import { sageMakerModel } from '../../../lambda/inference-gateway/sagemaker';
import type { Side } from '../../../runtime/gateway';

const GUARDRAIL = { identifier: 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/g', version: '3' };
const MASKED = { sensitiveInformationPolicy: { piiEntities: [{ action: 'ANONYMIZED' }] } };
const BLOCKED = { contentPolicy: { filters: [{ action: 'BLOCKED' }] } };
const REQUEST = { input: 'question' };

/** A client that gives one answer and keeps what it was asked. */
function clientOf<Client>(answer: unknown): { client: Client; asked: Record<string, unknown>[]; signals: unknown[] } {
  const asked: Record<string, unknown>[] = [];
  const signals: unknown[] = [];
  const client = {
    send: async (command: { input: Record<string, unknown> }, options: { abortSignal: unknown }) => {
      asked.push(command.input);
      signals.push(options.abortSignal);
      return answer;
    },
  };
  return { client: client as Client, asked, signals };
}

const answered = (stopReason: string, guardrail?: unknown) => ({
  output: { message: { content: [{ text: 'an' }, { text: 'swer' }] } },
  stopReason,
  trace: { guardrail },
});

function bedrock(answer: unknown) {
  const { client, ...rest } = clientOf<BedrockRuntimeClient>(answer);
  return { model: bedrockModel(client, { modelId: 'm', guardrail: GUARDRAIL, maximumTokens: 10 }), ...rest };
}

describe('a Bedrock model', () => {
  test('is called with its guardrail, a limit and a deadline', async () => {
    const { model, asked, signals } = bedrock(answered('end_turn'));
    expect(await model.invoke(REQUEST)).toEqual({ output: 'answer' });
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
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  test('with a context, both texts are guarded by every policy, not by grounding alone', async () => {
    const { model, asked } = bedrock(answered('end_turn'));
    await model.invoke({ input: 'question', context: 'source' });
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

  test.each<[Side | undefined, unknown]>([
    [undefined, { outputAssessments: { g: [MASKED] } }],
    [undefined, { inputAssessment: { g: MASKED } }],
    ['OUTPUT', { inputAssessment: { g: MASKED }, outputAssessments: { g: [BLOCKED] } }],
    ['INPUT', { inputAssessment: { g: BLOCKED } }],
    ['OUTPUT', { inputAssessment: { g: {} } }],
    ['OUTPUT', undefined],
  ])('an intervention blocks: %p for %j', async (blocked, guardrail) => {
    const { model } = bedrock(answered('guardrail_intervened', guardrail));
    expect(await model.invoke(REQUEST)).toEqual({ output: 'answer', blocked });
  });

  test('an answer without text is empty', async () => {
    expect(await bedrock({}).model.invoke(REQUEST)).toEqual({ output: '' });
  });
});

describe('a guardrail as a screen', () => {
  const screen = (answer: unknown) => {
    const { client, ...rest } = clientOf<BedrockRuntimeClient>(answer);
    return { screen: guardrailScreen(client, GUARDRAIL), ...rest };
  };

  test('passes what it has nothing against', async () => {
    const { screen: subject, asked, signals } = screen({ action: 'NONE', outputs: [] });
    expect(await subject.apply('INPUT', 'text', REQUEST)).toEqual({ blocked: false, text: 'text' });
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
    expect(await screen(answer).screen.apply('OUTPUT', 'a@b.example', REQUEST)).toMatchObject(expected);
  });

  test('a text that it did not read to the end is not passed', async () => {
    const { screen: subject } = screen({
      action: 'NONE',
      guardrailCoverage: { textCharacters: { guarded: 3, total: 4 } },
    });
    await expect(subject.apply('INPUT', 'text', REQUEST)).rejects.toThrow('3 of 4 characters');
  });
});

test('a SageMaker endpoint gets the lines and answers lines', async () => {
  const { client, asked, signals } = clientOf<SageMakerRuntimeClient>({ Body: Buffer.from('0.7\n') });
  const model = sageMakerModel(client, 'dev-scoring');
  expect(await model.invoke({ input: '1,2', context: 'ignored' })).toEqual({ output: '0.7\n' });
  expect(asked).toEqual([{ EndpointName: 'dev-scoring', Body: '1,2', ContentType: 'text/csv', Accept: 'text/csv' }]);
  expect(signals).toEqual([expect.any(AbortSignal)]);
});
