import { isDayAndMonth, luhn, mod1110, weighted } from './checksums';
import type { Recognizer } from './entity';
import { named, proved } from './national-ids';

/** GB 11643-1999: ISO/IEC 7064, MOD 11-2, over a place, a day of birth and a serial number. */
function isChinese(id: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return '10X98765432'[weighted(id, weights) % 11] === id[17].toUpperCase();
}

/** South Korea. Since October 2020 the last digits are random: then a word has to name it. */
function isKorean(digits: string): boolean {
  return (11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(digits[12]);
}

/** Turkey: two check digits. */
function isTurkish(digits: string): boolean {
  const first = weighted(digits, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10;
  const second = weighted(digits, Array(10).fill(1)) % 10;
  return (first + 10) % 10 === Number(digits[9]) && second === Number(digits[10]);
}

/** Chile: weights 2 to 7 from the right, K for ten. */
function isRut(value: string): boolean {
  const body = value.replace(/[.-]/g, '').slice(0, -1);
  const weights = Array.from(body, (_, index) => ((body.length - 1 - index) % 6) + 2);
  return '0K987654321'[weighted(body, weights) % 11] === value.at(-1)?.toUpperCase();
}

/** Argentina: 11 less the weighted sum. */
function isCuit(digits: string): boolean {
  return (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(digits[10]);
}

/** Thailand: weights 13 to 2. */
function isThai(digits: string): boolean {
  return (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(digits[12]);
}

/** Hong Kong: letters count from 10 on, a blank in front of a single one 36; weights 9 to 1. */
function isHongKong(value: string): boolean {
  const plain = value.replace(/[()]/g, '').toUpperCase();
  const values = Array.from(plain, (character) => Number.parseInt(character, 36));
  const padded = values.length === 8 ? [36, ...values] : values;
  return padded.reduce((sum, each, index) => sum + each * (9 - index), 0) % 11 === 0;
}

/** Czechia and Slovakia: a multiple of 11; women's months are 50 more, and where a day is used up 20. */
function isRodneCislo(digits: string): boolean {
  const month = (Number(digits.slice(2, 4)) % 50) % 20;
  return isDayAndMonth(Number(digits.slice(4, 6)), month) && Number(digits) % 11 === 0;
}

/** Estonia and Lithuania: a second row of weights where the first leaves ten. */
function isBaltic(digits: string): boolean {
  const rest = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = rest < 10 ? rest : (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === Number(digits[10]);
}

const ELEVEN = /(?<![\w.-])\d{11}(?![\w-])/g;
const THIRTEEN = /(?<![\w.-])\d{13}(?![\w-])/g;
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
const MONTH = '(?:0[1-9]|1[0-2])';

/** National numbers of Asia, Latin America, Africa, and the east of Europe. */
export const WORLD_IDS: readonly Recognizer[] = [
  proved(
    'CN_RESIDENT_ID',
    17,
    new RegExp(`(?<![\\w.-])[1-9]\\d{5}(?:19|20)\\d\\d${MONTH}${DAY}\\d{3}[\\dXx](?![\\w-])`, 'g'),
    ({ value }) => isChinese(value),
  ),
  proved('KR_RRN', 13, new RegExp(`(?<![\\w-])\\d\\d${MONTH}${DAY}-[1-8]\\d{6}(?![\\w-])`, 'g'), (_, digits) =>
    isKorean(digits),
  ),
  named(
    'KR_RRN',
    ['\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638', 'resident registration', 'rrn'],
    new RegExp(`(?<![\\w-])\\d\\d${MONTH}${DAY}-?[1-8]\\d{6}(?![\\w-])`, 'g'),
    () => true,
  ),
  named('TR_KIMLIK', ['kimlik', 'tckn'], ELEVEN, (_, digits) => digits[0] !== '0' && isTurkish(digits)),
  named(
    'IL_ID',
    ['teudat', 'israeli id', '\u05ea\u05e2\u05d5\u05d3\u05ea \u05d6\u05d4\u05d5\u05ea'],
    /(?<![\w.-])\d{9}(?![\w-])/g,
    (_, digits) => luhn(digits),
  ),
  named(
    'ZA_ID',
    ['id number', 'id no', 'south african id'],
    THIRTEEN,
    (_, digits) => isDayAndMonth(Number(digits.slice(4, 6)), Number(digits.slice(2, 4))) && luhn(digits),
  ),
  proved('TH_ID', 13, /(?<![\w-])\d-\d{4}-\d{5}-\d{2}-\d(?![\w-])/g, (_, digits) => isThai(digits)),
  proved('HK_ID', 6, /(?<![A-Za-z0-9])[A-Z]{1,2}\d{6}\([\dA]\)/g, ({ value }) => isHongKong(value), { lettered: true }),
  proved('CL_RUT', 7, /(?<![\w.-])\d{1,2}\.\d{3}\.\d{3}-[\dKk](?![\w-])/g, ({ value }) => isRut(value)),
  proved('AR_CUIT', 11, /(?<![\w-])(?:2[03478]|3[034])-\d{8}-\d(?![\w-])/g, (_, digits) => isCuit(digits)),
  proved(
    'MX_CURP',
    6,
    new RegExp(`(?<![A-Za-z0-9])[A-Z][AEIOUX][A-Z]{2}\\d\\d${MONTH}${DAY}[HMX][A-Z]{5}[A-Z\\d]\\d(?![A-Za-z0-9])`, 'g'),
    () => true,
    { lettered: true },
  ),
  named(
    'RO_CNP',
    ['cnp', 'cod numeric'],
    THIRTEEN,
    (_, digits) => '01234567891'[weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11] === digits[12],
  ),
  named(
    'BG_EGN',
    ['egn', '\u0435\u0433\u043d'],
    /(?<![\w.-])\d{10}(?![\w-])/g,
    (_, digits) => (weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === Number(digits[9]),
  ),
  named('HR_OIB', ['oib'], ELEVEN, (_, digits) => mod1110(digits)),
  named('GR_AMKA', ['amka', '\u03b1\u03bc\u03ba\u03b1'], ELEVEN, (_, digits) => luhn(digits)),
  named('EE_LT_ID', ['isikukood', 'asmens kodas'], ELEVEN, (_, digits) => isBaltic(digits)),
  proved('CZ_RODNE_CISLO', 10, /(?<![\w/-])\d{6}\/\d{4}(?![\w/-])/g, (_, digits) => isRodneCislo(digits)),
  named(
    'AT_SVNR',
    ['svnr', 'sozialversicherungsnummer'],
    /(?<![\w.-])[1-9]\d{3} ?\d{6}(?![\w-])/g,
    (_, digits) => weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(digits[3]),
  ),
  named(
    'AU_ABN',
    ['abn'],
    /(?<![\w.-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-])/g,
    (_, digits) => (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0,
  ),
];
