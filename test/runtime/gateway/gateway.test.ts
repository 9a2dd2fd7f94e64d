import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import {
  answerCall,
  type GatewayPorts,
  type InferenceRecord,
  type Model,
  type Screen,
  type Side,
} from '../../../runtime/gateway';

const CALL = {
  requestId: 'r-1',
  caller: 'arn:aws:sts::111122223333:assumed-role/App/session',
  body: '{"input":"question"}',
};
const SECRET = 'table credit_scores not found';

class Outside {
  readonly records: InferenceRecord[] = [];
  readonly reported: unknown[] = [];
  readonly asked: string[] = [];

  ports(other: Partial<GatewayPorts> = {}): GatewayPorts {
    return {
      model: this.model('answer'),
      pseudonym: async () => 'someone',
      record: async (record) => {
        this.records.push(record);
      },
      report: (error) => {
        this.reported.push(error);
      },
      now: () => 1_764_000_000_000,
      ...other,
    };
  }

  model(output: string, blocked?: Side): Model {
    return {
      name: 'model-1',
      invoke: async ({ input }) => {
        this.asked.push(input);
        return { output, blocked };
      },
    };
  }
}

const passing: Screen = { apply: async (_, text) => ({ blocked: false, text }) };
const blocking = (at: string): Screen => ({ apply: async (source, text) => ({ blocked: source === at, text }) });
const failing = async (): Promise<never> => {
  throw new Error(SECRET);
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('answers, and records who, what was decided and hashes', async () => {
  const outside = new Outside();
  expect(await answerCall(CALL, 'assistant', outside.ports())).toEqual({ status: 200, body: { output: 'answer' } });
  expect(outside.records).toEqual([
    {
      requestId: 'r-1',
      system: 'assistant',
      caller: 'someone',
      model: 'model-1',
      time: '2025-11-24T16:00:00.000Z',
      decision: 'answered',
      inputSha256: sha256('question'),
      outputSha256: sha256('answer'),
      milliseconds: 0,
    },
  ]);
});

test('masking reaches the model and the caller', async () => {
  const outside = new Outside();
  const masking: Screen = { apply: async (source, text) => ({ blocked: false, text: `${source} ${text}` }) };
  const answer = await answerCall(CALL, 'assistant', outside.ports({ screen: masking }));
  expect(outside.asked).toEqual(['INPUT question']);
  expect(answer.body).toEqual({ output: 'OUTPUT answer' });
});

test('a blocked input never reaches the model', async () => {
  const outside = new Outside();
  const answer = await answerCall(CALL, 'assistant', outside.ports({ screen: blocking('INPUT') }));
  expect(answer).toMatchObject({ status: 422, body: { code: 'PALISADE-W003' } });
  expect(outside.asked).toEqual([]);
  expect(outside.records).toMatchObject([{ decision: 'input-blocked', code: 'PALISADE-W003' }]);
});

test.each<[string, (outside: Outside) => Partial<GatewayPorts>]>([
  ['by the screen', () => ({ screen: blocking('OUTPUT') })],
  ["by the model's own guardrail", (outside) => ({ model: outside.model('answer', 'OUTPUT') })],
])('a blocked output is not given: %s', async (_, ports) => {
  const outside = new Outside();
  const answer = await answerCall(CALL, 'assistant', outside.ports(ports(outside)));
  expect(answer).toMatchObject({ status: 422, body: { code: 'PALISADE-W004' } });
  expect(outside.records).toMatchObject([{ decision: 'output-blocked', outputSha256: sha256('answer') }]);
});

test("an input that the model's own guardrail stopped is told and recorded as such, without an output", async () => {
  const outside = new Outside();
  const answer = await answerCall(CALL, 'assistant', outside.ports({ model: outside.model('message', 'INPUT') }));
  expect(answer).toMatchObject({ status: 422, body: { code: 'PALISADE-W003' } });
  expect(outside.records).toMatchObject([{ decision: 'input-blocked', code: 'PALISADE-W003' }]);
  expect(outside.records[0]).not.toHaveProperty('outputSha256');
});

test('without an approved model it answers 503, and records that', async () => {
  const outside = new Outside();
  const answer = await answerCall(CALL, 'assistant', outside.ports({ model: undefined }));
  expect(answer).toMatchObject({ status: 503, body: { code: 'PALISADE-W005' } });
  expect(outside.records).toMatchObject([{ decision: 'refused', code: 'PALISADE-W005' }]);
});

test.each<[string, Partial<GatewayPorts>]>([
  ['the model', { model: { name: 'model-1', invoke: failing } }],
  ['the screen', { screen: { apply: failing } }],
])('when %s fails, the operator learns why and the caller does not', async (_, ports) => {
  const outside = new Outside();
  const answer = await answerCall(CALL, 'assistant', outside.ports(ports));
  expect(answer).toMatchObject({ status: 502, body: { code: 'PALISADE-W006' } });
  expect(JSON.stringify(answer)).not.toContain(SECRET);
  expect(outside.reported).toEqual([new Error(SECRET)]);
  expect(outside.records).toMatchObject([{ decision: 'failed' }]);
});

test.each<[string, Partial<GatewayPorts>]>([
  ['record', { record: failing }],
  ['pseudonym', { pseudonym: failing }],
])('no answer without a %s', async (_, ports) => {
  const outside = new Outside();
  const answer = await answerCall(CALL, 'assistant', outside.ports(ports));
  expect(answer).toEqual({
    status: 500,
    body: { code: 'PALISADE-W007', message: 'the call could not be recorded' },
  });
});

test('a call that is not a request is refused and recorded', async () => {
  const outside = new Outside();
  const answer = await answerCall({ ...CALL, body: '{' }, 'assistant', outside.ports());
  expect(answer).toMatchObject({ status: 400, body: { code: 'PALISADE-W001' } });
  expect(outside.records).toMatchObject([{ decision: 'refused', code: 'PALISADE-W001' }]);
});

test('whatever happens: it never rejects, an output is never given unless recorded, and no text is recorded', async () => {
  const happening = fc.record({
    body: fc.oneof(
      fc.json(),
      fc.string({ minLength: 8 }).map((input) => JSON.stringify({ input })),
    ),
    screen: fc.constantFrom(undefined, passing, blocking('INPUT'), blocking('OUTPUT'), { apply: failing }),
    fails: fc.subarray(['model', 'record', 'pseudonym'] as const),
    output: fc.string({ minLength: 8 }).map((text) => `out:${text}`),
    blocked: fc.constantFrom<Side | undefined>(undefined, 'INPUT', 'OUTPUT'),
  });
  await fc.assert(
    fc.asyncProperty(happening, async ({ body, screen, fails, output, blocked }) => {
      const outside = new Outside();
      const ports = outside.ports({
        screen,
        model: fails.includes('model') ? { name: 'model-1', invoke: failing } : outside.model(output, blocked),
        ...(fails.includes('record') && { record: failing }),
        ...(fails.includes('pseudonym') && { pseudonym: failing }),
      });
      const answer = await answerCall({ ...CALL, body }, 'assistant', ports);
      if (answer.status === 200) {
        expect(blocked).toBeUndefined();
        expect(outside.records).toMatchObject([{ decision: 'answered', outputSha256: sha256(output) }]);
      } else {
        expect(JSON.stringify(answer)).not.toContain(output);
        expect(answer.body).toMatchObject({ code: expect.stringMatching(/^PALISADE-W00[1-7]$/) });
      }
      expect(JSON.stringify(outside.records)).not.toContain(JSON.stringify(output).slice(1, -1));
    }),
  );
});
