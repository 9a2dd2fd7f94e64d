import { createPublicKey, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { ReceiptIssuer, readReceipt, receiptText, verifyReceipt } from '../../../runtime/receipt';
import { exchange, MODEL, NOW, PCR0, REQUEST, RESPONSE, SYSTEM, sha256 } from './exchange';

let made: Awaited<ReturnType<typeof exchange>>;
beforeAll(async () => {
  made = await exchange();
});

const code = (step: string) => expect.objectContaining({ code: `PALISADE-${step}` });

test('a receipt says who answered what, and when', async () => {
  const { receipt, document, attestation, response } = made;
  expect(response).toBe(RESPONSE);
  expect(receipt.statement).toEqual({
    format: 'palisade-receipt/1',
    system: SYSTEM,
    model: MODEL,
    pcr0: PCR0,
    attestation: sha256(document),
    requestId: '05'.repeat(16),
    time: new Date(NOW + 2000).toISOString(),
    request: { method: 'POST', path: '/invocations', sha256: sha256(REQUEST) },
    response: { status: 200, sha256: sha256(RESPONSE) },
  });
  const expected = {
    document,
    attestation,
    requestId: '05'.repeat(16),
    request: { method: 'POST', path: '/invocations', sha256: sha256(REQUEST) },
    response: { status: 200, sha256: sha256(RESPONSE) },
  };
  await expect(verifyReceipt(receipt, expected)).resolves.toBeUndefined();
});

test('anybody can verify it with Ed25519 and canonical JSON alone', () => {
  const { signature, statement } = JSON.parse(made.text);
  const { receiptKey } = JSON.parse(Buffer.from(made.attestation.userData ?? []).toString());
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: receiptKey }, format: 'jwk' });
  // The statement's members are in order already.
  expect(verify(null, Buffer.from(JSON.stringify(statement)), key, Buffer.from(signature, 'base64url'))).toBe(true);
});

test.each([
  ['question', { request: { sha256: sha256('another') } }, 'E254'],
  ['path', { request: { path: '/another' } }, 'E254'],
  ['answer', { response: { sha256: sha256('another') } }, 'E255'],
  ['status', { response: { status: 500 } }, 'E255'],
  ['request id', { requestId: '06'.repeat(16) }, 'E254'],
])('it does not hold for another %s', async (_name, expected, step) => {
  const { receipt, document, attestation } = made;
  await expect(verifyReceipt(receipt, { document, attestation, ...expected })).rejects.toEqual(code(step));
});

test('it does not hold with the document of another boot', async () => {
  const { document, attestation } = await exchange();
  await expect(verifyReceipt(made.receipt, { document, attestation })).rejects.toEqual(code('E251'));
});

test('it does not hold with another document of the same boot', async () => {
  const { receipt, document, attestation } = await exchange({ attestation: sha256('another document') });
  await expect(verifyReceipt(receipt, { document, attestation })).rejects.toEqual(code('E252'));
});

test.each([
  ['system', { system: 'another' }],
  ['model', { model: 'cd'.repeat(32) }],
])('it does not hold where the document names another %s', async (_name, identity) => {
  const { receipt, document, attestation } = await exchange({ identity });
  await expect(verifyReceipt(receipt, { document, attestation })).rejects.toEqual(code('E253'));
});

test('it does not hold where the document has another measurement', async () => {
  const { receipt, document, attestation } = made;
  const pcrs = new Map([...attestation.pcrs, [0, new Uint8Array(48).fill(1)]]);
  await expect(verifyReceipt(receipt, { document, attestation: { ...attestation, pcrs } })).rejects.toEqual(
    code('E253'),
  );
});

test('a document without an identity vouches for no receipt', async () => {
  const { receipt, document, attestation } = made;
  const expected = { document, attestation: { ...attestation, userData: undefined } };
  await expect(verifyReceipt(receipt, expected)).rejects.toEqual(code('E212'));
});

test('a receipt has one text, and no other text holds', async () => {
  const { text, receipt, document, attestation } = made;
  expect(receiptText(receipt)).toBe(text);
  const change = fc.record({ at: fc.nat(text.length - 1), by: fc.integer({ min: 32, max: 126 }) });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, by }) => {
      const changed = text.slice(0, at) + String.fromCharCode(by) + text.slice(at + 1);
      fc.pre(changed !== text);
      const judged = Promise.resolve(changed).then((altered) =>
        verifyReceipt(readReceipt(altered), { document, attestation }),
      );
      await expect(judged).rejects.toMatchObject({ code: expect.stringMatching(/^PALISADE-E25[01]$/) });
    }),
    { numRuns: 500 },
  );
});

test('bits that base64 leaves unused cannot be set', () => {
  const { statement, signature } = made.receipt;
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(signature[85]);
  const other = signature.slice(0, 85) + 'BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[last];
  expect(() => readReceipt(receiptText({ statement, signature: other }))).toThrow(code('E250'));
});

test.each(['', '{}', 'null', '[]', '{"signature":"","statement":{}}'])('%p is no receipt', (text) => {
  expect(() => readReceipt(text)).toThrow(code('E250'));
});

test('who asks for no receipt gets none', async () => {
  const issuer = await ReceiptIssuer.create({ system: SYSTEM, model: MODEL, pcr0: PCR0 });
  async function* nothing() {}
  const asked = { requestId: new Uint8Array(16), head: { method: 'POST', path: '/' }, body: new Uint8Array() };
  expect(await issuer.witness(asked, { status: 200, body: nothing() }, () => NOW).end()).toEqual(new Uint8Array());
});
