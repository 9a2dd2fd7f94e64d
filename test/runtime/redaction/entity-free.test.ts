import * as fc from 'fast-check';
import { redact } from '../../../runtime/redaction';

const pad = (value: number, length = 2) => String(value).padStart(length, '0');
const integer = (min: number, max: number) => fc.integer({ min, max });
const hexadecimal = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

const date = fc.tuple(integer(1950, 2049), integer(1, 12), integer(1, 31));
const time = fc.tuple(integer(0, 23), integer(0, 59), integer(0, 59), integer(0, 999));
const price = fc.tuple(integer(0, 999), integer(0, 999), integer(0, 99));

/** Things with digits in them that are nobody's. */
const NOTHING: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
  'uuid in capitals': fc.uuid().map((id) => id.toUpperCase()),
  'uuid in braces': fc.uuid().map((id) => `{${id}}`),
  'commit hash': hexadecimal(40),
  'short hash': hexadecimal(12).filter((hash) => /[a-f]/.test(hash)),
  digest: hexadecimal(64).map((hash) => `sha256:${hash}`),
  md5: hexadecimal(32),
  'dump of bytes': fc
    .array(integer(10, 99), { minLength: 4, maxLength: 4 })
    .chain((pairs) =>
      fc.constantFrom(`ce 06 ${pairs.join(' ')} b6`, `06 ${pairs.join(' ')} ff`, `e1 06 ${pairs.join(' ')}`),
    ),
  base64: fc.uint8Array({ minLength: 24, maxLength: 96 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  base64url: fc.uint8Array({ minLength: 24, maxLength: 96 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  'subresource integrity': fc
    .uint8Array({ minLength: 48, maxLength: 48 })
    .map((bytes) => `sha384-${Buffer.from(bytes).toString('base64')}`),
  'ISO date': date.map(([year, month, day]) => `${year}-${pad(month)}-${pad(day)}`),
  'compact date': date.map(([year, month, day]) => `${year}${pad(month)}${pad(day)}`),
  'day first': date.map(([year, month, day]) => `${day}.${month}.${year}`),
  'day with slashes': date.map(([year, month, day]) => `${pad(month)}/${pad(day)}/${year}`),
  'short year': date.map(([year, month, day]) => `${pad(day)}-${pad(month)}-${pad(year % 100)}`),
  'two years': date.map(([year]) => `${year}-${year + 5}`),
  timestamp: fc
    .tuple(date, time)
    .map(([[y, mo, d], [h, mi, s, ms]]) => `${y}-${pad(mo)}-${pad(d)}T${pad(h)}:${pad(mi)}:${pad(s)}.${pad(ms, 3)}Z`),
  'local timestamp': fc
    .tuple(date, time)
    .map(([[y, mo, d], [h, mi, s]]) => `${y}-${pad(mo)}-${pad(d)} ${pad(h)}:${pad(mi)}:${pad(s)}+02:00`),
  'log date': fc
    .tuple(date, time)
    .map(([[y, , d], [h, mi, s]]) => `[${pad(d)}/Nov/${y}:${pad(h)}:${pad(mi)}:${pad(s)} +0000]`),
  clock: time.map(([hour, minute, second]) => `${pad(hour)}:${pad(minute)}:${pad(second)}`),
  epoch: integer(1_000_000_000, 1_999_999_999).map(String),
  'price in dollars': price.map(([a, b, c]) => `$${a},${pad(b, 3)}.${pad(c)}`),
  'price in euro': price.map(([a, b, c]) => `${a}.${pad(b, 3)},${pad(c)} \u20ac`),
  'price in francs': price.map(([a, b, c]) => `CHF ${a}'${pad(b, 3)}.${pad(c)}`),
  thousands: price.map(([a, b]) => `${a || 1},${pad(b, 3)},${pad(b, 3)}`),
  percent: price.map(([a, , c]) => `${a}.${pad(c)} %`),
  version: fc.tuple(integer(0, 40), integer(0, 99), integer(0, 9999)).map((all) => `v${all.join('.')}`),
  'version with build': fc
    .tuple(integer(0, 40), integer(0, 99), integer(0, 9999))
    .map((all) => `${all.join('.')}-rc.1+build.2026`),
  coordinates: fc
    .tuple(integer(-89, 89), integer(0, 999_999), integer(-179, 179), integer(0, 999_999))
    .map(([a, b, c, d]) => `${a}.${pad(b, 6)}, ${c}.${pad(d, 6)}`),
  'floating point': fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String),
  'row of numbers': fc.array(integer(0, 99_999_999), { minLength: 3, maxLength: 9 }).map((all) => all.join(',')),
  'row of decimals': fc
    .array(price, { minLength: 2, maxLength: 6 })
    .map((all) => all.map(([a, , c]) => `${a}.${pad(c)}`).join(';')),
  'row with blanks': fc.array(integer(0, 99), { minLength: 2, maxLength: 6 }).map((all) => all.join('  ')),
  'order number': integer(100_000, 9_999_999_999).map((id) => `order ${id}`),
  invoice: fc.tuple(date, integer(0, 99_999)).map(([[year], id]) => `invoice INV-${year}-${pad(id, 5)}`),
  ticket: integer(1, 999_999).map((id) => `JIRA-${id}`),
  'tracking number': integer(1e9, 9_999_999_999).map((id) => `tracking number 1Z${id}`),
  isbn: integer(100_000_000, 999_999_999).map(
    (id) => `ISBN 978-3-${`${id}`.slice(0, 5)}-${`${id}`.slice(5, 8)}-${id % 10}`,
  ),
  'process and thread': fc.tuple(integer(1, 99_999), integer(1, 99_999)).map(([a, b]) => `pid=${a} tid=${b}`),
  port: integer(1, 65_535).map((port) => `localhost:${port}`),
  'page range': integer(1, 400).map((page) => `pp. ${page}-${page + 12}`),
  size: integer(0, 2 ** 31).map((size) => `${size} bytes`),
  'round trip': integer(0, 99_999).map((ms) => `took ${ms} ms`),
  'C++': fc.constantFrom('std::vector<int> a::b', 'x = y << 3; // 12 34', '0x7ffdeadbeef0', 'arr[12][34]'),
  'user agent': fc.constant('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36'),
  arn: integer(1e11, 1e12 - 1).map((account) => `arn:aws:s3:eu-central-1:${account}:key/${account % 7}`),
  sentence: fc.lorem({ maxCount: 6 }),
  'many digits': fc.bigInt({ min: 10n ** 20n, max: 10n ** 40n }).map(String),
};

const separators = fc.constantFrom(' ', '\n', ', ', ' | ', '\t', '; ', ' and ');

for (const [name, texts] of Object.entries(NOTHING)) {
  test(`${name}: nothing is found`, () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('', 'INFO ', 'see ', 'value: ', '(', '"'),
        fc.constantFrom('', ' done', ')', '"', '.'),
        (text, before, after) => {
          const whole = `${before}${text}${after}`;
          expect(redact(whole)).toEqual({ text: whole, entities: [] });
        },
      ),
      { numRuns: 60 },
    );
  });
}

test('many of them in a row: nothing is found', () => {
  const alone = ['row with blanks', 'two years', 'compact date', 'many digits'];
  const kinds = Object.entries(NOTHING).filter(([name]) => !alone.includes(name));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(...kinds.map(([, texts]) => texts)), separators), { maxLength: 12 }),
      (all) => {
        const text = all.flat().join('');
        expect(redact(text)).toEqual({ text, entities: [] });
      },
    ),
    { numRuns: 300 },
  );
});

test('an entity inside a UUID, a hash or base64 is none', () => {
  for (const text of [
    '4f9c2b6a-4111-4111-8111-111111111111',
    'd41d8cd9536904399fb00b20e04459998ecf8427',
    `aGVsbG8${'4111111111111111'}d29ybGQ+/x`,
    'sha512-abc4111111111111111xyzAAAAAAAAAAA==',
    'a4111111111111111b',
    'd29ybGQhIGhlbGxvIHdvcmxk/5555555555554444',
    'https://cdn.acme.org/assets/5555555555554444abcdef0123456789/app.js',
  ]) {
    expect(redact(text)).toEqual({ text, entities: [] });
  }
});

test('a word about phones does not make one of a date, a decimal or a book; part of a word is no word', () => {
  for (const text of [
    'phone call on 11/23/1972',
    'I can call on 2026-11-27 or 27.11.2026',
    'call it 3.1415926',
    'contact: ISBN 978-3-16-148410-0',
    '467 3395 and ullamcorper sed tellus',
    'calls: 1732620000, 20261127, 1732620000123, 3000000',
    'order number 94987771 from the office',
    'reached 20000000 from 12345678',
  ]) {
    expect(redact(text)).toEqual({ text, entities: [] });
  }
});

test('a range of addresses is nobody', () => {
  expect(redact('10.0.0.0/16 but 10.0.0.7/16').text).toBe('10.0.0.0/16 but [IP]/16');
});
