import * as fc from 'fast-check';
import { checkOutput } from '../../../runtime/output-checks';

const KEY = `ghp_${'aB3dE5fG7h'.repeat(4)}`.slice(0, 40);

test('personal data is masked, secrets block', () => {
  expect(checkOutput('write to jane.doe@acme.org or 4111 1111 1111 1111')).toEqual({
    blocked: false,
    text: 'write to [EMAIL] or [CARD]',
    reasons: [
      { check: 'personal-data', start: 9, end: 26 + 1 - 1 },
      { check: 'personal-data', start: 30, end: 49 },
    ],
  });
  expect(checkOutput(`the token is ${KEY}.`)).toEqual({
    blocked: true,
    text: 'the token is [SECRET].',
    reasons: [{ check: 'secret', start: 13, end: 53 }],
  });
});

test('settings say what becomes of them', () => {
  const text = `jane.doe@acme.org has ${KEY}`;
  expect(checkOutput(text, { secrets: 'mask' })).toMatchObject({ blocked: false, text: '[EMAIL] has [SECRET]' });
  expect(checkOutput('jane.doe@acme.org', { personalData: 'block' }).blocked).toBe(true);
  expect(checkOutput('jane.doe@acme.org', { personalData: 'mask' }).blocked).toBe(false);
});

test('what shows nothing, or looks otherwise, hides nothing; places are those of the original', () => {
  const card = '4111\u200b 1111\u00ad 1111 1111';
  expect(checkOutput(`card ${card}!`)).toEqual({
    blocked: false,
    text: 'card [CARD]!',
    reasons: [{ check: 'personal-data', start: 5, end: 5 + card.length }],
  });
  const wide = KEY.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
  expect(checkOutput(wide)).toMatchObject({ blocked: true, text: '[SECRET]' });
  expect(checkOutput([...KEY].join('\u2060')).blocked).toBe(true);
});

test('a site is a matter of the list of links, not personal data', () => {
  expect(checkOutput('https://www.acme.org/', { allowedLinks: ['www.acme.org'] }).reasons).toEqual([]);
});

test('personal data within an allowed link is masked all the same', () => {
  expect(checkOutput('https://acme.org/u?m=jane.doe@acme.org', { allowedLinks: ['acme.org'] }).text).toBe(
    'https://acme.org/u?m=[EMAIL]',
  );
});

const pieces = fc.oneof(
  fc.lorem({ maxCount: 5 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'https://evil.com/x',
    '//evil.com',
    '![a](',
    ')',
    '](',
    ']:',
    '<img src=',
    '"',
    "'",
    '>',
    '<',
    'href="',
    'www.',
    'htt',
    'ps://',
    '\u200b',
    'jane@acme.org',
    '+41 44 668 18 00',
    '4111 1111 1111 1111',
    KEY,
    'password=',
    'url(',
    ' ',
    '\n',
    '[',
    ']',
    '&#47;',
    '\\',
    '=',
  ),
);
const texts = fc.array(pieces, { maxLength: 16 }).map((all) => all.join(''));

test('whatever comes: places are in the text and in order, the rest stays, nothing found means nothing changed', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { text: result, reasons, blocked } = checkOutput(text);
      let last = 0;
      for (const { start, end } of reasons) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        last = start;
      }
      expect(result === text).toBe(reasons.length === 0);
      expect(blocked).toBe(reasons.some(({ check }) => check === 'secret'));
    }),
    { numRuns: 500 },
  );
});

test('what was checked has no link left', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const once = checkOutput(text, { secrets: 'mask' });
      expect(checkOutput(once.text, { secrets: 'mask' }).reasons.filter(({ check }) => check === 'link')).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
