import { isDayAndMonth, luhn, mod97, mod1110, verhoeff, weighted } from './checksums';
import { type Candidate, digitsOf, isNear, type Recognizer } from './entity';
import { around, numbers } from './sight';

type Test = (candidate: Candidate, digits: string) => boolean;

/** An id of so many digits at least that its own form and check digits tell. */
export function proved(
  type: string,
  digits: number,
  pattern: RegExp,
  test: Test,
  asked?: { lettered: boolean },
): Recognizer {
  return {
    type,
    places: numbers(digits, asked),
    pattern,
    accept: (candidate) => test(candidate, digitsOf(candidate.value)),
  };
}

/** An id that one of these words has to name, because too many numbers would pass. */
export function named(type: string, words: readonly string[], pattern: RegExp, test: Test): Recognizer {
  // Short words begin and end many others.
  const near = new RegExp(
    words.map((word) => `(?<![a-z])${word}${word.length < 4 ? 's?(?![a-z])' : ''}`).join('|'),
    'i',
  );
  return {
    type,
    places: around(words, 48, 96),
    pattern,
    accept: (candidate) => isNear(near, candidate) && test(candidate, digitsOf(candidate.value)),
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
  const plain = value.replace(/[ .-]/g, '').toUpperCase().replace('2A', '19').replace('2B', '18');
  const month = Number(plain.slice(3, 5));
  return plain.length === 15 && month >= 1 && month <= 12 && 97 - mod97(plain.slice(0, 13)) === Number(plain.slice(13));
}

const ODD: Readonly<Record<string, number>> = Object.fromEntries(
  [...'0123456789'].map((digit, index) => [digit, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21][index]]),
);
const ODD_LETTERS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Decree of 23 December 1976: odd places by table, even places by value, modulo 26. Letters stand for digits where two people would have the same. */
function isCodiceFiscale({ value }: Candidate): boolean {
  const code = value.replaceAll(' ', '').toUpperCase();
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

/** BSI TR-03105 and ICAO Doc 9303: weights 7, 3, 1; letters count from 10 on. */
function isGermanCard({ value }: Candidate): boolean {
  const sum = [...value.slice(0, 9)].reduce(
    (total, character, index) => total + Number.parseInt(character, 36) * [7, 3, 1][index % 3],
    0,
  );
  return /\d/.test(value.slice(1, 9)) && sum % 10 === Number(value[9]);
}

const CPF = [10, 9, 8, 7, 6, 5, 4, 3, 2];
const CNPJ = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

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

const ELEVEN = /(?<![\w.-])\d{11}(?![\w-])/g;

/** National and tax numbers. Where one in ten numbers would pass, a word has to name it. */
export const NATIONAL_IDS: readonly Recognizer[] = [
  proved('US_SSN', 9, /(?<![\w-])\d{3}([- ])\d{2}\1\d{4}(?![\w-])/g, (_, digits) => isSsn(digits)),
  proved('US_ITIN', 9, /(?<![\w-])9\d{2}([- ])\d{2}\1\d{4}(?![\w-])/g, (_, digits) => isItin(digits)),
  named('US_SSN', ['ssn', 'social security'], /(?<![\w.-])\d{3}(\.?)\d{2}\1\d{4}(?![\w-])/g, (_, digits) =>
    isSsn(digits),
  ),
  proved(
    'UK_NINO',
    6,
    /(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]([ -]?)\d{2}\1\d{2}\1\d{2}[ -]?[A-D](?![A-Za-z0-9])/gi,
    ({ value }) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/i.test(value),
    { lettered: true },
  ),
  named(
    'UK_NINO',
    ['ni number', 'nino', 'national insurance'],
    /(?<![A-Za-z0-9])[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Z](?![A-Za-z0-9])/gi,
    () => true,
  ),
  named(
    'UK_NHS',
    ['nhs'],
    /(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])/g,
    (_, digits) => weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  ),
  named(
    'DE_TAX_ID',
    ['steuer', 'tax', 'taxpayer', 'idnr', 'tin', 'identifikationsnummer'],
    /(?<![\w-])[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?![\w-])/g,
    (_, digits) => mod1110(digits),
  ),
  named(
    'DE_ID_CARD',
    ['personalausweis', 'ausweis', 'id card', 'identity card'],
    /(?<![A-Za-z0-9])[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d(?:D)?(?![A-Za-z0-9])/g,
    isGermanCard,
  ),
  proved(
    'FR_NIR',
    13,
    /(?<![\w.])[12]([ .-]?)\d{2}\1\d{2}\1(?:\d{2}|2[AB])\1\d{3}\1\d{3}[ .-]?\d{2}(?!\w|\.\d)/gi,
    isNir,
  ),
  proved(
    'IT_CODICE_FISCALE',
    4,
    /(?<![A-Za-z0-9])[A-Z]{3} ?[A-Z]{3} ?[\dL-NP-V]{2}[A-EHLMPRST][\dL-NP-V]{2} ?[A-Z][\dL-NP-V]{3} ?[A-Z](?![A-Za-z0-9])/gi,
    isCodiceFiscale,
    { lettered: true },
  ),
  proved(
    'ES_DNI',
    7,
    /(?<![A-Za-z0-9-])(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ][- ]?\d{7})-?[A-HJ-NP-TV-Z](?![A-Za-z0-9-])/gi,
    isDni,
    { lettered: true },
  ),
  named('ES_DNI', ['dni', 'documento nacional'], /(?<![\w.-])\d{2}\.?\d{3}\.?\d{3} [A-HJ-NP-TV-Z](?![\w-])/g, isDni),
  named(
    'NL_BSN',
    ['bsn', 'burgerservice', 'sofi'],
    /(?<![\w.-])(?:\d{4}[. ]?\d{2}[. ]?\d{3}|\d{3}([. -])\d{3}\1\d{3})(?![\w-])/g,
    (_, digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
  ),
  proved('BE_RRN', 11, /(?<!\w)\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?!\w)/g, (_, digits) => isRijksregister(digits)),
  named(
    'BE_RRN',
    ['rijksregister', 'registre national', 'num\u00e9ro national', 'nationaal nummer', 'rrn', 'insz', 'niss'],
    ELEVEN,
    (_, digits) => isRijksregister(digits),
  ),
  named('PL_PESEL', ['pesel'], ELEVEN, (_, digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0),
  named('PT_NIF', ['nif', 'contribuinte'], /(?<![\w.-])\d{3} ?\d{3} ?\d{3}(?![\w-])/g, (_, digits) => {
    const rest = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    return (rest < 2 ? 0 : 11 - rest) === Number(digits[8]);
  }),
  proved(
    'SE_PERSONNUMMER',
    10,
    /(?<![\w-])(?:\d{2})?\d{6}[-+]\d{4}(?![\w-])/g,
    (_, digits) => luhn(digits.slice(-10)) && born(digits.slice(-10)),
  ),
  named(
    'SE_PERSONNUMMER',
    ['personnummer', 'personal identity number', 'swedish'],
    /(?<![\w.-])(?:\d{2})?\d{10}(?![\w-])/g,
    (_, digits) => luhn(digits.slice(-10)) && born(digits.slice(-10)),
  ),
  proved('FI_HETU', 9, /(?<![A-Za-z0-9-])\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![A-Za-z0-9-])/g, isHetu),
  named('DK_CPR', ['cpr', 'personnummer'], /(?<![\w-])\d{6}[- ]?\d{4}(?![\w-])/g, (_, digits) =>
    isDayAndMonth(Number(digits.slice(0, 2)), Number(digits.slice(2, 4))),
  ),
  named(
    'NO_FNR',
    ['f\u00f8dsels', 'fodsels', 'personnummer', 'fnr'],
    /(?<![\w.-])\d{6} ?\d{5}(?![\w-])/g,
    (_, digits) => isFodselsnummer(digits),
  ),
  proved(
    'CH_AHV',
    13,
    /(?<!\w)756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\w)/g,
    (_, digits) => weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  ),
  proved('IN_AADHAAR', 12, /(?<![\w-])[2-9]\d{3}([ -])\d{4}\1\d{4}(?!\w|[ -]\d)/g, (_, digits) => verhoeff(digits)),
  named(
    'IN_AADHAAR',
    ['aadhaar', 'aadhar', 'uidai'],
    /(?<![\w.-])[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}(?![\w-])/g,
    (_, digits) => verhoeff(digits),
  ),
  proved('IN_PAN', 4, /(?<![A-Za-z0-9])[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![A-Za-z0-9])/g, () => true, {
    lettered: true,
  }),
  proved('BR_CPF', 11, /(?<!\w)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)/g, (_, digits) => isBrazilian(digits, CPF)),
  named('BR_CPF', ['cpf'], /(?<![\w.-])(?:\d{3}[. ]?){3}[- ]?\d{2}(?![\w-])/g, (_, digits) => isBrazilian(digits, CPF)),
  proved('BR_CNPJ', 14, /(?<!\w)\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}(?!\w)/g, (_, digits) => isBrazilian(digits, CNPJ)),
  named('BR_CNPJ', ['cnpj'], /(?<![\w.-])\d{14}(?![\w-])/g, (_, digits) => isBrazilian(digits, CNPJ)),
  named('CA_SIN', ['sin', 'social insurance'], /(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{3}(?![\w-])/g, (_, digits) =>
    luhn(digits),
  ),
  named(
    'AU_TFN',
    ['tfn', 'tax file'],
    /(?<![\w-])\d{3} ?\d{3} ?\d{3}(?![\w-])/g,
    (_, digits) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  ),
  named(
    'AU_MEDICARE',
    ['medicare'],
    /(?<![\w-])[2-6]\d{3}[ -]?\d{5}[ -]?\d(?![\w-])/g,
    (_, digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]),
  ),
  proved('SG_NRIC', 7, /(?<![A-Za-z0-9])[STFGM]\d{7}[A-Z](?![A-Za-z0-9])/gi, isNric, { lettered: true }),
];

/** Numbers of documents, which look like anything: a word has to name them. */
export const DOCUMENTS: readonly Recognizer[] = [
  named(
    'PASSPORT',
    ['passport', 'reisepass', 'passeport', 'pasaporte'],
    /(?<![A-Za-z0-9])(?=[A-Z]{0,2}\d)[A-Z0-9]{6,9}(?![A-Za-z0-9])/g,
    (_, digits) => digits.length >= 5,
  ),
  named(
    'DRIVER_LICENSE',
    ['driver', 'driving licen', 'f\u00fchrerschein', 'permis de conduire'],
    /(?<![A-Za-z0-9])(?:[A-Z]{1,3}[ -]?)?\d[A-Z0-9-]{4,15}(?![A-Za-z0-9])/g,
    (_, digits) => digits.length >= 5,
  ),
];
