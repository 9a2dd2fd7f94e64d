import * as fc from 'fast-check';
import {
  type InferenceRecord,
  MAXIMUM_SEALED,
  relaySealed,
  SEALED,
  type SealedPorts,
  type SealedRequest,
} from '../../../runtime/gateway';

const NONCE = 'ab'.repeat(32);
const CALLER = 'arn:aws:sts::111122223333:assumed-role/App/alice';

function gateway(overrides: Partial<SealedPorts> = {}) {
  const records: InferenceRecord[] = [];
  const asked: SealedRequest[] = [];
  const reported: unknown[] = [];
  const ports: SealedPorts = {
    model: 'prod-notes',
    ask: async (request) => {
      asked.push(request);
      return { status: 200, contentType: SEALED, body: new Uint8Array([9, 8, 7]) };
    },
    pseudonym: async () => 'someone',
    record: async (record) => {
      records.push(record);
    },
    report: (error) => reported.push(error),
    now: () => 1_800_000_000_000,
    ...overrides,
  };
  const call = (request: SealedRequest) => relaySealed({ requestId: 'r-1', caller: CALLER, request }, 'notes', ports);
  return { call, records, asked, reported };
}

const sealed = (body: Uint8Array, contentType: string = SEALED): SealedRequest => ({
  kind: 'invocation',
  contentType,
  body,
});
const codeOf = ({ body }: { body: Uint8Array }) => JSON.parse(new TextDecoder().decode(body)).code;

test('what is sealed passes unchanged both ways, and the record names it by hashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (body) => {
      const { call, records, asked } = gateway();
      expect(await call(sealed(body))).toEqual({ status: 200, contentType: SEALED, body: new Uint8Array([9, 8, 7]) });
      expect(asked).toEqual([sealed(body)]);
      expect(records).toEqual([
        expect.objectContaining({
          caller: 'someone',
          decision: 'answered',
          model: 'prod-notes',
          inputSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          outputSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        }),
      ]);
    }),
  );
});

test('an attestation is asked for with its nonce, and recorded', async () => {
  const { call, asked, records } = gateway();
  expect((await call({ kind: 'attestation', nonce: NONCE })).status).toBe(200);
  expect(asked).toEqual([{ kind: 'attestation', nonce: NONCE }]);
  expect(records[0]).not.toHaveProperty('inputSha256');
});

test.each<[string, SealedRequest, number, string]>([
  ['plain text', sealed(new TextEncoder().encode('{"input":"secret"}'), 'application/json'), 415, 'PALISADE-W008'],
  ['an empty body', sealed(new Uint8Array()), 415, 'PALISADE-W008'],
  ['a body that is too long', sealed(new Uint8Array(MAXIMUM_SEALED + 1)), 413, 'PALISADE-W009'],
  ['a nonce that is none', { kind: 'attestation', nonce: '../health' }, 400, 'PALISADE-W008'],
  ['no nonce', { kind: 'attestation', nonce: '' }, 400, 'PALISADE-W008'],
])('%s never reaches the enclave, and is recorded', async (_name, request, status, code) => {
  const { call, asked, records } = gateway();
  const answer = await call(request);
  expect(answer.status).toBe(status);
  expect(codeOf(answer)).toBe(code);
  expect(asked).toEqual([]);
  expect(records).toEqual([expect.objectContaining({ decision: 'refused', code })]);
});

test('an error of the enclave reaches the client as it is: it may have to attest again', async () => {
  const body = new TextEncoder().encode('{"code":"PALISADE-E000"}');
  const { call, records } = gateway({ ask: async () => ({ status: 409, contentType: 'application/json', body }) });
  expect(await call(sealed(new Uint8Array([1])))).toEqual({ status: 409, contentType: 'application/json', body });
  expect(records[0]).toMatchObject({ decision: 'failed' });
});

test.each([
  ['10.0.1.5', '10.0.1.5'],
  ['10.0.1.5\r\nset-cookie: x', undefined],
  ['a'.repeat(129), undefined],
  ['', undefined],
])('of an answer, the route %j reaches the client as %j', async (said, route) => {
  const body = new Uint8Array([1]);
  const { call } = gateway({ ask: async () => ({ status: 200, contentType: SEALED, body, route: said }) });
  expect((await call({ kind: 'attestation', nonce: NONCE })).route).toBe(route);
});

test.each([
  ['a blank', '10.0.1.5 x'],
  ['nothing', ''],
  ['129 characters', 'a'.repeat(129)],
])('a request with a route of %s goes nowhere', async (_name, route) => {
  const { call, asked } = gateway();
  const answer = await call({ ...sealed(new Uint8Array([1])), route });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'PALISADE-W008']);
  expect(asked).toEqual([]);
});

test('an answer of the longest length passes, and of one byte more it is refused whole', async () => {
  const answered = (length: number) =>
    gateway({ ask: async () => ({ status: 200, contentType: SEALED, body: new Uint8Array(length) }) });
  expect((await answered(MAXIMUM_SEALED).call(sealed(new Uint8Array([1])))).status).toBe(200);
  const { call, records } = answered(MAXIMUM_SEALED + 1);
  const answer = await call(sealed(new Uint8Array([1])));
  expect([answer.status, codeOf(answer)]).toEqual([502, 'PALISADE-W009']);
  expect(records[0]).toMatchObject({ decision: 'failed', code: 'PALISADE-W009' });
  expect(records[0]).not.toHaveProperty('outputSha256');
});

test('an enclave that does not answer is a failure of the gateway', async () => {
  const gone = new Error('connection refused');
  const { call, records, reported } = gateway({ ask: () => Promise.reject(gone) });
  const answer = await call(sealed(new Uint8Array([1])));
  expect([answer.status, codeOf(answer)]).toEqual([502, 'PALISADE-W006']);
  expect(reported).toEqual([gone]);
  expect(records[0]).toMatchObject({ decision: 'failed', code: 'PALISADE-W006' });
});

test('without a record there is no answer', async () => {
  const { call } = gateway({ record: () => Promise.reject(new Error('full')) });
  const answer = await call(sealed(new Uint8Array([1])));
  expect([answer.status, codeOf(answer)]).toEqual([500, 'PALISADE-W007']);
});
