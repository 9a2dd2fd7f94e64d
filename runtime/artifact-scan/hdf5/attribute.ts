import { address, brokenHdf5, type FileImage } from './image';

/** A named value of an object; the text is undefined where it is something else. */
export interface Attribute {
  readonly name: string;
  readonly text: string | undefined;
}

const STRING = 3;
const VARIABLE = 9;
const VARIABLE_STRING = 1;
const MAXIMUM_COLLECTION = 64 * 2 ** 20;

/** Reads an attribute message (HDF5 File Format Specification 3.0, IV.A.2.m). */
export function readAttribute(image: FileImage, data: Buffer): Attribute {
  if (data.length < 8) {
    throw brokenHdf5();
  }
  const version = data[0];
  const shared = version > 1 && (data[1] & 3) !== 0;
  if (version < 1 || version > 3 || shared) {
    throw brokenHdf5();
  }
  const padded = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const name = version === 3 ? 9 : 8;
  const type = name + padded(data.readUInt16LE(2));
  const space = type + padded(data.readUInt16LE(4));
  const value = space + padded(data.readUInt16LE(6));
  if (value > data.length || space - type < 8) {
    throw brokenHdf5();
  }
  const text = data.subarray(name, type).toString('utf8');
  return {
    name: text.slice(0, text.indexOf('\0') < 0 ? undefined : text.indexOf('\0')),
    text: isSingle(data.subarray(space, value))
      ? readText(image, data.subarray(type, space), data.subarray(value))
      : undefined,
  };
}

/** Whether a dataspace has one element. */
function isSingle(space: Buffer): boolean {
  if (space.length < 4) {
    throw brokenHdf5();
  }
  const dimensions = space[0] === 1 ? 8 : 4;
  const sides = Array.from({ length: space[1] }, (_, index) => address(space, dimensions + 8 * index));
  return (space[0] === 1 || space[3] !== 2) && sides.every((side) => side === 1);
}

function readText(image: FileImage, type: Buffer, value: Buffer): string | undefined {
  const kind = type[0] & 0x0f;
  if (kind === STRING) {
    const bytes = value.subarray(0, type.readUInt32LE(4));
    const end = bytes.indexOf(0);
    return (end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
  }
  if (kind === VARIABLE && (type[1] & 0x0f) === VARIABLE_STRING) {
    if (value.length < 16) {
      throw brokenHdf5();
    }
    const heap = address(value, 4);
    return heap
      ? heapObject(image, heap, value.readUInt32LE(12)).subarray(0, value.readUInt32LE(0)).toString('utf8')
      : '';
  }
  return undefined;
}

/** An object of a global heap (III.E). */
function heapObject(image: FileImage, heap: number, wanted: number): Buffer {
  const header = image.read(heap, 16);
  const size = address(header, 8) ?? 0;
  if (header.subarray(0, 4).toString('latin1') !== 'GCOL' || size > MAXIMUM_COLLECTION) {
    throw brokenHdf5();
  }
  const collection = image.read(heap, size);
  for (let at = 16; at + 16 <= size; ) {
    const length = address(collection, at + 8) ?? -1;
    if (length < 0 || at + 16 + length > size) {
      throw brokenHdf5();
    }
    if (collection.readUInt16LE(at) === wanted) {
      return collection.subarray(at + 16, at + 16 + length);
    }
    at += 16 + Math.ceil(length / 8) * 8;
  }
  throw brokenHdf5();
}
