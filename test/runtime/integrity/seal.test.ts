import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import {
  canonicalJson,
  createManifest,
  type DatasetObject,
  type DatasetSeal,
  leafHash,
  manifestText,
  merkleRoot,
  readSeal,
  sealDataset,
  sealText,
  verifySeal,
} from '../../../runtime/integrity';
import { LocalSigner } from './local-signer';

const NOW = new Date('2026-11-24T10:00:00.250Z');
const ABOUT = { dataset: 'applications', version: '2026-11', purpose: 'training' };
const KEY = new LocalSigner('key-1');
const OTHER_KEY = new LocalSigner('key-2');
const EXPECTED = { dataset: ABOUT.dataset, version: ABOUT.version, keyId: KEY.keyId, verifier: KEY };

function object(key: string, content: string): DatasetObject {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { key, size: Buffer.byteLength(content), sha256, versionId: `v-${content}` };
}

const OBJECTS = [object('a.csv', 'one'), object('b/c.csv', 'two'), object('d.csv', 'three')];
const seal = (objects: Iterable<DatasetObject> = OBJECTS) => sealDataset(ABOUT, objects, KEY, NOW);

/** Keys without the characters that no key may have, and contents. */
const datasets = fc.uniqueArray(
  fc.record({
    key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((key) => /^[^/\p{C}.]+$/u.test(key)),
    content: fc.string({ maxLength: 20 }),
  }),
  { selector: ({ key }) => key, minLength: 1, maxLength: 12 },
);

describe('a manifest', () => {
  test('lists objects in the order of their bytes, and its root is an RFC 6962 root over them', async () => {
    const objects = [object('\u{1f600}', '1'), object('\uffee', '2'), object('a', '3'), object('B', '4')];
    const manifest = createManifest(ABOUT, objects, NOW);
    expect(manifest.objects.map(({ key }) => key)).toEqual(['B', 'a', '\uffee', '\u{1f600}']);
    const leaves = manifest.objects.map(({ key, size, sha256 }) =>
      leafHash(Buffer.from(`{"key":${JSON.stringify(key)},"sha256":"${sha256}","size":${size}}`)),
    );
    expect(manifest.root).toBe(Buffer.from(merkleRoot(leaves)).toString('hex'));
    expect(manifest.sealedAt).toBe('2026-11-24T10:00:00Z');
  });

  test('is the same whatever the order of its objects', () => {
    fc.assert(
      fc.property(datasets, fc.infiniteStream(fc.nat()), (dataset, numbers) => {
        const objects = dataset.map(({ key, content }) => object(key, content));
        const shuffled = objects
          .map((value) => ({ value, rank: numbers.next().value }))
          .sort((left, right) => left.rank - right.rank)
          .map(({ value }) => value);
        expect(manifestText(createManifest(ABOUT, shuffled, NOW))).toBe(
          manifestText(createManifest(ABOUT, objects, NOW)),
        );
      }),
    );
  });

  test('its root names the content: versions of the store have no effect, a name, size or hash has', () => {
    const rootOf = (change: Partial<DatasetObject>) => createManifest(ABOUT, [{ ...OBJECTS[0], ...change }], NOW).root;
    const root = rootOf({});
    expect(rootOf({ versionId: 'other' })).toBe(root);
    expect(rootOf({ key: 'z' })).not.toBe(root);
    expect(rootOf({ size: 4 })).not.toBe(root);
    expect(rootOf({ sha256: '0'.repeat(64) })).not.toBe(root);
  });

  test.each([
    ['no objects', [], 'PALISADE-S005'],
    ['a key twice', [OBJECTS[0], OBJECTS[1], { ...OBJECTS[2], key: 'a.csv' }], 'PALISADE-S005'],
    ['a negative size', [{ ...OBJECTS[0], size: -1 }], 'PALISADE-S005'],
    ['an upper-case hash', [{ ...OBJECTS[0], sha256: 'A'.repeat(64) }], 'PALISADE-S005'],
    ['an empty version', [{ ...OBJECTS[0], versionId: '' }], 'PALISADE-S005'],
    ['a way out of the folder', [{ ...OBJECTS[0], key: 'a/../../etc/passwd' }], 'PALISADE-S004'],
    ['an absolute path', [{ ...OBJECTS[0], key: '/etc/passwd' }], 'PALISADE-S004'],
    ['a folder', [{ ...OBJECTS[0], key: 'a/' }], 'PALISADE-S004'],
    ['a line break in a key', [{ ...OBJECTS[0], key: 'a\nb' }], 'PALISADE-S004'],
    ['half a character in a key', [{ ...OBJECTS[0], key: '\ud83d' }], 'PALISADE-S004'],
  ])('%s is refused', (_what, objects, code) => {
    expect(() => createManifest(ABOUT, objects, NOW)).toThrow(expect.objectContaining({ code }));
  });

  test.each(['', '../x', 'a/b', '.hidden', 'a b', 'a'.repeat(129)])('%p is no dataset name', (dataset) => {
    expect(() => createManifest({ ...ABOUT, dataset }, OBJECTS, NOW)).toThrow(
      expect.objectContaining({ code: 'PALISADE-S003' }),
    );
  });
});

describe('a seal', () => {
  test('signs the SHA-384 digest of the canonical manifest, so that standard tools can check it', async () => {
    const sign = jest.fn(async () => Uint8Array.of(1));
    const { manifest, signature } = await sealDataset(ABOUT, OBJECTS, { keyId: 'key', sign }, NOW);
    const fields = JSON.parse(JSON.stringify(manifest));
    const digest = createHash('sha384').update(canonicalJson(fields)).digest();
    expect(sign).toHaveBeenCalledWith(digest);
    expect(signature).toEqual({ algorithm: 'ECDSA_SHA_384', keyId: 'key', value: 'AQ==' });
  });

  test('holds for what was sealed, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, async (dataset) => {
        const objects = dataset.map(({ key, content }) => object(key, content));
        const stored = readSeal(sealText(await seal(objects)));
        expect(await verifySeal(stored, [...objects].reverse(), EXPECTED)).toEqual({ verified: true, changes: [] });
      }),
      { numRuns: 30 },
    );
  });

  test('objects without versions, such as files, can be sealed', async () => {
    const files = OBJECTS.map(({ versionId: _none, ...file }) => file);
    const stored = readSeal(sealText(await seal(files)));
    expect((await verifySeal(stored, files, EXPECTED)).verified).toBe(true);
  });

  test('any change of one byte of the stored file is found', async () => {
    const text = Buffer.from(sealText(await seal()));
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (position, flip) => {
        const changed = Buffer.from(text);
        changed[position] ^= flip;
        expect(await isAccepted(changed.toString('utf8'))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('any byte removed, added or cut off is found', async () => {
    const text = sealText(await seal());
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), async (position, added) => {
        const [before, after] = [text.slice(0, position), text.slice(position)];
        expect(await isAccepted(before + after.slice(1))).toBe(false);
        expect(await isAccepted(before + added + after)).toBe(false);
        expect(await isAccepted(before)).toBe(false);
      }),
    );
  });

  async function isAccepted(text: string): Promise<boolean> {
    try {
      return (await verifySeal(readSeal(text), OBJECTS, EXPECTED)).verified;
    } catch (error) {
      expect(error).toMatchObject({ code: 'PALISADE-S006' });
      return false;
    }
  }
});

describe('what changed', () => {
  const changesFor = async (found: DatasetObject[]) => (await verifySeal(await seal(), found, EXPECTED)).changes;

  test('any one byte of any object', async () => {
    const sealed = await seal(OBJECTS);
    const contents = ['one', 'two', 'three'];
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, position, flip) => {
        const content = Buffer.from(contents[which]);
        content[position % content.length] ^= flip;
        const sha256 = createHash('sha256').update(content).digest('hex');
        const found = OBJECTS.map((one, index) => (index === which ? { ...one, sha256, versionId: 'new' } : one));
        const { key, sha256: expected } = OBJECTS[which];
        expect(await verifySeal(sealed, found, EXPECTED)).toEqual({
          verified: false,
          changes: [{ kind: 'altered', key, expected, found: sha256 }],
        });
      }),
    );
  });

  test('a missing, an extra, a renamed and a rewritten object', async () => {
    const [a, b, d] = OBJECTS;
    expect(await changesFor([a, d])).toEqual([{ kind: 'missing', key: b.key, expected: b.sha256 }]);
    expect(await changesFor([a, b, d, object('e', 'x')])).toMatchObject([{ kind: 'extra', key: 'e' }]);
    expect(await changesFor([a, b, { ...d, key: 'e' }])).toMatchObject([
      { kind: 'extra', key: 'e' },
      { kind: 'missing', key: 'd.csv' },
    ]);
    expect(await changesFor([a, b, { ...d, versionId: 'later' }])).toEqual([
      { kind: 'rewritten', key: 'd.csv', expected: 'v-three', found: 'later' },
    ]);
    expect(await changesFor([a, a, b, d])).toMatchObject([{ kind: 'extra', key: 'a.csv' }]);
  });

  test('an edited manifest; the objects are not even read', async () => {
    const { manifest, signature } = await seal();
    const edited = createManifest(ABOUT, OBJECTS.slice(1), NOW);
    const unread = jest.fn();
    const found = { [Symbol.asyncIterator]: unread } as unknown as AsyncIterable<DatasetObject>;
    for (const forged of [edited, { ...manifest, purpose: 'marketing' }, { ...manifest, root: edited.root }]) {
      expect(await verifySeal({ manifest: forged, signature }, found, EXPECTED)).toEqual({
        verified: false,
        changes: [{ kind: 'manifest-edited' }],
      });
    }
    expect(unread).not.toHaveBeenCalled();
  });

  test('a signer that signs a root which does not follow from its objects', async () => {
    const manifest = { ...createManifest(ABOUT, OBJECTS, NOW), root: '0'.repeat(64) };
    const digest = createHash('sha384').update(manifestText(manifest)).digest();
    const value = Buffer.from(await KEY.sign(digest)).toString('base64');
    const forged: DatasetSeal = { manifest, signature: { algorithm: 'ECDSA_SHA_384', keyId: KEY.keyId, value } };
    const { changes } = await verifySeal(forged, OBJECTS, EXPECTED);
    expect(changes).toMatchObject([{ kind: 'manifest-edited', found: manifest.root }]);
  });

  test('another key, under its own name and under the trusted one', async () => {
    const resealed = await sealDataset(ABOUT, OBJECTS, OTHER_KEY, NOW);
    expect((await verifySeal(resealed, OBJECTS, EXPECTED)).changes).toEqual([
      { kind: 'other-signer', key: 'key-2', expected: 'key-1', found: 'key-2' },
    ]);
    const renamed = { ...resealed, signature: { ...resealed.signature, keyId: 'key-1' } };
    expect((await verifySeal(renamed, OBJECTS, EXPECTED)).changes).toEqual([{ kind: 'manifest-edited' }]);
  });

  test('a true seal of another version in the place of this one', async () => {
    const other = await sealDataset({ ...ABOUT, version: '2026-10' }, OBJECTS, KEY, NOW);
    expect((await verifySeal(other, OBJECTS, EXPECTED)).changes).toEqual([
      { kind: 'other-dataset', expected: 'applications/2026-11', found: 'applications/2026-10' },
    ]);
  });

  test('a check that cannot be made rejects; it does not answer', async () => {
    const verifier = { verify: () => Promise.reject(new Error('throttled')) };
    await expect(verifySeal(await seal(), OBJECTS, { ...EXPECTED, verifier })).rejects.toThrow('throttled');
  });
});

describe('reading a seal', () => {
  test('never crashes otherwise than with its code', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => readSeal(text)).toThrow(expect.objectContaining({ code: 'PALISADE-S006' }));
      }),
    );
  });

  test.each([
    ['a later format', 'palisade-dataset/1', 'palisade-dataset/2', 'format is not palisade-dataset/1'],
    ['another algorithm', 'ECDSA_SHA_384', 'ECDSA_SHA_256', 'algorithm is not ECDSA_SHA_384'],
  ])('%s is named in the refusal', async (_what, from, to, problem) => {
    const text = sealText(await seal());
    expect(() => readSeal(text.replace(from, to))).toThrow(problem);
  });

  test.each([
    ['white space', (text: string) => text.replace('{', '{ ')],
    ['a name twice', (text: string) => text.replace('"version":', '"version":"x","version":')],
    ['an unknown field', (text: string) => text.replace('"format":', '"a":1,"format":')],
    ['an unknown field of an object', (text: string) => text.replace('"key":', '"kay":1,"key":')],
    ['objects out of order', (text: string) => text.replaceAll('a.csv', 'z.csv')],
    ['no signature', (text: string) => text.replace(/"value":"[^"]*"/, '"value":""')],
    ['base64 with rubbish', (text: string) => text.replace('"value":"', '"value":"!')],
    ['another time form', (text: string) => text.replace('10:00:00Z', '10:00:00.000Z')],
    ['fraction', (text: string) => text.replace('"size":3', '"size":3.0')],
  ])('%s is refused', async (_what, change) => {
    const text = sealText(await seal());
    expect(() => readSeal(text)).not.toThrow();
    expect(change(text)).not.toBe(text);
    expect(() => readSeal(change(text))).toThrow(expect.objectContaining({ code: 'PALISADE-S006' }));
  });
});
