import type { InvokeCommand } from '@aws-sdk/client-lambda';
import { LedgerClient, recorder } from '../../../lambda/support/ledger-client';
import { eventOf } from '../../runtime/ledger/memory-store';

const WRITER = 'arn:aws:lambda:eu-west-1:111122223333:function:ledger:credit-scoring';
const RECEIPT = { sequence: 4, hash: 'ab'.repeat(32) };

function clientWith(answer: object) {
  const send = jest.fn(async (_command: InvokeCommand) => answer);
  return { send, client: new LedgerClient({ send: send as never }, WRITER) };
}

const payload = (value: unknown) => ({ Payload: Buffer.from(JSON.stringify(value)) });

test('asks the alias, waits, and gives what was stored', async () => {
  const { send, client } = clientWith(payload({ ...RECEIPT, more: 1 }));
  expect(await client.record(eventOf('a'))).toEqual(RECEIPT);
  const { FunctionName, InvocationType, Payload } = send.mock.calls[0][0].input;
  expect([FunctionName, InvocationType]).toEqual([WRITER, undefined]);
  expect(JSON.parse(Buffer.from(Payload as Uint8Array).toString())).toEqual(eventOf('a'));
});

test.each([
  [
    'an error of the function',
    { FunctionError: 'Unhandled', ...payload({ errorMessage: 'PALISADE-L014 stands for another event' }) },
  ],
  ['an error that looks like a receipt', { FunctionError: 'Unhandled', ...payload(RECEIPT) }],
  ['no answer', {}],
  ['an answer that is no receipt', payload({ sequence: '4', hash: 'a' })],
  ['an answer that is nothing', payload(null)],
])('%s is no receipt', async (_what, answer) => {
  await expect(clientWith(answer).client.record(eventOf('a'))).rejects.toMatchObject({
    code: 'PALISADE-L104',
    where: 'request a of credit-scoring',
  });
});

describe('the recorder of a function', () => {
  afterEach(() => {
    delete process.env.LEDGER_WRITER;
    delete process.env.STAGE;
  });
  const { system: _system, stage: _stage, ...own } = eventOf('a');

  test('speaks for the system of its alias, in the stage of its settings', async () => {
    Object.assign(process.env, { LEDGER_WRITER: WRITER, STAGE: 'prod' });
    const { send } = clientWith(payload(RECEIPT));
    expect(await recorder({ send: send as never })?.(own)).toEqual(RECEIPT);
    const { Payload } = send.mock.calls[0][0].input;
    expect(JSON.parse(Buffer.from(Payload as Uint8Array).toString())).toEqual({
      ...own,
      system: 'credit-scoring',
      stage: 'prod',
    });
  });

  test('is none where no ledger was named', () => {
    expect(recorder({ send: jest.fn() as never })).toBeUndefined();
  });
});
