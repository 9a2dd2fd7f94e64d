import { type Candidate, digitsOf, isAfter, isNear, type Recognizer } from './entity';
import { around, numbers } from './sight';

/** Words that speak of a number to be called, near groups of digits. */
const PHONE_WORDS =
  /phone|\btel\b|tel[.:]|mobile|mob[.:]|\bcell|\bfax|\bdesk\b|\boffice\b|\bcall|\bring\b|\bdial|\btext (?:me|us)|\bsms\b|message|whats ?app|contact|reach|answering|hotline|registered|\bhome:|\bwork:|direct line|extension|telefon|t\u00e9l\u00e9phone|handy|m\u00f3vil|\u7535\u8bdd|\u96fb\u8a71|\u624b\u673a|\u624b\u6a5f|\u643a\u5e2f|\uc804\ud654|\u0442\u0435\u043b\u0435\u0444\u043e\u043d|(?:my|your|his|her|their|our|new|old) number|number is/i;
/** Words that leave no doubt, right before digits in a row or right behind them. */
const PHONE_LABEL =
  /(?:phone|\u7535\u8bdd|\u96fb\u8a71|\u624b\u673a|\u624b\u6a5f|\u643a\u5e2f|\uc804\ud654|\u0442\u0435\u043b\u0435\u0444\u043e\u043d|\btel|mobile|\bcell|\bfax|whats ?app|\bsms|hotline|(?:my|your|his|her|their|our|contact) number|\bdesk|\boffice|\bhome|\bwork|\b(?:call|contact|text|ring|dial|reach)(?: (?:me|us|him|her|them))?(?: (?:on|at|back))?)(?: no\.?| number|\u53f7\u7801?|\u756a\u53f7)?(?: is| was)?[.: #'"(-]{0,3}\s?$/i;
const PHONE_BEHIND =
  /^[ ,.)]{0,2}(?:is |still |as )*(?:my|your|his|her|their|our|the|a)? ?(?:new |old |direct )?(?:phone|mobile|cell|fax|number)/i;
const UNBROKEN = /^\d+$/;
/** Dates, seconds and milliseconds since 1970, round numbers. */
const NO_UNBROKEN = /^(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{6})?|1\d{9}|1\d{12})$|0{5}$/;
const OTHER_NUMBER =
  /order|invoice|ticket|tracking|reference|\bref\b|serial|parcel|version|\bv$|build|commit|isbn|issn|\bsku\b|model|article|item|account|case|id[:# ]{1,2}$|#$|\$ ?$|\u20ac ?$|\u00a3 ?$|port |error|code|page|line |rev(?:ision)?|request|\b(?:took|total|size|bytes|count|offset|pid|uid)\b/i;

/** Dates, numbers with a decimal point, addresses of machines, book numbers: never a number to be called, whatever stands near. */
const NEVER = [
  /^(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}$/,
  /^(?:0?[1-9]|[12]\d|3[01])([-./ ])(?:0?[1-9]|[12]\d|3[01])\1(?:19|20)\d\d$/,
  /^\d{4}-\d{2}-\d{2}/,
  /^\d{1,6}\.(?!\d{4}$)\d{1,8}$/,
  /^\d{1,3}(?:\.\d{1,3}){3}$/,
  /^97[89][- ]\d[- ]/,
];

/** Short dates, amounts, ranges, and what several of these make together: no number to be called unless a word says so. */
const NO_PHONE = [
  /^\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})$/,
  /^\d{1,3}(?:[. ]\d{3}){1,3}$/,
  /^\d{4}(?: ?- ?|\.)\d{4}$/,
  /^(\d)\1*$/,
  /^\d{1,2}([-./])\d{1,2}\1(?:\d{4}|\d{2}) /,
  / \d{1,4}\.\d{1,3}$|^\d{1,4}\.\d{1,3} /,
  /\..*-|-.*\./,
];

/** ITU-T E.164: at most fifteen digits; a plus or the international prefix says what follows. */
function isPhone(candidate: Candidate): boolean {
  const value = candidate.value.replace(/(?: ?(?:x|ext\.?|extension) ?\d{1,6})$/i, '');
  const digits = digitsOf(value);
  // Behind digits with blanks or points a comma begins decimals; elsewhere the next field.
  const decimals = /^,\d/.test(candidate.text.slice(candidate.end, candidate.end + 2)) && !/[-+()]/.test(value);
  if (decimals || digits.length < 7 || digits.length > 15 || NEVER.some((pattern) => pattern.test(value))) {
    return false;
  }
  if (/^\+/.test(value)) {
    return digits.length >= 8;
  }
  if (isOfBytes(candidate) || (/ [-/] /.test(value) && !/^\(?0[1-9]/.test(value))) {
    return false;
  }
  // Digits in a row need a label at them; a group of digits, a word nearby.
  if (UNBROKEN.test(value)) {
    return isLabelled(candidate, value) && !NO_UNBROKEN.test(value) && !isAfter(OTHER_NUMBER, candidate);
  }
  if (isNear(PHONE_WORDS, candidate)) {
    return true;
  }
  if (isAfter(OTHER_NUMBER, candidate) || NO_PHONE.some((pattern) => pattern.test(value))) {
    return false;
  }
  return isInternational(value, digits) || isNorthAmerican(value, digits) || isGrouped(value, digits);
}

/** Pairs of digits within a dump of bytes in hexadecimal. */
function isOfBytes({ text, value, start, end }: Candidate): boolean {
  return (
    /^\d\d(?: \d\d)+$/.test(value) &&
    (/(?:[\da-f][a-f]|[a-f]\d) $/i.test(text.slice(Math.max(0, start - 3), start)) ||
      /^ (?:[\da-f][a-f]|[a-f]\d)(?!\w)/i.test(text.slice(end, end + 4)))
  );
}

function isLabelled(candidate: Candidate, digits: string): boolean {
  const { text, end } = candidate;
  return isAfter(PHONE_LABEL, candidate) || (digits.length > 7 && PHONE_BEHIND.test(text.slice(end, end + 40)));
}

function isInternational(value: string, digits: string): boolean {
  return /^00[1-9]/.test(value) && digits.length >= 10 && /^[^.]*[ ()/-][^.]*$/.test(value);
}

/** NANP: neither area nor exchange begins with 0 or 1. */
function isNorthAmerican(value: string, digits: string): boolean {
  const national = digits.replace(/^1(?=\d{10}$)/, '');
  return (
    /^[2-9]\d{2}[2-9]\d{6}$/.test(national) &&
    /^(?:1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}$|^[2-9]\d{9}$/.test(value)
  );
}

/** A trunk prefix in front of groups, or an area in brackets. */
function isGrouped(value: string, digits: string): boolean {
  const trunk =
    /^\(?0[1-9]/.test(value) && digits.length >= 9 && digits.length <= 12 && /\d[ /().-]{1,3}\d/.test(value);
  const area = /^\(\d{2,5}\) ?\d{2,5}[- ]?\d{3,4}$/.test(value);
  return trunk || area;
}

/** Hosts that are set aside for documents (RFC 2606, RFC 6761) say nothing of anybody. */
const NOBODY = /(?:^|\.)(?:example(?:\.(?:com|org|net))?|test|invalid|localhost|local|internal)$/i;

function isSite({ value }: Candidate): boolean {
  const host = value.replace(/^https?:\/\//i, '').replace(/[/.]+$/, '');
  return host.includes('.') && !NOBODY.test(host);
}

/** Letters of alphabets, which words are written apart in: in Chinese or Japanese an address stands right between words. */
const LETTER = 'A-Za-z0-9\\u00c0-\\u1fff';
const EMAIL = new RegExp(
  `(?<![${LETTER}_])[${LETTER}_](?:[${LETTER}._%+'-]{0,62}[${LETTER}_+-])?(?:@|%40)(?:[${LETTER}](?:[${LETTER}-]{0,61}[${LETTER}])?\\.){1,8}[A-Za-z\\u00c0-\\u1fff]{2,24}(?![${LETTER}])`,
  'g',
);

/** Addresses that their own form tells: mail and sites. */
export const ADDRESSES: readonly Recognizer[] = [
  {
    type: 'EMAIL',
    pattern: EMAIL,
    places: around(['@', '%40'], 66, 280),
  },
  // A site of nothing but its name is somebody's; a path leads to a document.
  {
    type: 'URL',
    pattern: /(?<![\w/])https?:\/\/[\w.-]{4,253}\/?(?![\w/?#:@%<{$-]|\.\w)/gi,
    places: around(['://'], 8, 264),
    accept: isSite,
  },
];

/** Numbers to be called. */
export const PHONE: Recognizer = {
  type: 'PHONE',
  pattern:
    /(?<![\w./+-]|\d[ )':]|\d,(?![+(]))(?:\+ ?)?(?:\(\+?\d{1,5}\)[ ./-]?)?\d{1,15}(?!\d)(?:(?: ?\/ ?| ?- ?|[ .])?(?:\(\d{1,5}\)[ ./-]?)?\d{1,12}(?!\d)){0,7}(?: ?(?:x|ext\.?|extension) ?\d{1,6})?(?![\w]|[.:/-]\d|-\w|@)/gi,
  places: numbers(7),
  accept: isPhone,
};
