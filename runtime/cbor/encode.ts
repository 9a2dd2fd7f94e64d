import { type CborMap, CborTag, type CborValue } from './decode';

/** Encodes a value with shortest heads and definite lengths; the order of keys is the map's own. */
export function encodeCbor(value: CborValue): Uint8Array {
  const parts: Uint8Array[] = [];
  write(value, parts);
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const SIMPLE = new Map<CborValue, number>([
  [false, 0xf4],
  [true, 0xf5],
  [null, 0xf6],
]);

function write(value: CborValue, parts: Uint8Array[]): void {
  const simple = SIMPLE.get(value);
  if (simple !== undefined) {
    parts.push(Uint8Array.of(simple));
  } else if (typeof value === 'number') {
    parts.push(value < 0 ? head(1, -1 - value) : head(0, value));
  } else if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    parts.push(head(3, text.length), text);
  } else if (value instanceof Uint8Array) {
    parts.push(head(2, value.length), value);
  } else if (value instanceof CborTag) {
    parts.push(head(6, value.tag));
    write(value.value, parts);
  } else if (value instanceof Map) {
    writeMap(value, parts);
  } else {
    const items = value as readonly CborValue[];
    parts.push(head(4, items.length));
    for (const item of items) {
      write(item, parts);
    }
  }
}

function writeMap(map: CborMap, parts: Uint8Array[]): void {
  parts.push(head(5, map.size));
  for (const [key, value] of map) {
    write(key, parts);
    write(value, parts);
  }
}

function head(major: number, argument: number): Uint8Array {
  if (argument < 24) {
    return Uint8Array.of((major << 5) | argument);
  }
  const [short, size] =
    argument < 0x100 ? [24, 1] : argument < 0x10000 ? [25, 2] : argument < 0x100000000 ? [26, 4] : [27, 8];
  const bytes = new Uint8Array(1 + size);
  bytes[0] = (major << 5) | short;
  let rest = argument;
  for (let at = size; at > 0; at -= 1) {
    bytes[at] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  return bytes;
}
