/* Writes protocol buffers, as far as small ONNX models need them. */

/** A message of these fields. */
export function message(...fields: Buffer[]): Buffer {
  return Buffer.concat(fields);
}

/** A text, or its bytes. */
export function text(id: number, content: string): Buffer {
  return field(id, Buffer.from(content));
}

/** A field of bytes or of a message. */
export function field(id: number, content: Buffer): Buffer {
  return Buffer.concat([varint((id << 3) | 2), varint(content.length), content]);
}

/** A whole number from 0 to 2^31 - 1. */
export function number(id: number, content: number): Buffer {
  return Buffer.concat([varint(id << 3), varint(content)]);
}

function varint(content: number): Buffer {
  const bytes: number[] = [];
  let rest = content;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}
