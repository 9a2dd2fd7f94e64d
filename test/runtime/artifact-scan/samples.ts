import { deflateSync, gzipSync } from 'node:zlib';
import { gguf, ggufString, ggufStrings, hdf5, hdf5Attribute, hdf5Link, onnx, png, savedModel } from './format-writers';
import {
  call,
  global,
  numpyArray,
  numpyType,
  type Pickled,
  PROTOCOLS,
  pickle,
  torchTensor,
  tuple,
} from './pickle-writer';
import { bytes, safetensors, tar, zip } from './support';

const STATE: Pickled = {
  call: global('collections', 'OrderedDict'),
  with: [],
  items: [
    ['weight', torchTensor('0', 2)],
    ['names', ['a', tuple(1, 2), { set: ['x'] }]],
    ['array', numpyArray(numpyType('f8'), bytes('\0'.repeat(16)))],
    ['objects', numpyArray(numpyType('O8', 63), ['a', call('datetime', 'date', bytes('\x07\xe8\x01\x02'))])],
  ],
};
const CONFIG =
  '{"class_name":"Sequential","config":{"layers":[{"module":"keras.layers","class_name":"Dense","config":{"units":1}}]}}';

/** Pickles of harmless and of dangerous imports, in every protocol. */
export const PICKLES: readonly Buffer[] = PROTOCOLS.flatMap((protocol) => [
  pickle(STATE, protocol),
  pickle([1, { dict: [['a', call('os', 'system', 'id')]] }, 'text', { float: 1 }], protocol),
  pickle([call('builtins', 'list'), 'os', 'system', call('mymodel', 'Net')], protocol),
]);

/** Files of every format, from which fuzzing starts. */
export const SAMPLES: readonly Buffer[] = [
  ...PICKLES,
  zip([
    { name: 'm/data.pkl', content: pickle(STATE, 2), stored: true, descriptor: 4 },
    { name: 'm/data/0', content: Buffer.alloc(8, 1), stored: true, descriptor: 4 },
    { name: 'm/version', content: bytes('3\n'), stored: true, descriptor: 8 },
  ]),
  zip([
    { name: 'a.npy', content: bytes('abc'), zip64: true },
    { name: 'config.json', content: bytes(CONFIG) },
    { name: 'x.pkl', content: pickle(call('os', 'system', 'id'), 4), flags: 1 },
  ]),
  tar([
    { name: './', type: '5' },
    { name: 'a.safetensors', content: safetensors({ a: 8 }) },
    { name: 'b.zip', content: zip([{ name: 'c', content: bytes('text') }]) },
  ]),
  gzipSync(tar([{ name: 'm.pkl', content: pickle(STATE, 4) }])),
  deflateSync(pickle(STATE, 3)),
  safetensors({ weight: 64, bias: 8 }),
  gguf({
    metadata: [
      ['tokenizer.ggml.tokens', ggufStrings(['a', 'b'])],
      ['tokenizer.chat_template', ggufString('{{ messages[0].content }}{% if a %}{% endif %}')],
    ],
    tensors: [
      ['a', 10],
      ['b', 3],
    ],
  }),
  onnx([{ operator: 'If', subgraph: [{ operator: 'Relu' }] }], 'weights.bin'),
  savedModel(['MatMul', 'ReadVariableOp'], ['Relu']),
  hdf5([hdf5Attribute('model_config', CONFIG), hdf5Attribute('backend', 'x'), hdf5Link(0)]),
  png([
    ['IHDR', Buffer.alloc(13)],
    ['IEND', Buffer.alloc(0)],
  ]),
  bytes(CONFIG),
  bytes('{L\0\0\0\0\0\0\0\x01ai\x05i\x01w[$d#i\x02\0\0\0\0\0\0\0\0}'),
  Buffer.concat([
    bytes('\x93NUMPY\x01\x00\x76\x00'),
    bytes(`${"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117)}\n`),
    pickle(['a'], 3),
  ]),
  bytes('a,b\n1,2\n'),
];

/** A generator of numbers in [0, 1) that gives the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the samples with a few bytes changed, removed, repeated, or taken from another one. */
export function mutated(samples: readonly Buffer[], random: () => number): Buffer {
  const pick = (most: number) => Math.floor(random() * most);
  let content = Buffer.from(samples[pick(samples.length)]);
  for (let count = 1 + pick(4); count > 0; count -= 1) {
    const at = pick(content.length + 1);
    const end = Math.min(content.length, at + 1 + pick(16));
    const other = samples[pick(samples.length)];
    const start = pick(other.length);
    const changes: (() => Buffer)[] = [
      () => {
        content[Math.min(at, content.length - 1)] = pick(256);
        return content;
      },
      () => Buffer.concat([content.subarray(0, at), Buffer.from([pick(256)]), content.subarray(at)]),
      () => Buffer.concat([content.subarray(0, at), content.subarray(end)]),
      () => Buffer.concat([content.subarray(0, end), content.subarray(at)]),
      () => Buffer.concat([content.subarray(0, at), other.subarray(start, start + pick(64)), content.subarray(at)]),
      () =>
        Buffer.from(content).fill(
          [0, 0xff, 0x7f, 0x80][pick(4)],
          at,
          Math.min(content.length, at + [1, 4, 8][pick(3)]),
        ),
      () => content.subarray(0, at),
    ];
    content = Buffer.from(changes[pick(changes.length)]());
  }
  return content;
}
