import { isDayAndMonth, luhn, mod97, mod1110, verhoeff, weighted } from './checksums';
import { type Candidate, digitsOf, isNear, type Recognizer } from './entity';

type Test = (candidate: Candidate, digits: string) => boolean;

/** `words`: one of them has to stand near, because too many numbers would pass. */
function id(type: string, pattern: RegExp, test: Test, words: readonly string[] = []): Recognizer {
  const named = new RegExp(words.map((word) => `(?<![a-z])${word}`).join('|'), 'i');
  return {
    type,
    pattern,
    numeric: true,
    ...(words.length > 0 && { keywords: words }),
    accept: (candidate) =>
      test(candidate, digitsOf(candidate.value)) && (words.length === 0 || isNear(named, candidate)),
  };
}

/** SSA, "Social Security number randomization": no area 000, 666 or 900 and over, no group 00, no serial 0000. */
function isSsn(digits: string): boolean {
  const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  return area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000';
}

/** IRS: area 900 and over, group 50 to 65, 70 to 88, 90 to 92, 94 to 99. */
function isItin(digits: string): boolean {
  const group = Number(digits.slice(3, 5));
  return (
    digits[0] === '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 99 && group !== 89 && group !== 93))
  );
}

/** INSEE: the last two digits are 97 less the rest; Corsica's departments 2A and 2B count as 19 and 18. */
function isNir({ value }: Candidate): boolean {
  const plain = value.replace(/[ .]/g, '').toUpperCase().replace('2A', '19').replace('2B', '18');
  const month = Number(plain.slice(3, 5));
  return plain.length === 15 && month >= 1 && month <= 12 && 97 - mod97(plain.slice(0, 13)) === Number(plain.slice(13));
}

const ODD: Readonly<Record<string, number>> = Object.fromEntries(
  [...'0123456789'].map((digit, index) => [digit, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21][index]]),
);
const ODD_LETTERS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Decree of 23 December 1976: odd places by table, even places by value, modulo 26. */
function isCodiceFiscale({ value }: Candidate): boolean {
  const code = value.toUpperCase();
  let sum = 0;
  for (let index = 0; index < 15; index += 1) {
    const letter = code.charCodeAt(index) - 65;
    const even = letter >= 0 ? letter : Number(code[index]);
    sum += index % 2 === 1 ? even : letter >= 0 ? ODD_LETTERS[letter] : ODD[code[index]];
  }
  return String.fromCharCode(65 + (sum % 26)) === code[15];
}

/** Letter of a Spanish number: the rest of 23 picks it. */
function isDni({ value }: Candidate): boolean {
  const plain = value.replace(/[ .-]/g, '').toUpperCase();
  const number = Number(plain.slice(0, -1).replace(/^[XYZ]/, (letter) => `${'XYZ'.indexOf(letter)}`));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === plain.at(-1);
}

/** Belgium: 97 less the first nine digits, with a 2 in front for those born since 2000. */
function isRijksregister(digits: string): boolean {
  const [body, check] = [digits.slice(0, 9), Number(digits.slice(9))];
  return 97 - (Number(body) % 97) === check || 97 - (Number(`2${body}`) % 97) === check;
}

/** Finland: the rest of 31 picks the letter. */
function isHetu({ value }: Candidate): boolean {
  const digits = value.slice(0, 6) + value.slice(7, 10);
  const born = isDayAndMonth(Number(value.slice(0, 2)), Number(value.slice(2, 4)));
  return born && '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(digits) % 31] === value.at(-1);
}

/** Receita Federal: two check digits, each 11 less the weighted sum. */
function isBrazilian(digits: string, first: readonly number[]): boolean {
  const check = (weights: readonly number[]) => {
    const rest = weighted(digits, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const second = [first[0] + 1, ...first];
  const weights = first.length === 12 ? [6, ...first] : second;
  const length = first.length;
  return (
    new Set(digits).size > 1 && check(first) === Number(digits[length]) && check(weights) === Number(digits[length + 1])
  );
}

/** ICA: S and T, F and G, and M have letters of their own. */
function isNric({ value }: Candidate): boolean {
  const [prefix, digits, letter] = [value[0].toUpperCase(), value.slice(1, 8), value[8].toUpperCase()];
  const start = { S: 0, T: 4, F: 0, G: 4, M: 3 }[prefix] ?? 0;
  const rest = (start + weighted(digits, [2, 7, 6, 5, 4, 3, 2])) % 11;
  const letters = prefix === 'M' ? 'XWUTRQPNJLK' : 'ST'.includes(prefix) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK';
  return letters[prefix === 'M' ? 10 - rest : rest] === letter;
}

/** Norway: two weighted sums modulo 11. */
function isFodselsnummer(digits: string): boolean {
  return (
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

const born = (digits: string) => isDayAndMonth(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)));

/** National and tax numbers. Where one in ten numbers would pass, a word has to name it. */
export const NATIONAL_IDS: readonly Recognizer[] = [
  id('US_SSN', /(?<![\d-])\d{3}([- ])\d{2}\1\d{4}(?![\d-])/g, (_, digits) => isSsn(digits)),
  id('US_ITIN', /(?<![\d-])9\d{2}([- ])\d{2}\1\d{4}(?![\d-])/g, (_, digits) => isItin(digits)),
  id('US_SSN', /(?<![\d.-])\d{9}(?![\d.-])/g, (_, digits) => isSsn(digits), ['ssn', 'social security']),
  id(
    'UK_NINO',
    /(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])/gi,
    ({ value }) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/i.test(value),
  ),
  id(
    'UK_NHS',
    /(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])/g,
    (_, digits) => weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
    ['nhs'],
  ),
  id('DE_TAX_ID', /(?<![\d-])[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?![\d-])/g, (_, digits) => mod1110(digits), [
    'steuer',
    'tax',
    'idnr',
    'tin',
    'identifikationsnummer',
  ]),
  id(
    'FR_NIR',
    /(?<![\d.])[12][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?![\d.])/gi,
    isNir,
  ),
  id(
    'IT_CODICE_FISCALE',
    /(?<![A-Za-z0-9])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![A-Za-z0-9])/gi,
    isCodiceFiscale,
  ),
  id('ES_DNI', /(?<![A-Za-z0-9-])(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ]-?\d{7})[- ]?[A-HJ-NP-TV-Z](?![A-Za-z0-9-])/gi, isDni),
  id(
    'NL_BSN',
    /(?<![\d.-])\d{9}(?![\d.-])/g,
    (_, digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
    ['bsn', 'burgerservice', 'sofi'],
  ),
  id('BE_RRN', /(?<!\d)\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?!\d)/g, (_, digits) => isRijksregister(digits)),
  id(
    'PL_PESEL',
    /(?<![\d.-])\d{11}(?![\d.-])/g,
    (_, digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
    ['pesel'],
  ),
  id(
    'PT_NIF',
    /(?<![\d.-])\d{9}(?![\d.-])/g,
    (_, digits) => {
      const rest = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return (rest < 2 ? 0 : 11 - rest) === Number(digits[8]);
    },
    ['nif', 'contribuinte'],
  ),
  id(
    'SE_PERSONNUMMER',
    /(?<![\d-])(?:\d{2})?\d{6}[-+]\d{4}(?![\d-])/g,
    (_, digits) => luhn(digits.slice(-10)) && born(digits.slice(-10)),
  ),
  id('FI_HETU', /(?<![A-Za-z0-9-])\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![A-Za-z0-9-])/g, isHetu),
  id(
    'DK_CPR',
    /(?<![\d-])\d{6}-?\d{4}(?![\d-])/g,
    (_, digits) => isDayAndMonth(Number(digits.slice(0, 2)), Number(digits.slice(2, 4))),
    ['cpr', 'personnummer'],
  ),
  id('NO_FNR', /(?<![\d.-])\d{6} ?\d{5}(?![\d.-])/g, (_, digits) => isFodselsnummer(digits), [
    'f\u00f8dsels',
    'personnummer',
    'fnr',
  ]),
  id(
    'CH_AHV',
    /(?<!\d)756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\d)/g,
    (_, digits) => weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  ),
  id('IN_AADHAAR', /(?<![\d-])[2-9]\d{3}([ -])\d{4}\1\d{4}(?![ -]?\d)/g, (_, digits) => verhoeff(digits)),
  id('IN_AADHAAR', /(?<![\d.-])[2-9]\d{11}(?![\d.-])/g, (_, digits) => verhoeff(digits), [
    'aadhaar',
    'aadhar',
    'uidai',
  ]),
  id('IN_PAN', /(?<![A-Za-z0-9])[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![A-Za-z0-9])/g, () => true),
  id('BR_CPF', /(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/g, (_, digits) =>
    isBrazilian(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]),
  ),
  id('BR_CPF', /(?<![\d.-])\d{11}(?![\d.-])/g, (_, digits) => isBrazilian(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]), [
    'cpf',
  ]),
  id('BR_CNPJ', /(?<!\d)\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}(?!\d)/g, (_, digits) =>
    isBrazilian(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]),
  ),
  id('CA_SIN', /(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{3}(?![\d-])/g, (_, digits) => luhn(digits), [
    'sin',
    'social insurance',
  ]),
  id(
    'AU_TFN',
    /(?<![\d-])\d{3} ?\d{3} ?\d{3}(?![\d-])/g,
    (_, digits) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
    ['tfn', 'tax file'],
  ),
  id(
    'AU_MEDICARE',
    /(?<![\d-])[2-6]\d{3} ?\d{5} ?\d(?![\d-])/g,
    (_, digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]),
    ['medicare'],
  ),
  id('SG_NRIC', /(?<![A-Za-z0-9])[STFGM]\d{7}[A-Z](?![A-Za-z0-9])/gi, isNric),
];

/** Numbers of documents, which look like anything: a word has to name them. */
export const DOCUMENTS: readonly Recognizer[] = [
  id('PASSPORT', /(?<![A-Za-z0-9])(?=[A-Z]{0,2}\d)[A-Z0-9]{6,9}(?![A-Za-z0-9])/g, (_, digits) => digits.length >= 5, [
    'passport',
    'reisepass',
    'passeport',
    'pasaporte',
  ]),
  id(
    'DRIVER_LICENSE',
    /(?<![A-Za-z0-9])(?:[A-Z]{1,3}[ -]?)?\d[A-Z0-9-]{4,15}(?![A-Za-z0-9])/g,
    (_, digits) => digits.length >= 5,
    ['driver', 'driving licen', 'f\u00fchrerschein', 'permis de conduire'],
  ),
];
