import * as fc from 'fast-check';
import { fromBase64url, fromHex, identityOf, toBase64url, toHex, userDataOf } from '../../../runtime/enclave-channel';

const receiptKey = new Uint8Array(32).fill(7);
const publicKey = new Uint8Array(32).fill(9);
const FIELDS = { system: 'clinical-notes', model: 'ab'.repeat(32), receiptKey };
const E212 = expect.objectContaining({ code: 'PALISADE-E212' });
const text = new TextDecoder().decode(userDataOf(FIELDS));

test('what an enclave says of itself is read by its client, and fits into a document', () => {
  expect(identityOf({ publicKey, userData: userDataOf(FIELDS) })).toEqual({ ...FIELDS, publicKey });
  expect(userDataOf({ ...FIELDS, system: 'x'.repeat(128) }).length).toBeLessThanOrEqual(512);
});

test.each([
  ['no user data', { userData: undefined }],
  ['no public key', { publicKey: undefined }],
  ['a public key of another kind', { publicKey: new Uint8Array(65) }],
  ['another version', { userData: text.replace('"v":1', '"v":2') }],
  ['a member more', { userData: text.replace('"v":1', '"v":1,"w":1') }],
  ['white space', { userData: ` ${text}` }],
  ['a short receipt key', { userData: text.replace(/"receiptKey":"../, '"receiptKey":"') }],
  ['a model that is no digest', { userData: text.replace('abab', 'ABAB') }],
])('%s is no identity', (_name, change) => {
  const changed = { publicKey, userData: text, ...change } as { publicKey?: Uint8Array; userData?: string };
  const userData = changed.userData === undefined ? undefined : new TextEncoder().encode(changed.userData);
  expect(() => identityOf({ publicKey: changed.publicKey, userData })).toThrow(E212);
});

test('an enclave cannot say what its clients would not read', () => {
  expect(() => userDataOf({ ...FIELDS, system: 'two words' })).toThrow(E212);
  expect(() => userDataOf({ ...FIELDS, model: '' })).toThrow(E212);
});

test('bytes have one text, in hexadecimal and in base64url', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    }),
  );
  for (const wrong of ['A', 'AB', 'AA==', 'A A', '+/']) {
    expect(() => fromBase64url(wrong)).toThrow(TypeError);
  }
  expect(() => fromHex('abc')).toThrow(TypeError);
});
