/** One element of DER (X.690): its tag, its content, and the whole with its head. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** Tags that certificates are made of. */
export const DER = { boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, sequence: 0x30 };

/**
 * The elements that fill `bytes`, one behind the other. Lengths must be definite, shortest, and of at most two bytes:
 * no certificate in an attestation document is longer than 1,024.
 *
 * Throws RangeError.
 */
export function derElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { start, length } = contentAt(bytes, at);
    if (start + length > bytes.length) {
      throw new RangeError('an element longer than what holds it');
    }
    const end = start + length;
    elements.push({ tag: bytes[at], content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

/** The one element that fills `bytes`, and has this tag. Throws RangeError. */
export function derElement(bytes: Uint8Array, tag: number): DerElement {
  const [element, ...others] = derElements(bytes);
  if (element?.tag !== tag || others.length > 0) {
    throw new RangeError(`not one element of tag ${tag}`);
  }
  return element;
}

function contentAt(bytes: Uint8Array, at: number): { start: number; length: number } {
  const [first, second, third] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (first < 0x80) {
    return { start: at + 2, length: first };
  }
  if (first === 0x81 && second >= 0x80) {
    return { start: at + 3, length: second };
  }
  if (first === 0x82 && second > 0 && third !== undefined) {
    return { start: at + 4, length: second * 0x100 + third };
  }
  throw new RangeError('a length that is not DER');
}
