import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { DEFAULT_SCAN_LIMITS, readMember, scanArtifact } from '../../../runtime/artifact-scan';
import { bytes, safetensors, streamOf, tar, zip } from './support';

const PICKLE = bytes("cos\nsystem\n(S'id'\ntR.");
const WEIGHTS = safetensors({ weight: 64, bias: 8 });

async function scan(content: Uint8Array, options = {}) {
  const report = await scanArtifact(streamOf(content, 1000), options);
  return { ...report, codes: report.findings.map((finding) => finding.code) };
}

function float32(value: number): Buffer {
  const field = Buffer.alloc(5);
  field.write('d');
  field.writeFloatBE(value, 1);
  return field;
}

const UBJSON = Buffer.concat([
  bytes('{L\0\0\0\0\0\0\0\x07learner{i\x05score'),
  float32(0.5),
  bytes('i\x01w[$d#L\0\0\0\0\0\0\0\x02'),
  Buffer.alloc(8),
  bytes('}}'),
]);
const ONNX = bytes('\x08\x08\x12\x07pytorch\x3a\x0f\x0a\x06\x0a\x01x\x22\x01y\x12\x05graph');
const NUMPY_HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
const OBJECTS = NUMPY_HEADER.replace('<f4', '|O');
const NUMPY = Buffer.concat([
  bytes('\x93NUMPY\x01\x00\x76\x00'),
  bytes(`${NUMPY_HEADER.padEnd(117)}\n`),
  Buffer.alloc(24),
]);

describe('safe', () => {
  test.each([
    ['safetensors', WEIGHTS],
    ['JSON', bytes('{"learner": {"a": [1, -2.5e3, 0, true, null, "\\u00e9\\n"]}}')],
    ['Universal Binary JSON', UBJSON],
    ['ONNX', ONNX],
    ['an array of numbers', NUMPY],
    ['a table', bytes('class,age\nyes,41\nno,27\n')],
    ['nothing', bytes('')],
    [
      'tar.gz',
      gzipSync(
        tar([
          { name: './', type: '5' },
          { name: './model.safetensors', content: WEIGHTS },
        ]),
      ),
    ],
    [
      'zip',
      zip([
        { name: 'a.json', content: bytes('[]') },
        { name: 'b.csv', content: bytes('a\n1\n'), stored: true },
        { name: 'c', content: WEIGHTS, stored: true, descriptor: 4 },
        { name: 'd', content: WEIGHTS, descriptor: 8 },
        { name: 'e', content: NUMPY, zip64: true },
      ]),
    ],
  ])('%s', async (_, content) => {
    const { verdict, findings, bytes: length } = await scan(content);
    expect(findings).toEqual([]);
    expect(verdict).toBe('safe');
    expect(length).toBe(content.length);
  });

  test('the digest is that of the artifact', async () => {
    const { sha256 } = await scan(bytes('{}'));
    expect(sha256).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});

describe('unsafe', () => {
  test.each([
    ['a pickle', PICKLE, 'T041'],
    ['a pickle named as weights', gzipSync(tar([{ name: 'model.safetensors', content: PICKLE }])), 'T041'],
    [
      'a pickle in zip in tar.gz',
      gzipSync(tar([{ name: 'm.pt', content: zip([{ name: 'data.pkl', content: PICKLE }]) }])),
      'T041',
    ],
    ['a pickle compressed twice', gzipSync(gzipSync(PICKLE)), 'T041'],
    [
      'a pickle in a stored zip entry whose length follows',
      zip([{ name: 'data.pkl', content: PICKLE, stored: true, descriptor: 4 }]),
      'T041',
    ],
    [
      'a pickle in a deflated zip entry whose length follows',
      zip([{ name: 'data.pkl', content: PICKLE, descriptor: 8 }]),
      'T041',
    ],
    ['a pickle in a zip entry that says it is encrypted', zip([{ name: 'a', content: PICKLE, flags: 1 }]), 'T041'],
    ['a pickle in a zip entry with patched data', zip([{ name: 'a', content: PICKLE, flags: 0x20 }]), 'T041'],
    ['a pickle in a zip entry with a wrong checksum', zip([{ name: 'a', content: PICKLE, crc: 1 }]), 'T041'],
    [
      'a pickle in a zip entry of an unknown method',
      zip([{ name: 'a', content: PICKLE, stored: true, method: 99 }]),
      'T041',
    ],
    [
      'a pickle in a zip entry that the directory does not list',
      zip([
        { name: 'a', content: PICKLE, unlisted: true },
        { name: 'b', content: bytes('b') },
      ]),
      'T041',
    ],
    ['a path that climbs', gzipSync(tar([{ name: '../x', content: bytes('a') }])), 'T042'],
    ['an absolute path', tar([{ name: '/etc/x', content: bytes('a') }]), 'T042'],
    ['a path with a backslash', zip([{ name: '..\\x', content: bytes('a') }]), 'T042'],
    ['a symbolic link', gzipSync(tar([{ name: 'x', type: '2' }])), 'T043'],
    ['a hard link', tar([{ name: 'x', type: '1' }]), 'T043'],
    ['a device', tar([{ name: 'x', type: '3' }]), 'T043'],
    ['a symbolic link in a zip', zip([{ name: 'x', content: bytes('/etc/passwd'), mode: 0o120777 }]), 'T043'],
    ['data after gzip', Buffer.concat([gzipSync(bytes('{}')), zip([{ name: 'a', content: bytes('a') }])]), 'T045'],
    ['data after tar', Buffer.concat([tar([{ name: 'a', content: bytes('a') }]), bytes('more')]), 'T045'],
    ['data after zip', Buffer.concat([zip([{ name: 'a', content: bytes('a') }]), bytes('more')]), 'T045'],
    ['a broken gzip stream', gzipSync(WEIGHTS).subarray(0, 60), 'T045'],
    ['a truncated tar', tar([{ name: 'a', content: Buffer.alloc(2000, 97) }]).subarray(0, 1200), 'T045'],
    [
      'two files of one name',
      tar([
        { name: 'a', content: bytes('a') },
        { name: './A', content: bytes('b') },
      ]),
      'T045',
    ],
    ['a zip whose lists differ', zip([{ name: 'a', content: bytes('a'), listedAs: 'b' }]), 'T045'],
    ['a zip with a wrong length', zip([{ name: 'a', content: bytes('aa'), statedSize: 1 }]), 'T045'],
    ['tensors that overlap', safetensors({ a: 8 }, { b: { dtype: 'U8', shape: [4], data_offsets: [4, 8] } }), 'T045'],
    ['bytes that no tensor covers', Buffer.concat([WEIGHTS, bytes('x')]), 'T045'],
    [
      'an array of objects that holds a program',
      Buffer.concat([bytes('\x93NUMPY\x01\x00\x76\x00'), bytes(`${OBJECTS.padEnd(117)}\n`), PICKLE]),
      'T041',
    ],
  ])('%s', async (_, content, code) => {
    const { verdict, codes } = await scan(content);
    expect(codes).toContain(`PALISADE-${code}`);
    expect(verdict).toBe('unsafe');
  });

  test('a bomb is stopped by ratio, size, entries and depth', async () => {
    const limits = { ...DEFAULT_SCAN_LIMITS };
    const zeros = gzipSync(Buffer.alloc(40 * 2 ** 20, 'a'));
    const many = gzipSync(tar(Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, content: bytes('a') }))));
    const nested = [1, 2, 3, 4, 5].reduce((content) => gzipSync(content), bytes('{}'));
    for (const bomb of [
      scan(zeros, { limits }),
      scan(zeros, { limits: { ...limits, ratio: 10_000, bytes: 2 ** 20 } }),
      scan(many, { limits: { ...limits, entries: 10 } }),
      scan(nested, { limits }),
    ]) {
      expect(await bomb).toMatchObject({ verdict: 'unsafe', codes: ['PALISADE-T044'] });
    }
  });

  test('one bad file does not hide the next', async () => {
    const { codes, findings } = await scan(
      tar([
        { name: 'a', content: PICKLE },
        { name: 'b', content: Buffer.from([0, 1]) },
        { name: 'c', content: WEIGHTS },
      ]),
    );
    expect(codes).toEqual(['PALISADE-T041', 'PALISADE-T046']);
    expect(findings.map((finding) => finding.entry)).toEqual(['a', 'b']);
  });
});

describe('unknown is not safe', () => {
  test.each([
    ['random bytes', Buffer.from([0xfe, 0x00, 0x17, 0x99])],
    ['HDF5', bytes('\x89HDF\r\n\x1a\n')],
    ['JSON that is not', bytes('{"a": }')],
    ['two JSON values', bytes('{} {}')],
    ['a script', bytes('#!/bin/sh\nid\n')],
    ['source code by name', tar([{ name: 'inference.py', content: bytes('import os\n') }])],
    ['anything in the code folder', tar([{ name: 'code/requirements.txt', content: bytes('evil\n') }])],
    ['a zip entry that says it is encrypted', zip([{ name: 'a', content: bytes('a'), flags: 1 }])],
    ['an encrypted zip entry', zip([{ name: 'a', content: bytes('a'), flags: 1 }]).fill(0x5a, 31, 34)],
    ['a zip entry of an unknown method', zip([{ name: 'a', content: bytes('a'), stored: true, method: 99 }])],
    ['ONNX with external data', bytes('\x08\x08\x3a\x08\x2a\x06\x6a\x04\x0a\x02\x0a\x00')],
    ['protobuf without a graph', bytes('\x08\x08\x12\x02pt')],
    ['Universal Binary JSON that counts without end', bytes('{i\x01a[$T#L\x7f\xff\xff\xff\xff\xff\xff\xff}')],
    [
      'an array of objects on its own',
      Buffer.concat([bytes('\x93NUMPY\x01\x00\x76\x00'), bytes(`${OBJECTS.padEnd(117)}\n`), bytes(']q\0.')]),
    ],
    ['text that is not UTF-8', bytes('caf\xe9 au lait\n')],
  ])('%s', async (_, content) => {
    expect((await scan(content)).verdict).toBe('unknown');
  });
});

describe('properties', () => {
  test('any bytes get a verdict, and never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 700 }), async (content, chunk) => {
        const { verdict } = await scanArtifact(streamOf(content, chunk));
        expect(['safe', 'unsafe', 'unknown']).toContain(verdict);
      }),
      { numRuns: 300 },
    );
  });

  test('the verdict does not depend on how the stream is cut', async () => {
    const artifacts = fc.constantFrom(
      gzipSync(tar([{ name: 'a', content: WEIGHTS }])),
      UBJSON,
      ONNX,
      NUMPY,
      zip([{ name: 'a', content: PICKLE }]),
    );
    await fc.assert(
      fc.asyncProperty(artifacts, fc.integer({ min: 1, max: 900 }), async (artifact, chunk) => {
        const cut = await scanArtifact(streamOf(artifact, chunk));
        expect(cut).toEqual(await scanArtifact(streamOf(artifact)));
      }),
      { numRuns: 60 },
    );
  });

  test('a changed byte never makes a pickle archive safe', async () => {
    const archive = gzipSync(tar([{ name: 'model.bin', content: PICKLE }]), { level: 0 });
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(archive);
        changed[at] ^= change;
        expect((await scanArtifact(streamOf(changed))).verdict).not.toBe('safe');
      }),
      { numRuns: 300 },
    );
  });

  test('a damaged artifact gets a verdict, and a damaged archive of a pickle never a safe one', async () => {
    const holdingPickle = [
      zip([{ name: 'data.pkl', content: PICKLE, stored: true }]),
      tar([{ name: 'data.pkl', content: PICKLE }]),
      zip([{ name: 'm.tar', content: tar([{ name: 'data.pkl', content: PICKLE }]) }]),
    ];
    const artifact = fc.constantFrom(...holdingPickle, UBJSON, ONNX, NUMPY, WEIGHTS);
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(artifact, damage, fc.nat(), async (whole, changes, cut) => {
        const damaged = Buffer.from(whole.subarray(0, cut % 4 === 0 ? cut % (whole.length + 1) : whole.length));
        for (const [at, value] of changes) {
          damaged[at % Math.max(1, damaged.length)] = value;
        }
        const { verdict } = await scanArtifact(streamOf(damaged));
        expect(['safe', 'unsafe', 'unknown']).toContain(verdict);
        if (holdingPickle.includes(whole) && damaged.includes(PICKLE)) {
          expect(verdict).not.toBe('safe');
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('JSON is accepted exactly when a JSON parser accepts it', async () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', '0', '\\', 'e'))
      .map(([text, at, insert]) => {
        const position = at % (text.length + 1);
        return `[${text.slice(0, position)}${insert}${text.slice(position)}]`;
      });
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        const valid = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        expect((await scan(Buffer.from(text))).verdict).toBe(valid ? 'safe' : 'unknown');
      }),
      { numRuns: 500 },
    );
  });
});

describe('readMember', () => {
  const archive = gzipSync(
    tar([
      { name: './evaluation.json', content: bytes('{"auc": 0.9}') },
      { name: 'b', content: Buffer.alloc(3000) },
    ]),
  );

  test('gives one file of an archive', async () => {
    expect(Buffer.from((await readMember(streamOf(archive, 10), 'evaluation.json', 100)) ?? '').toString()).toBe(
      '{"auc": 0.9}',
    );
    expect(await readMember(streamOf(archive), 'other.json', 100)).toBeUndefined();
  });

  test('refuses a file above the bound', async () => {
    await expect(readMember(streamOf(archive), 'b', 2999)).rejects.toThrow(RangeError);
  });

  test('passes an error of the source on', async () => {
    async function* broken() {
      yield archive.subarray(0, 20);
      throw new Error('connection lost');
    }
    await expect(scanArtifact(broken())).rejects.toThrow('connection lost');
  });
});
