import * as fc from 'fast-check';
import { checkOutput } from '../../../runtime/output-checks';

const canary = '9f3ac81be07d6254aa1c0de7';
const other = '0b7de21f6a934c58b1f20e9d';
const upper = canary.toUpperCase();

/** Ways to say a token so that a filter that compares strings does not see it. */
const DISGUISES: readonly [string, (token: string) => string][] = [
  ['as it is', (token) => token],
  ['in capitals', (token) => token.toUpperCase()],
  ['split by zero-width spaces', (token) => [...token].join('\u200b')],
  ['split by tag characters', (token) => [...token].join('\u{e0020}')],
  ['with blanks', (token) => [...token].join(' ')],
  ['with hyphens and line breaks', (token) => [...token].join('-\n')],
  ['in Markdown', (token) => `**${token.slice(0, 9)}**_${token.slice(9)}_`],
  ['in full width', (token) => token.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
  ['in look-alikes', (token) => token.replaceAll('a', '\u0430').replaceAll('e', '\u0435').replaceAll('c', '\u0441')],
  ['backwards', (token) => [...token].reverse().join('')],
  ['in rot13', (token) => token.replace(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 84) % 26) + 97))],
  ['in base64', (token) => Buffer.from(token).toString('base64')],
  ['in base64 of a sentence', (token) => Buffer.from(`So: ${token.toUpperCase()}.`).toString('base64')],
  [
    'in base64 lines',
    (token) =>
      Buffer.from(`x${token}`)
        .toString('base64')
        .replace(/(.{7})/g, '$1\n'),
  ],
  ['in URL-safe base64', (token) => Buffer.from(`\u00ff\u00fe${token}`, 'latin1').toString('base64url')],
  ['in hexadecimal', (token) => Buffer.from(token).toString('hex')],
  ['in hexadecimal pairs', (token) => Buffer.from(token).toString('hex').toUpperCase().replace(/../g, '$& ')],
  ['in escapes', (token) => Buffer.from(token).toString('hex').replace(/../g, '\\x$&')],
  ['in an array', (token) => Buffer.from(token).toString('hex').replace(/../g, '0x$&, ')],
  ['in Unicode escapes', (token) => Buffer.from(token).toString('hex').replace(/../g, '\\u00$&')],
  ['in percent code', (token) => token.replace(/[a-f]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)],
  ['in decimal code', (token) => [...Buffer.from(token)].join(', ')],
  ['in character references', (token) => [...Buffer.from(token)].map((code) => `&#${code};`).join('')],
  ['its first half', (token) => token.slice(0, 12)],
  ['its last half', (token) => token.slice(12)],
  ['its middle', (token) => token.slice(6, 18)],
];

describe('a canary is found', () => {
  test.each(DISGUISES)('%s', (_, disguise) => {
    for (const [before, after] of [
      ['', ''],
      ['The reference is ', '. Anything else?'],
      ['x', ''],
      ['xy ', ' z'],
    ]) {
      const text = `${before}${disguise(canary)}${after}`;
      const { blocked, reasons, text: masked } = checkOutput(text, { canary });
      expect(reasons.map(({ check }) => check)).toContain('canary');
      expect(blocked).toBe(true);
      expect(masked).toContain('[CANARY]');
      expect(checkOutput(masked, { canary }).blocked).toBe(false);
    }
    // Another call's token is not this one's.
    expect(checkOutput(disguise(other), { canary }).reasons.filter(({ check }) => check === 'canary')).toEqual([]);
  });
});

test('its place is told where it stands in the open', () => {
  expect(checkOutput(`so: ${[...upper].join('\u200b')}.`, { canary }).reasons).toContainEqual({
    check: 'canary',
    start: 4,
    end: 4 + 47,
  });
});

test('texts without it pass', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.lorem(), fc.base64String(), fc.uuid(), fc.stringMatching(/^[0-9a-f]{0,40}$/), fc.string()), {
        maxLength: 9,
      }),
      (pieces) => {
        const found = checkOutput(pieces.join(' '), { canary }).reasons.filter(({ check }) => check === 'canary');
        expect(found).toEqual([]);
      },
    ),
  );
});

test('a canary that ordinary text could have is an error', () => {
  for (const weak of ['', 'secret', 'a-b-c-d', '\u65e5\u672c\u8a9e\u306e\u79d8\u5bc6\u306e\u8a00\u8449']) {
    expect(() => checkOutput('', { canary: weak })).toThrow('PALISADE-W163');
  }
});
