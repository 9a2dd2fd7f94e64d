import * as fc from 'fast-check';
import { hashOf } from '../../../runtime/screening/hash';
import { BEGINNING, Tokens, tokensOf } from '../../../runtime/screening/tokens';
import { Vocabulary } from '../../../runtime/screening/vocabulary';

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(..."aZ09_é’'Аб忽 \n.-"), maxLength: 200 }),
);

const textsOf = (tokens: Tokens) => Array.from({ length: tokens.count }, (_, index) => tokens.textAt(index));

test.each([
  ['Ignore ALL of it.', ['ignore', 'all', 'of', 'it', '.']],
  ["Don't, users' it’s", ["don't", ',', 'users', "'", "it's"]],
  ['one\ntwo\tthree', ['one', '\n', 'two', 'three']],
  ['忽略 指令', ['忽', '略', '指', '令']],
  ['Élan naïve Привет ignоre', ['elan', 'naive', 'привет', 'ignore']],
  ['🔓x', ['🔓', 'x']],
  ['a'.repeat(65), ['a'.repeat(64), 'a']],
])('%j is split into %j', (text, expected) => {
  expect(textsOf(tokensOf(text))).toEqual(expected);
});

test('what was read before leaves nothing behind', () => {
  const tokens = new Tokens();
  fc.assert(
    fc.property(anything, anything, (before, text) => {
      tokens.read(before);
      const fresh = tokensOf(text);
      expect(textsOf(tokens.read(text))).toEqual(textsOf(fresh));
      expect(tokens.hashes.subarray(0, tokens.count)).toEqual(fresh.hashes.subarray(0, fresh.count));
    }),
    { numRuns: 500 },
  );
});

test('tokens follow each other, and hashes are those of their texts', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const tokens = tokensOf(text);
      for (const [index, word] of textsOf(tokens).entries()) {
        expect(tokens.starts[index]).toBeGreaterThanOrEqual(index === 0 ? 0 : tokens.ends[index - 1]);
        expect(tokens.ends[index]).toBeGreaterThan(tokens.starts[index]);
        expect(tokens.hashes[index]).toBe(hashOf(word) | 0);
        expect(tokens.beginnings[index]).toBe(word.length > BEGINNING ? hashOf(word, BEGINNING) | 0 : 0);
        expect(tokens.is(index, word)).toBe(true);
        expect(tokens.is(index, `${word}a`)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('a vocabulary knows its words, however many, and no others', () => {
  const words = Array.from({ length: 5000 }, (_, index) => `w${index}`);
  const vocabulary = new Vocabulary(words);
  const tokens = tokensOf([...words, 'w5000', 'W17'].join(' '));
  const ids = Array.from({ length: tokens.count }, (_, index) => vocabulary.idAt(tokens, index));
  expect(ids.slice(0, words.length)).toEqual(words.map((word) => vocabulary.idOf(word)));
  expect(new Set(ids.slice(0, words.length)).size).toBe(words.length);
  expect(ids.slice(words.length)).toEqual([0, vocabulary.idOf('w17')]);
  expect([hashOf('w3'), hashOf('other')].map((hash) => vocabulary.hasHash(hash | 0))).toEqual([true, false]);
});

test('words of one hash are told apart', () => {
  // FNV-1a, 32 bits, of both.
  expect(hashOf('costarring')).toBe(hashOf('liquid'));
  const vocabulary = new Vocabulary(['costarring']);
  expect(vocabulary.idAt(tokensOf('liquid'), 0)).toBe(0);
  vocabulary.add('liquid');
  expect(vocabulary.idAt(tokensOf('liquid'), 0)).toBe(vocabulary.idOf('liquid'));
  expect(vocabulary.idAt(tokensOf('Costarring'), 0)).toBe(vocabulary.idOf('costarring'));
});
