import { checkOutput } from '../../../runtime/output-checks';
import { redact } from '../../../runtime/redaction';

const MEBIBYTE = 1 << 20;
/** Milliseconds for a mebibyte: a hundred times what ordinary text takes on one core that others use too. */
const BOUND = 10_000;

/** What makes patterns that go back take forever: beginnings of everything, again and again, and what never ends. */
const UNITS = [
  ...[
    '1',
    '12 ',
    '1-',
    '1.',
    '1/ ',
    '(1)',
    '+1 ',
    '1x',
    '00',
    '4111 1111 ',
    '411111111111',
    'DE89 ',
    'GB12 AB',
    'AB 12 34 ',
  ],
  ...['a@', '@a.', 'a.', '://a:', '://:', 'http://a.', ':', '::', 'a:', 'aa:bb:', 'aa-', '0.', 'A1 ', 'aA1'],
  ...[
    'eyJ',
    'eyJa.',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\n',
    'password',
    'password=',
    'password="',
    'password is ',
  ],
  ...[
    'bearer ',
    'aws -',
    'secret ',
    'sk-',
    'key-',
    'ghp_',
    'xoxb-1-',
    '&sig=a',
    'passport A1',
    'ssn 123456789 ',
    'card ',
    '1A1z',
    'bc1q',
  ],
  ...[
    '](',
    '](a',
    ']:',
    '<a:',
    '<',
    'href=',
    'href="',
    "href='",
    'href=a',
    'url(',
    'srcset=a, ',
    '@import ',
    ';url=',
    '"//a.b',
    'https://',
  ],
  ...['&#', '&#1', '&', '[', '((', '\\', '%41', '\u200b', '\u00a0', '\u0130', '\ud800', '\0', '\n', ' ', '='],
];

for (const [name, run] of [
  ['redact', (text: string) => redact(text)],
  ['checkOutput', (text: string) => checkOutput(text, { canary: '9f3ac81be07d6254aa1c0de7', secrets: 'mask' })],
] as const) {
  test(`${name} is linear: a mebibyte of any beginning`, () => {
    const slow = UNITS.map((unit) => {
      const text = unit.repeat(Math.ceil(MEBIBYTE / unit.length));
      const start = performance.now();
      run(text);
      return { unit, milliseconds: performance.now() - start };
    }).filter(({ milliseconds }) => milliseconds > BOUND);
    expect(slow).toEqual([]);
  }, 600_000);
}
