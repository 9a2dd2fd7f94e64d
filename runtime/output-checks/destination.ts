import type { AllowedHosts } from './hosts';

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** Schemes that lead somewhere, or do something, even without slashes behind them. */
const KNOWN = /^(?:https?|ftp|wss?|javascript|vbscript|data|file|blob|mailto|tel|sms|view-source):/i;
/** Drives of Windows. */
const DRIVE = /^[a-z]:[\\/]/i;

/**
 * Whether a destination leads to a host that is not allowed, or is no link of the web. Relative ones lead nowhere else.
 *
 * `certain`: it stands where only links stand, so that any scheme is one.
 */
export function leadsOutside(destination: string, allowed: AllowedHosts, certain: boolean): boolean {
  // URL parsers leave these out: "Basic URL parser" of the URL standard.
  const plain = dereferenced(destination)
    .replace(/^[\0- "']+|[\0- ]+$/g, '')
    .replace(/[\t\n\r]+/g, '');
  if (/^[\\/]{2}/.test(plain)) {
    return !isAllowed(`https:${plain}`, allowed);
  }
  if (!SCHEME.test(plain) || DRIVE.test(plain)) {
    return false;
  }
  return (certain || KNOWN.test(plain) || /^[^:]+:\/\//.test(plain)) && !isAllowed(plain, allowed);
}

/** A scheme and slashes alone lead nowhere. */
const EMPTY = /^[a-z]+:[\\/]*$/i;
/** A name before the host deceives readers, and a turned slash parsers: a link that is meant has neither. */
const DECEIVING = /^[a-z]+:\/*[^/?#]*[\\@]/i;

function isAllowed(url: string, allowed: AllowedHosts): boolean {
  if (EMPTY.test(url)) {
    return true;
  }
  if (!/^https?:/i.test(url) || DECEIVING.test(url) || !URL.canParse(url)) {
    return false;
  }
  return allowed.has(new URL(url).host);
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  bsol: '\\',
  colon: ':',
  commat: '@',
  newline: '\n',
  num: '#',
  period: '.',
  quest: '?',
  quot: '"',
  sol: '/',
  tab: '\t',
};

/** With the character references that can spell a scheme or a host (HTML, "Named character references"). */
function dereferenced(text: string): string {
  if (!text.includes('&')) {
    return text;
  }
  return text.replace(/&(?:#(\d{1,9})|#x([0-9a-f]{1,8})|([a-z]{1,12}));?/gi, (whole, decimal, hexadecimal, name) => {
    const point = decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16);
    return name ? (NAMED[name.toLowerCase()] ?? whole) : point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  });
}
