import { address, brokenHdf5, type FileImage } from './image';

/** Records of names: of links (hash, then heap id) and of attributes (heap id, flags, order, hash). */
const RECORDS: Readonly<Record<number, { readonly bytes: number; readonly id: number; readonly idBytes: number }>> = {
  5: { bytes: 11, id: 4, idBytes: 7 },
  8: { bytes: 17, id: 0, idBytes: 8 },
};
const NODE_HEAD = 6;
const NODE_OVERHEAD = 10;
const MANAGED = 0;
const MAXIMUM_DEPTH = 8;

/**
 * The links or attributes of an object in dense storage: a fractal heap, and a tree of version 2 with an id in the heap for
 * each (HDF5 File Format Specification 3.0, III.A.2 and III.G). Throws for what the library does not write for them: deeper
 * trees, filtered heaps, and objects that lie outside of the heap.
 */
export function denseObjects(image: FileImage, heapAt: number, treeAt: number | undefined): Buffer[] {
  if (treeAt === undefined) {
    throw brokenHdf5();
  }
  const heap = new FractalHeap(image, heapAt);
  return [...heapIds(image, treeAt)].map((id) => heap.object(id));
}

function* heapIds(image: FileImage, treeAt: number): Generator<Buffer> {
  const head = image.read(treeAt, 38);
  const record = RECORDS[head[5]];
  const depth = head.readUInt16LE(12);
  if (
    head.subarray(0, 4).toString('latin1') !== 'BTHD' ||
    !record ||
    head.readUInt16LE(10) !== record.bytes ||
    depth > 1
  ) {
    throw brokenHdf5();
  }
  const root = address(head, 16);
  const most = Math.floor((head.readUInt32LE(6) - NODE_OVERHEAD) / record.bytes);
  if (root !== undefined) {
    yield* nodeIds(image, { at: root, count: head.readUInt16LE(24), depth, most, record });
  }
}

interface Node {
  readonly at: number;
  readonly count: number;
  readonly depth: number;
  /** Records that a leaf has at most. */
  readonly most: number;
  readonly record: (typeof RECORDS)[number];
}

function* nodeIds(image: FileImage, { at, count, depth, most, record }: Node): Generator<Buffer> {
  const width = 8 + bytesFor(most);
  const length = NODE_HEAD + count * record.bytes + (depth > 0 ? (count + 1) * width : 0);
  const node = image.read(at, length);
  if (node.subarray(0, 4).toString('latin1') !== (depth > 0 ? 'BTIN' : 'BTLF')) {
    throw brokenHdf5();
  }
  for (let index = 0; index < count; index += 1) {
    const start = NODE_HEAD + index * record.bytes + record.id;
    yield node.subarray(start, start + record.idBytes);
  }
  for (let index = 0; depth > 0 && index <= count; index += 1) {
    const start = NODE_HEAD + count * record.bytes + index * width;
    const child = address(node, start);
    if (child === undefined) {
      throw brokenHdf5();
    }
    yield* nodeIds(image, { at: child, count: node.readUIntLE(start + 8, width - 8), depth: depth - 1, most, record });
  }
}

/** A heap of blocks that double in size, row by row. */
class FractalHeap {
  private readonly head: Buffer;
  private readonly offsetBytes: number;
  private readonly lengthBytes: number;
  private readonly width: number;
  private readonly firstBlock: number;
  private readonly largestDirect: number;

  constructor(
    private readonly image: FileImage,
    at: number,
  ) {
    this.head = image.read(at, 146);
    this.offsetBytes = Math.ceil(this.head.readUInt16LE(128) / 8);
    this.firstBlock = address(this.head, 112) ?? 0;
    this.largestDirect = address(this.head, 120) ?? 0;
    this.width = this.head.readUInt16LE(110);
    this.lengthBytes = bytesFor(Math.min(this.largestDirect, this.head.readUInt32LE(10)));
    const filtered = this.head.readUInt16LE(7) !== 0;
    const sound = this.firstBlock > 0 && this.width > 0 && this.offsetBytes > 0 && this.offsetBytes <= 6;
    if (this.head.subarray(0, 4).toString('latin1') !== 'FRHP' || filtered || !sound) {
      throw brokenHdf5();
    }
  }

  /** The object with that id, which is an offset in the heap and a length. */
  object(id: Buffer): Buffer {
    if (id[0] >> 4 !== MANAGED || 1 + this.offsetBytes + this.lengthBytes > id.length) {
      throw brokenHdf5();
    }
    const offset = id.readUIntLE(1, this.offsetBytes);
    const length = id.readUIntLE(1 + this.offsetBytes, this.lengthBytes);
    const root = address(this.head, 132);
    const rows = this.head.readUInt16LE(140);
    if (root === undefined) {
      throw brokenHdf5();
    }
    return rows === 0
      ? this.image.read(root + offset, length)
      : this.within({ at: root, rows, start: 0 }, { offset, length });
  }

  /** Finds the block that holds the offset: direct blocks first, then blocks of blocks. */
  private within(
    block: { readonly at: number; readonly rows: number; readonly start: number },
    wanted: { readonly offset: number; readonly length: number },
    depth = 0,
  ): Buffer {
    let start = block.start;
    for (let row = 0; row < block.rows; row += 1) {
      const size = this.firstBlock * 2 ** Math.max(0, row - 1);
      const column = Math.floor((wanted.offset - start) / size);
      if (column < this.width) {
        const entry = block.at + 13 + this.offsetBytes + 8 * (row * this.width + column);
        const at = address(this.image.read(entry, 8), 0);
        const child = start + column * size;
        if (at === undefined || depth > MAXIMUM_DEPTH) {
          throw brokenHdf5();
        }
        if (size <= this.largestDirect) {
          return this.image.read(at + wanted.offset - child, wanted.length);
        }
        const rows = Math.log2(size / (this.firstBlock * this.width)) + 1;
        return this.within({ at, rows, start: child }, wanted, depth + 1);
      }
      start += this.width * size;
    }
    throw brokenHdf5();
  }
}

/** Bytes that numbers up to `most` take. */
function bytesFor(most: number): number {
  return most < 1 ? 1 : Math.floor(Math.log2(most) / 8) + 1;
}
