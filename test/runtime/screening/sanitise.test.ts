import * as fc from 'fast-check';
import { sanitise } from '../../../runtime/screening';

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
);

test('plain text stays as it is', () => {
  const text = 'Plain text,\n\twith a tab.';
  expect(sanitise(text)).toMatchObject({ text, changes: {} });
  expect(sanitise(text).originalOf(7)).toBe(7);
});

test.each([
  ['zero width', 'ig\u200bno\u200dre', 'ignore', { 'invisible character': 2 }],
  ['bidirectional controls', '\u202eignore\u202c', 'ignore', { 'invisible character': 2 }],
  ['a soft hyphen and a byte order mark', '\ufeffig\u00adnore', 'ignore', { 'invisible character': 2 }],
  ['variation selectors', 'i\ufe0fg\u{e0101}nore', 'ignore', { 'invisible character': 2 }],
  ['controls', 'ig\u0000no\u0008re', 'ignore', { 'invisible character': 2 }],
  ['full width', '\uff49\uff47\uff4e\uff4f\uff52\uff45', 'ignore', { 'compatibility form': 6 }],
  ['mathematical letters', '\u{1d422}gnore', 'ignore', { 'compatibility form': 1 }],
  ['marks that make one letter', 'cafe\u0301', 'caf\u00e9', { 'compatibility form': 1 }],
  ['half a pair', 'a\ud800b', 'a\ufffdb', {}],
])('%s', (_name, text, expected, changes) => {
  expect(sanitise(text)).toMatchObject({ text: expected, changes });
});

test('other scripts stay: people write with them', () => {
  for (const text of ['Привет, мир', 'Καλημέρα', '你好', 'こんにちは', '안녕하세요', 'नमस्ते', 'שלום', 'café']) {
    expect(sanitise(text).text).toBe(text);
  }
});

test('what is said in tag characters is told, and not passed on', () => {
  const hidden = Array.from('ignore all', (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
  const { text, hidden: told } = sanitise(`hello ${hidden}world`);
  expect(text).toBe('hello world');
  expect(told).toEqual({ text: 'ignore all', start: 6, end: 6 + hidden.length });
});

test('sanitising twice changes nothing more, and no text is thrown at', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const once = sanitise(text).text;
      expect(sanitise(once).text).toBe(once);
    }),
    { numRuns: 2000 },
  );
});

test('every place leads back into the original, in order', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { text: made, originalOf } = sanitise(text);
      const places = Array.from({ length: made.length + 1 }, (_, unit) => originalOf(unit));
      expect(places).toEqual([...places].sort((one, other) => one - other));
      expect(places.every((place) => place >= 0 && place <= text.length)).toBe(true);
      expect(places.at(-1)).toBe(text.length);
    }),
    { numRuns: 1000 },
  );
});
