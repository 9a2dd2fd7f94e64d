import { luhn, mod97, weighted } from './checksums';
import { type Candidate, digitsOf, isAfter, isNear, type Recognizer } from './entity';
import { around, everywhere, numbers } from './sight';

const CARD_WORDS = /card|credit|debit|\bcc\b|visa|maestro|payment|charge|karte|carte|tarjeta/i;
const OTHER_NUMBER =
  /order|invoice|ticket|tracking|reference|\bref\b|serial|parcel|shipment|timestamp|build|commit|transaction id/i;

/** Lengths by first digits: ISO/IEC 7812 ranges as the networks publish them. */
const ISSUERS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^3(?:0[0-59]|[689])/, lengths: [14, 16, 17, 18, 19] },
  { prefix: /^35/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:2131|1800)/, lengths: [15] },
  { prefix: /^6(?:011|4[4-9]|5|2)/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:220[0-4]|60|81|82|508)/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:50|5[6-9]|6)/, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
];

function isCard(candidate: Candidate): boolean {
  const digits = digitsOf(candidate.value);
  if (digits.length < 12 || digits.length > 19 || !luhn(digits) || /^00|^(\d)\1*$/.test(digits)) {
    return false;
  }
  // One number in ten passes the check: a word says that it is a card, or an issuer's range, if nothing else is named.
  return (
    isNear(CARD_WORDS, candidate) ||
    (digits.length > 13 &&
      ISSUERS.some(({ prefix, lengths }) => prefix.test(digits) && lengths.includes(digits.length)) &&
      !isAfter(OTHER_NUMBER, candidate))
  );
}

/** Lengths by country: the IBAN registry of SWIFT, release 99. */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 ' +
    'GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 ' +
    'MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 ' +
    'VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The country says how long it is; words may follow. A word says that it is one where the country is not in the registry. */
function isIban(candidate: Candidate): boolean | number {
  const { text, value, start, end } = candidate;
  const length = IBAN_LENGTHS[value.slice(0, 2).toUpperCase()] ?? 0;
  let plain = '';
  let taken = 0;
  for (; taken < value.length && plain.length < length; taken += 1) {
    plain += /[ -]/.test(value[taken]) ? '' : value[taken];
  }
  if (plain.length === length && !/[\w+=-]/.test(text[start + taken] ?? '') && isIbanChecked(plain)) {
    return taken;
  }
  const word = value.split(/[ -]/)[0];
  const named = word.length >= 15 && !/[\w+/=-]/.test(text[end] ?? '') && isNear(/iban/i, candidate);
  return named && isIbanChecked(word) && word.length;
}

function isIbanChecked(plain: string): boolean {
  return plain.length >= 15 && mod97(plain.slice(4) + plain.slice(0, 4)) === 1;
}

function isRouting(candidate: Candidate): boolean {
  const digits = digitsOf(candidate.value);
  return (
    weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 &&
    isNear(/routing|\baba\b|\brtn\b|transit number/i, candidate)
  );
}

/** Account numbers of the world: length by country, and two check digits. */
export const IBAN: Recognizer = {
  type: 'IBAN',
  pattern: /(?<![A-Za-z0-9+_-])[A-Za-z]{2}\d{2}(?:(?: ?[A-Za-z0-9]){11,30}|(?:-[A-Za-z0-9]{1,4}){3,8})/g,
  places: everywhere,
  accept: isIban,
};

/** Numbers of cards and accounts. */
export const FINANCIAL: readonly Recognizer[] = [
  {
    type: 'CARD',
    places: numbers(12),
    pattern: /(?<![\w.+-])(?:\d{12,19}|\d{4,6}( {1,2}|\.| ?- ?)\d{3,8}(?:\1\d{3,8}){0,2}(?:\1\d{1,4})?)(?!\w|[.-]\d)/g,
    accept: isCard,
  },
  {
    type: 'ROUTING_NUMBER',
    pattern: /(?<![\d.-])\d{9}(?![\d.-])/g,
    places: around(['routing', 'aba', 'rtn', 'transit number'], 40, 80),
    accept: isRouting,
  },
  {
    type: 'BANK_ACCOUNT',
    pattern: /(?<![\d.-])\d{6,17}(?![\d.-])/g,
    places: around(['account n', 'account #', 'acct', 'kontonummer', 'compte n'], 0, 64),
    accept: (candidate) =>
      isAfter(
        /(?:account (?:number|no|nr|num|#)|acct|kontonummer|compte n\w{0,5})\.?(?: is)?[:# ]{0,3}$/i,
        candidate,
        32,
      ),
  },
  {
    type: 'BIC',
    pattern: /(?<![A-Za-z0-9])[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])/g,
    places: around(['swift', 'bic'], 0, 40),
    accept: (candidate) => isAfter(/(?:swift|bic)[^.\n]{0,16}$/i, candidate),
  },
];
