import { address, brokenHdf5, type FileImage } from './image';

/** One message of an object header (HDF5 File Format Specification 3.0, IV.A.2). */
export interface HeaderMessage {
  readonly type: number;
  /** Kept elsewhere, for several objects. */
  readonly shared: boolean;
  readonly data: Buffer;
}

const CONTINUATION = 0x10;
/** Blocks and messages of one object. */
const MAXIMUM_BLOCKS = 1000;
const MAXIMUM_MESSAGES = 100_000;

interface Block {
  readonly start: number;
  readonly length: number;
}

/** The messages of the object at `at`, of either version of the header. */
export function headerMessages(image: FileImage, at: number): HeaderMessage[] {
  const prefix = image.read(at, 6);
  return prefix.subarray(0, 4).toString('latin1') === 'OHDR'
    ? version2(image, at, prefix)
    : version1(image, at, prefix);
}

function version1(image: FileImage, at: number, prefix: Buffer): HeaderMessage[] {
  if (prefix[0] !== 1) {
    throw brokenHdf5();
  }
  const length = image.read(at + 8, 4).readUInt32LE();
  return follow(image, { start: at + 16, length }, (block, index) => {
    const data = index + 8 <= block.length ? index + 8 : 0;
    return data === 0
      ? undefined
      : message(block, {
          type: block.readUInt16LE(index),
          size: block.readUInt16LE(index + 2),
          flags: block[index + 4],
          data,
        });
  });
}

function version2(image: FileImage, at: number, prefix: Buffer): HeaderMessage[] {
  const flags = prefix[5];
  const before = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  const length =
    width === 8 ? (address(image.read(at + before, 8), 0) ?? 0) : image.read(at + before, width).readUIntLE(0, width);
  const head = flags & 0x04 ? 6 : 4;
  const parse = (block: Buffer, index: number) =>
    index + head <= block.length
      ? message(block, {
          type: block[index],
          size: block.readUInt16LE(index + 1),
          flags: block[index + 3],
          data: index + head,
        })
      : undefined;
  return follow(image, { start: at + before + width, length }, parse, (block) => {
    // A continuation begins with its signature and ends with a checksum.
    if (image.read(block.start, 4).toString('latin1') !== 'OCHK') {
      throw brokenHdf5();
    }
    return { start: block.start + 4, length: block.length - 8 };
  });
}

interface Parsed extends HeaderMessage {
  readonly next: number;
}

function message(
  block: Buffer,
  { type, size, flags, data }: { type: number; size: number; flags: number; data: number },
): Parsed {
  if (data + size > block.length) {
    throw brokenHdf5();
  }
  return { type, shared: (flags & 2) !== 0, data: block.subarray(data, data + size), next: data + size };
}

function follow(
  image: FileImage,
  first: Block,
  parse: (block: Buffer, index: number) => Parsed | undefined,
  inner: (block: Block) => Block = (block) => block,
): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const blocks = [first];
  for (let count = 0; count < blocks.length; count += 1) {
    const block = image.read(blocks[count].start, blocks[count].length);
    for (let parsed = parse(block, 0); parsed; parsed = parse(block, parsed.next)) {
      messages.push({ type: parsed.type, shared: parsed.shared, data: parsed.data });
      if (parsed.type === CONTINUATION) {
        blocks.push(inner({ start: address(parsed.data, 0) ?? -1, length: address(parsed.data, 8) ?? -1 }));
      }
      if (messages.length > MAXIMUM_MESSAGES || blocks.length > MAXIMUM_BLOCKS) {
        throw brokenHdf5();
      }
    }
  }
  return messages;
}
