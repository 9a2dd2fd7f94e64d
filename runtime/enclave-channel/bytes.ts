/** No bytes. */
export const NOTHING: Uint8Array = new Uint8Array();

/** One after the other, in an array of their own. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

const ENCODER = new TextEncoder();

/** Bytes of a text. */
export function utf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes in lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += HEX[byte];
  }
  return text;
}

/** Bytes of pairs of hexadecimal digits. Throws TypeError for anything else. */
export function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(text)) {
    throw new TypeError('not hexadecimal');
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes in base64url without padding (RFC 4648, 5). */
export function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Bytes of what `toBase64url` writes, and of nothing else. Throws TypeError. */
export function fromBase64url(text: string): Uint8Array {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) {
    throw new TypeError('not base64url');
  }
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  if (toBase64url(bytes) !== text) {
    throw new TypeError('not base64url');
  }
  return bytes;
}
