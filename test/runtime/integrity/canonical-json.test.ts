import * as fc from 'fast-check';
import { type CanonicalValue, canonicalJson } from '../../../runtime/integrity';

const wellFormed = fc.string({ unit: 'binary' });
const values = fc.letrec<{ value: CanonicalValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    wellFormed,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(wellFormed, tie('value'), { maxKeys: 4 }),
  ),
})).value;

test('the example of RFC 8785, section 3.2.3: names sort by UTF-16 units', () => {
  const names = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
  const text = canonicalJson(Object.fromEntries(names.map((name, index) => [name, index])));
  const order = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
  expect(text).toBe(`{${order.map((name) => `${JSON.stringify(name)}:${names.indexOf(name)}`).join(',')}}`);
});

test('strings are escaped as RFC 8785, section 3.2.2.2, says', () => {
  expect(canonicalJson('€$\u000f\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
});

test('JSON reads it back', () => {
  fc.assert(
    fc.property(values, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the order in which properties were set has no effect', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(wellFormed, fc.integer()), { selector: ([name]) => name }), (entries) => {
      const reversed = Object.fromEntries([...entries].reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(Object.fromEntries(entries)));
    }),
  );
});

test.each([
  ['a fraction', 0.5],
  ['infinity', Number.POSITIVE_INFINITY],
  ['not a number', Number.NaN],
  ['an unsafe integer', 2 ** 53],
  ['half a surrogate pair', '\ud83d'],
  ['half a surrogate pair in a name', { '\ude00': 1 }],
  ['undefined in an object', { a: undefined }],
  ['a hole in a list', new Array(1)],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['a big integer', 1n],
])('%s has no canonical text', (_what, value) => {
  expect(() => canonicalJson(value as CanonicalValue)).toThrow(expect.objectContaining({ code: 'PALISADE-S001' }));
});

test('a value that contains itself is a coded error, not a crash', () => {
  const loop: CanonicalValue[] = [];
  loop.push(loop);
  expect(() => canonicalJson(loop)).toThrow(expect.objectContaining({ code: 'PALISADE-S001' }));
});
