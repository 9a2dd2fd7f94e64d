import * as fc from 'fast-check';
import { redact } from '../../../runtime/redaction';
import { luhn, mod97 } from '../../../runtime/redaction/checksums';

const digits = (count: number, first = '0123456789') =>
  fc
    .tuple(
      fc.constantFrom(...first),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count - 1, maxLength: count - 1 }),
    )
    .map(([head, rest]) => head + rest.join(''));

/** Digits written into the places that `#` marks. */
const written = (format: string, first: string) =>
  digits(format.split('#').length - 1, first).map((all) => {
    let next = 0;
    return format.replace(/#/g, () => all[next++]);
  });

/** With the last digit that makes the check pass. */
const checked = (body: string) => [...'0123456789'].map((digit) => body + digit).find(luhn) as string;

const grouped = (text: string, sizes: readonly number[], separator: string) => {
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
  return starts.map((start, index) => text.slice(start, start + sizes[index])).join(separator);
};

const CARDS: readonly [string, number, readonly number[]][] = [
  ['4', 16, [4, 4, 4, 4]],
  ['51', 16, [4, 4, 4, 4]],
  ['2223', 16, [4, 4, 4, 4]],
  ['34', 15, [4, 6, 5]],
  ['36', 14, [4, 6, 4]],
  ['6011', 16, [4, 4, 4, 4]],
  ['3530', 16, [4, 4, 4, 4]],
  ['62', 19, [4, 4, 4, 4, 3]],
];

test('cards of every network, in every spacing', () => {
  const cards = fc.constantFrom(...CARDS).chain(([prefix, length, sizes]) =>
    fc
      .tuple(digits(length - prefix.length - 1), fc.constantFrom('', ' ', '  ', '-', ' - ', '.', '\u00a0', '\u2011'))
      .map(([body, separator]) => ({
        plain: checked(prefix + body),
        text: grouped(checked(prefix + body), sizes, separator),
        sizes,
        separator,
      })),
  );
  fc.assert(
    fc.property(cards, ({ plain, text, sizes, separator }) => {
      expect(redact(`paid with ${text}.`).text).toBe('paid with [CARD].');
      const wrong = plain.slice(0, -1) + ((Number(plain.at(-1)) + 1) % 10);
      expect(redact(`paid with ${grouped(wrong, sizes, separator)}.`).text).not.toContain('[CARD]');
    }),
    { numRuns: 150 },
  );
});

test('account numbers of any country, compact or in groups, in any case', () => {
  const ibans = fc
    .constantFrom(['DE', 18], ['GB', 18], ['CH', 17], ['FR', 23], ['NO', 11], ['MT', 27])
    .chain(([country, length]) =>
      fc.stringMatching(new RegExp(`^[0-9A-Z]{${length}}$`)).map((body) => {
        const check = 98 - mod97(`${body}${country}00`);
        return `${country}${String(check).padStart(2, '0')}${body}`;
      }),
    );
  fc.assert(
    fc.property(ibans, fc.constantFrom('', ' '), fc.boolean(), (iban, separator, small) => {
      const text = (iban.match(/.{1,4}/g) as string[]).join(separator);
      expect(redact(`to ${small ? text.toLowerCase() : text}, please`).text).toBe('to [IBAN], please');
    }),
    { numRuns: 150 },
  );
});

/** Formats that tell a number to be called by themselves: an international prefix, North America, a trunk prefix in groups. */
const PHONES: readonly [string, string?][] = [
  ['+1 ###-###-####', '23456789'],
  ['+1-###-###-####', '23456789'],
  ['+1 (212) ###-####', '23456789'],
  ['+1(212)###-####', '23456789'],
  ['+1212#######', '23456789'],
  ['(212) ###-####', '23456789'],
  ['(212)###-####', '23456789'],
  ['212-###-####', '23456789'],
  ['212.###.####', '23456789'],
  ['1-212-###-####', '23456789'],
  ['212-###-####x####', '23456789'],
  ['212-###-#### ext. ###', '23456789'],
  ['(212)###-####x###', '23456789'],
  ['001-212-###-####', '23456789'],
  ['+44 20 #### ####'],
  ['+44 (0)20 #### ####'],
  ['+44(0)20########'],
  ['020 #### ####'],
  ['07### ######', '123456789'],
  ['(0161) ### ####'],
  ['+41 44 ### ## ##'],
  ['+41 (0)44 ### ## ##'],
  ['0041 44 ### ## ##'],
  ['044 ### ## ##'],
  ['079/### ## ##'],
  ['+33 1 ## ## ## ##'],
  ['01 ## ## ## ##'],
  ['06.##.##.##.##'],
  ['+49 30 #######'],
  ['+49 (30) ########'],
  ['030/########'],
  ['030 / ########'],
  ['+49 (0) 30 / ######'],
  ['+49 - 30 - ########'],
  ['(11) 9####-####'],
  ['+49-89-########'],
  ['+39 06 ########'],
  ['+34 6## ### ###'],
  ['+31 6 ########'],
  ['+46 (0)8 ### ### ##'],
  ['+358 40 #######'],
  ['+48 ### ### ###', '56789'],
  ['+351 9## ### ###'],
  ['+55 11 9####-####'],
  ['+91 98### #####'],
  ['+61 4## ### ###'],
  ['+81 3-####-####'],
  ['+86 138 #### ####'],
  ['+7 (495) ###-##-##'],
  ['+972-52-###-####'],
  ['+353 1 ### ####'],
  ['+65 #### ####', '689'],
];

describe('phone numbers by their form alone', () => {
  for (const [format, first = '0123456789'] of PHONES) {
    test(format, () => {
      fc.assert(
        fc.property(written(format, first), (phone) => {
          for (const [before, after] of [
            ['', ''],
            ['ask ', '.'],
            ['(', ')'],
            ['Anna: ', ', Bert'],
            ['', '\nBasel'],
          ]) {
            const { text, entities } = redact(`${before}${phone}${after}`);
            expect({ phone, text }).toEqual({ phone, text: `${before}[${entities[0]?.type}]${after}` });
          }
        }),
        { numRuns: 10 },
      );
    });
  }
});

/** Formats that could be anything: a word says what they are. */
const NAMED_PHONES = [
  '### ####',
  '###-####',
  '## ## ## ##',
  '## ### ###',
  '### ### ###',
  '#### ####',
  '##########',
  '########',
  '(##) ###-###',
];

describe('phone numbers by a word beside them', () => {
  for (const format of NAMED_PHONES) {
    test(format, () => {
      fc.assert(
        fc.property(written(format, '23456789'), fc.constantFrom(...'123456789'), (body, last) => {
          const phone = body.slice(0, -1) + last;
          for (const [before, after] of [
            ['Phone: ', ''],
            ['my number is ', '.'],
            ['call me on ', ' tomorrow'],
            ['Tel. ', ''],
            ['Fax ', '\nBasel'],
            ['WhatsApp: ', ''],
            ['phone:', ''],
            ['\u624b\u673a\u53f7\uff1a', ''],
            ['\u0442\u0435\u043b\u0435\u0444\u043e\u043d: ', ''],
          ]) {
            const { text, entities } = redact(`${before}${phone}${after}`);
            expect({ phone, text }).toEqual({ phone, text: `${before}[${entities[0]?.type}]${after}` });
          }
        }),
        { numRuns: 10 },
      );
    });
  }
});

test('addresses in mail and on networks', () => {
  fc.assert(
    fc.property(fc.emailAddress({ size: '-1' }), (address) => {
      fc.pre(/^[\w.+'-]+@/.test(address) && !/^[._+'-]|[.'-]@/.test(address));
      expect(redact(`mail ${address} now`).text).toBe('mail [EMAIL] now');
    }),
  );
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      fc.pre(!/^(?:127\.|0\.0\.0\.0|255\.255\.255\.255)/.test(address));
      expect(redact(`from ${address}:443`).text).toBe('from [IP]:443');
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      fc.pre(/\d/.test(address) && !/::$|^::1?$/.test(address));
      expect(redact(`from ${address} to`).text).toBe('from [IP] to');
    }),
  );
});
