import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { openBodies, parseSealedBodies, type SealedBodies, sealBodies } from '../../../runtime/gateway';

const KEY = { plaintext: new Uint8Array(randomBytes(32)), wrapped: new Uint8Array([1]), keyId: 'arn:key' };
const ABOUT = { system: 'notes', requestId: 'r-1', time: '2025-11-24T16:00:00.000Z' };
const seal = (texts: Record<string, string>, about = ABOUT) => sealBodies(about, texts, KEY, randomBytes);

test('what is sealed opens as it was, through a file', () => {
  const name = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (texts) => {
      const file = JSON.stringify(seal(texts));
      expect(openBodies(parseSealedBodies(file, 'file'), KEY.plaintext)).toEqual({ ...texts });
    }),
  );
});

test('the same text never looks the same', () => {
  const { fields } = seal({ request: 'hi', response: 'hi' });
  expect(fields.request).not.toBe(fields.response);
  expect(seal({ request: 'hi' }).fields.request).not.toBe(fields.request);
});

test.each<[string, (bodies: SealedBodies) => SealedBodies]>([
  ['another call', (bodies) => ({ ...bodies, requestId: 'r-2' })],
  ['another AI system', (bodies) => ({ ...bodies, system: 'other' })],
  ['another field', ({ fields, ...bodies }) => ({ ...bodies, fields: { response: fields.request } })],
  ['a shorter text', ({ fields, ...bodies }) => ({ ...bodies, fields: { request: fields.request.slice(0, -8) } })],
  ['nothing', (bodies) => ({ ...bodies, fields: { request: '' } })],
])('it does not open as %s', (_, change) => {
  expect(() => openBodies(change(seal({ request: 'hi' })), KEY.plaintext)).toThrow(
    expect.objectContaining({ code: 'PALISADE-W031' }),
  );
});

test('a flipped bit anywhere, or another key, and it does not open', () => {
  const bodies = seal({ request: 'hello' });
  const bytes = Buffer.from(bodies.fields.request, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    const changed = { ...bodies, fields: { request: flipped.toString('base64') } };
    expect(() => openBodies(changed, KEY.plaintext)).toThrow(expect.objectContaining({ code: 'PALISADE-W031' }));
  }
  expect(() => openBodies(bodies, new Uint8Array(32))).toThrow(expect.objectContaining({ code: 'PALISADE-W031' }));
});

test('what is no file of bodies is said to be none', () => {
  const file = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ version: fc.constant(1), fields: fc.jsonValue() })
      .map((value) => JSON.stringify({ ...seal({}), ...value, version: 2 })),
    fc.jsonValue().map((field) => JSON.stringify({ ...seal({}), fields: { request: field === '' ? 1 : [field] } })),
  );
  fc.assert(
    fc.property(file, (json) => {
      expect(() => parseSealedBodies(json, 'file')).toThrow(expect.objectContaining({ code: 'PALISADE-W030' }));
    }),
  );
});
