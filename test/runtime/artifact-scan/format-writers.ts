import { crc32 } from 'node:zlib';

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

export const u64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

// GGUF

const ggufText = (text: string): Buffer => Buffer.concat([u64(Buffer.byteLength(text)), Buffer.from(text)]);

/** A value of GGUF metadata: its type, then its bytes. */
export const ggufString = (text: string): Buffer => Buffer.concat([u32(8), ggufText(text)]);
export const ggufUint32 = (value: number): Buffer => Buffer.concat([u32(4), u32(value)]);
export const ggufStrings = (texts: readonly string[]): Buffer =>
  Buffer.concat([u32(9), u32(8), u64(texts.length), ...texts.map(ggufText)]);

export interface Gguf {
  readonly metadata?: readonly (readonly [string, Buffer])[];
  /** Names and elements of tensors of floats. */
  readonly tensors?: readonly (readonly [string, number])[];
  readonly version?: number;
  readonly tensorCount?: number | bigint;
  readonly alignment?: number;
  readonly type?: number;
  /** Added to the offset of the last tensor. */
  readonly shift?: number;
  readonly tail?: Buffer;
}

/** A GGUF file. */
export function gguf({ metadata = [], tensors = [], alignment = 32, tail = Buffer.alloc(0), ...change }: Gguf): Buffer {
  let offset = 0;
  const infos = tensors.map(([name, elements], index) => {
    const shift = index === tensors.length - 1 ? (change.shift ?? 0) : 0;
    const info = [ggufText(name), u32(1), u64(elements), u32(change.type ?? 0), u64(offset + shift)];
    offset = Math.ceil((offset + 4 * elements) / alignment) * alignment;
    return Buffer.concat(info);
  });
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(change.version ?? 3),
    u64(change.tensorCount ?? tensors.length),
    u64(metadata.length),
    ...metadata.flatMap(([key, value]) => [ggufText(key), value]),
    ...infos,
  ]);
  const padding = tensors.length > 0 ? (alignment - (head.length % alignment)) % alignment : 0;
  return Buffer.concat([head, Buffer.alloc(padding), Buffer.alloc(offset, 1), tail]);
}

// Protocol buffers

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** Fields of a message in order: integers, texts, or messages. */
export type Fields = readonly (readonly [number: number, value: number | string | Uint8Array | Fields])[];

/** A protobuf message. */
export function message(fields: Fields): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') {
        return Buffer.concat([varint(number * 8), varint(value)]);
      }
      const content =
        typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : message(value);
      return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
    }),
  );
}

/** A SavedModel whose graph, and whose one function, have nodes with these operators. */
export const savedModel = (operators: readonly string[], inFunction: readonly string[] = []): Buffer => {
  const nodes = (names: readonly string[], field: number): Fields =>
    names.map(
      (operator, index) =>
        [
          field,
          [
            [1, `node${index}`],
            [2, operator],
            [3, 'input'],
          ],
        ] as const,
    );
  const library: Fields = [[1, [[1, [[1, 'f']]], ...nodes(inFunction, 3)]]];
  return message([
    [1, 1],
    [
      2,
      [
        [1, [[4, 'serve']]],
        [2, [...nodes(operators, 1), [2, library], [4, [[1, 1395]]]]],
      ],
    ],
  ]);
};

export interface OnnxNode {
  readonly operator: string;
  readonly domain?: string;
  readonly subgraph?: readonly OnnxNode[];
}

const onnxNode = ({ operator, domain, subgraph }: OnnxNode): Fields => [
  [1, 'x'],
  [2, 'y'],
  [4, operator],
  ...(subgraph
    ? ([
        [
          5,
          [
            [1, 'body'],
            [6, onnxGraph(subgraph)],
            [20, 5],
          ],
        ],
      ] as Fields)
    : []),
  ...(domain === undefined ? [] : ([[7, domain]] as Fields)),
];
const onnxGraph = (nodes: readonly OnnxNode[], tensors: readonly Fields[] = []): Fields => [
  ...nodes.map((node) => [1, onnxNode(node)] as const),
  [2, 'graph'],
  ...tensors.map((tensor) => [5, tensor] as const),
];

/** An ONNX model. `external`: where the data of its one tensor lies. */
export const onnx = (nodes: readonly OnnxNode[], external?: string, functions: Fields = []): Buffer =>
  message([
    [1, 8],
    [2, 'pytorch'],
    [
      7,
      onnxGraph(nodes, [
        external === undefined
          ? [
              [1, 2],
              [2, 1],
              [8, 'w'],
              [9, Buffer.alloc(8)],
            ]
          : [
              [2, 1],
              [8, 'w'],
              [
                13,
                [
                  [1, 'location'],
                  [2, external],
                ],
              ],
              [
                13,
                [
                  [1, 'length'],
                  [2, '8'],
                ],
              ],
              [14, 1],
            ],
      ]),
    ],
    [8, [[2, 17]]],
    ...functions,
  ]);

// HDF5, with a superblock of version 0 and headers of version 1

const none = Buffer.alloc(8, 0xff);
const pad8 = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
const headerMessage = (type: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(pad8(data).length, 2);
  return Buffer.concat([head, pad8(data)]);
};

/** A text attribute of fixed length. */
export function hdf5Attribute(name: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  const title = Buffer.from(`${name}\0`);
  const type = Buffer.concat([Buffer.from([0x13, 0, 0, 0]), u32(bytes.length)]);
  const space = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  const sizes = Buffer.alloc(8);
  sizes[0] = 1;
  sizes.writeUInt16LE(title.length, 2);
  sizes.writeUInt16LE(type.length, 4);
  sizes.writeUInt16LE(space.length, 6);
  return headerMessage(0x0c, Buffer.concat([sizes, pad8(title), pad8(type), pad8(space), bytes]));
}

/** A link of the given type: 0 leads to the root itself, 64 to another file. */
export function hdf5Link(type: number): Buffer {
  const target = type === 64 ? Buffer.concat([Buffer.from([5, 0]), Buffer.from('\0/etc')]) : u64(96);
  return headerMessage(0x06, Buffer.concat([Buffer.from([1, 0x08, type, 1]), Buffer.from('x'), target]));
}
export const hdf5ExternalFiles = (): Buffer => headerMessage(0x07, Buffer.alloc(16, 1));
/** Links in dense storage: a heap and a tree of names, at these addresses. */
export const hdf5Dense = (heap: number, tree: number): Buffer =>
  headerMessage(0x02, Buffer.concat([Buffer.alloc(2), u64(heap), u64(tree)]));

/** A heap and a tree with one object, such as a link without its header, as they stand from `at` on. */
export function hdf5DenseStorage(at: number, object: Buffer): { heap: number; tree: number; bytes: Buffer } {
  const [heap, block, tree, leaf] = [at, at + 146, at + 146 + 512, at + 146 + 512 + 38];
  const head = Buffer.alloc(146);
  head.write('FRHP');
  head.writeUInt16LE(7, 5);
  head.writeUInt32LE(4096, 10);
  head.writeUInt16LE(4, 110);
  head.writeBigUInt64LE(512n, 112);
  head.writeBigUInt64LE(65_536n, 120);
  head.writeUInt16LE(32, 128);
  head.writeBigUInt64LE(BigInt(block), 132);
  const direct = Buffer.alloc(512);
  direct.write('FHDB');
  object.copy(direct, 21);
  const names = Buffer.alloc(38);
  names.write('BTHD');
  names[5] = 5;
  names.writeUInt32LE(512, 6);
  names.writeUInt16LE(11, 10);
  names.writeBigUInt64LE(BigInt(leaf), 16);
  names.writeUInt16LE(1, 24);
  const node = Buffer.alloc(512);
  node.write('BTLF');
  node.writeUInt32LE(21, NODE_HEAD + 4 + 1);
  node.writeUInt16LE(object.length, NODE_HEAD + 4 + 5);
  return { heap, tree, bytes: Buffer.concat([head, direct, names, node]) };
}
const NODE_HEAD = 6;

/** An HDF5 file whose root has these messages. */
export function hdf5(messages: readonly Buffer[]): Buffer {
  const body = Buffer.concat(messages);
  const superblock = Buffer.concat([
    Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'),
    Buffer.from([0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0]),
    u64(0),
    none,
    u64(96 + 16 + body.length),
    none,
    u64(0),
    u64(96),
    Buffer.alloc(24),
  ]);
  const count = Buffer.alloc(2);
  count.writeUInt16LE(messages.length);
  return Buffer.concat([superblock, Buffer.from([1, 0]), count, u32(1), u32(body.length), Buffer.alloc(4), body]);
}

// PNG

/** A PNG image of these chunks. */
export function png(chunks: readonly (readonly [type: string, data: Buffer])[]): Buffer {
  const parts = chunks.map(([type, data]) => {
    const content = Buffer.concat([Buffer.from(type), data]);
    const field = (value: number) => u32(value).reverse();
    return Buffer.concat([field(data.length), content, field(crc32(content))]);
  });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}
