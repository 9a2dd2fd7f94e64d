import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import {
  comparePaths,
  differencesOf,
  isIgnored,
  MAXIMUM_LENGTH,
  type ModelStatement,
  openBundle,
  readStatement,
  signModel,
  statementText,
} from '../../../runtime/model-signing';

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });
const digestOf = (digit: string) => digit.repeat(64);
const STATEMENT: ModelStatement = {
  subject: 'model',
  hash: 'sha256',
  files: [
    { name: 'config.json', digest: digestOf('a') },
    { name: 'weights/1.bin', digest: digestOf('b') },
  ],
  ignored: ['cache'],
};
const keys = ['P-256', 'P-384', 'P-521'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve }));
const [{ privateKey, publicKey }] = keys;
const bundle = signModel(STATEMENT, privateKey, publicKey);

test.each(keys)('what a key signed is read with its public key', (pair) => {
  const opened = openBundle(signModel(STATEMENT, pair.privateKey, pair.publicKey), pair.publicKey);
  expect(opened).toMatchObject({ subject: 'model', hash: 'sha256', files: STATEMENT.files });
  expect(opened.ignored).toEqual(['.git', '.gitattributes', '.github', '.gitignore', 'cache']);
});

test('another key is refused, by its name and by its signature', () => {
  expect(() => openBundle(bundle, keys[1].publicKey)).toThrow(refused('S021'));
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(() => openBundle(bundle, other.publicKey)).toThrow(refused('S021'));
  // Whoever signs anew can name any key.
  const resigned = signModel(STATEMENT, other.privateKey, publicKey);
  expect(() => openBundle(resigned, publicKey)).toThrow(refused('S021'));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(() => openBundle(bundle, rsa.publicKey)).toThrow(expect.objectContaining({ name: 'PalisadeError' }));
  expect(() => signModel(STATEMENT, rsa.privateKey, rsa.publicKey)).toThrow(refused('S023'));
});

test('any change of a bundle is refused, or changes nothing that is signed', () => {
  const signed = openBundle(bundle, publicKey);
  fc.assert(
    fc.property(fc.nat(bundle.length - 1), fc.integer({ min: 32, max: 126 }), (place, unit) => {
      const changed = bundle.slice(0, place) + String.fromCharCode(unit) + bundle.slice(place + 1);
      try {
        expect(openBundle(changed, publicKey)).toEqual(signed);
      } catch (error) {
        expect(error).toMatchObject({ name: 'PalisadeError' });
      }
    }),
    { numRuns: 500 },
  );
  for (let length = 0; length < bundle.length; length += 37) {
    expect(() => openBundle(bundle.slice(0, length), publicKey)).toThrow(refused('S020'));
  }
});

/** A statement of which one part is replaced: `predicate.resources.0.name`. */
function statementWith(place: string, value: unknown): string {
  const statement = JSON.parse(statementText(STATEMENT));
  const names = place.split('.');
  const parent = names.slice(0, -1).reduce((part, name) => part[name], statement);
  parent[names.at(-1) as string] = value;
  return JSON.stringify(statement);
}

const [first, second] = JSON.parse(statementText(STATEMENT)).predicate.resources;
const root = { name: 'model', digest: { sha256: digestOf('0') } };

test.each<[string, string, unknown, string]>([
  ['another predicate', 'predicateType', 'https://example.com/wrong/v1.0', 'S020'],
  ['no files', 'predicate.resources', [], 'S020'],
  ['two subjects', 'subject', [root, root], 'S020'],
  ['a root that is not that of the files', 'subject', [root], 'S020'],
  ['files out of order', 'predicate.resources', [second, first], 'S020'],
  ['a file twice', 'predicate.resources', [first, second, second], 'S020'],
  ['a path that leads out', 'predicate.resources.0.name', '../config.json', 'S020'],
  ['a path from the root', 'predicate.resources.0.name', '/etc/passwd', 'S020'],
  ['files of two hashes', 'predicate.resources.0.algorithm', 'blake2b', 'S020'],
  ['a wildcard among what is left out', 'predicate.serialization.ignore_paths', ['*.bin'], 'S020'],
  ['a field that nobody knows', 'predicate.note', 1, 'S020'],
  ['the size of shards, and no shards', 'predicate.serialization.shard_size', 5, 'S020'],
  ['shards', 'predicate.serialization.method', 'shards', 'S022'],
  ['links that are followed', 'predicate.serialization.allow_symlinks', true, 'S022'],
  ['BLAKE3', 'predicate.serialization.hash_type', 'blake3', 'S022'],
])('a statement with %s is refused', (_name, place, value, code) => {
  expect(() => readStatement(statementText(STATEMENT))).not.toThrow();
  expect(() => readStatement(statementWith(place, value))).toThrow(refused(code));
});

test('a name twice in an object has two readings, and is refused', () => {
  const twice = statementText(STATEMENT).replace('"method":"files"', '"method":"files","method":"files"');
  expect(() => readStatement(twice)).toThrow(refused('S020'));
  expect(() => readStatement('['.repeat(100_000))).toThrow(refused('S020'));
  expect(() => readStatement(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`)).toThrow(refused('S020'));
  expect(() => readStatement(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toThrow(refused('S020'));
  expect(() => readStatement('{}'.padEnd(MAXIMUM_LENGTH + 1))).toThrow(/longer than/);
});

test('files have the order of code points, or that of the reference implementation: folder by folder', () => {
  const named = (...names: string[]) => ({
    ...STATEMENT,
    files: names.map((name) => ({ name, digest: digestOf('a') })),
  });
  for (const names of [
    ['tokenizer.json', 'tokenizer/vocab.json'],
    ['tokenizer/vocab.json', 'tokenizer.json'],
  ]) {
    expect(readStatement(statementText(named(...names))).files.map(({ name }) => name)).toEqual(names);
  }
  // Each order alone would let one of the two pairs pass.
  const mixed = named('a/x', 'a.x', 'b.x', 'b/x');
  expect(() => readStatement(statementText(mixed))).toThrow(refused('S020'));
});

test.each(['cache/', './cache', '../cache', '/cache', '*.bin', 'a[1].sig', ''])("'%s' cannot be left out", (name) => {
  expect(() => signModel({ ...STATEMENT, ignored: [name] }, privateKey, publicKey)).toThrow(refused('S023'));
});

test.each<[string, object, string]>([
  ['a member that nobody knows', { publicKey: { hint: 'a' }, note: 1 }, 'S020'],
  ['a key with a member that nobody knows', { publicKey: { hint: 'a', note: 1 } }, 'S020'],
  ['a key named in two ways', { publicKey: { hint: 'a', rawBytes: 'aaaa' } }, 'S020'],
  ['no key', { tlogEntries: [] }, 'S020'],
  ['key and certificate', { publicKey: { hint: 'a' }, certificate: { rawBytes: 'aaaa' } }, 'S022'],
  ['the hint of another key', { publicKey: { hint: 'a' } }, 'S021'],
])('verificationMaterial with %s is refused', (_name, verificationMaterial, code) => {
  const bundle = JSON.parse(signModel(STATEMENT, privateKey, publicKey));
  expect(() => openBundle(JSON.stringify({ ...bundle, verificationMaterial }), publicKey)).toThrow(refused(code));
});

test('material of earlier versions, and logs and timestamps beside a key, are let be', () => {
  const bundle = JSON.parse(signModel(STATEMENT, privateKey, publicKey));
  for (const verificationMaterial of [
    { publicKey: { rawBytes: 'aaaa', keyDetails: 'PKIX_ECDSA_P384_SHA_384' } },
    { ...bundle.verificationMaterial, timestampVerificationData: { rfc3161Timestamps: [] } },
  ]) {
    expect(openBundle(JSON.stringify({ ...bundle, verificationMaterial }), publicKey).files).toHaveLength(2);
  }
});

test('what differs is named', () => {
  const found = [
    { name: 'config.json', digest: digestOf('c') },
    { name: 'new.bin', digest: digestOf('d') },
  ];
  expect(differencesOf(STATEMENT, found)).toEqual([
    { name: 'config.json', difference: 'altered' },
    { name: 'weights/1.bin', difference: 'missing' },
    { name: 'new.bin', difference: 'extra' },
  ]);
  expect(differencesOf(STATEMENT, STATEMENT.files)).toEqual([]);
});

test('paths are left out by their whole name, and in the order of code points', () => {
  expect(isIgnored('cache', ['cache'])).toBe(true);
  expect(isIgnored('cache/a', ['cache'])).toBe(true);
  expect(isIgnored('cache2', ['cache'])).toBe(false);
  expect(isIgnored('sub/.git', [])).toBe(false);
  expect(isIgnored('.git/config', [])).toBe(true);
  expect(['\u{1f600}', '\uffee', 'a'].sort(comparePaths)).toEqual(['a', '\uffee', '\u{1f600}']);
});

const VECTORS = path.join(__dirname, '../../../../shared/data/model-signing-spec/test-vectors/v1.0');
const available = fs.existsSync(VECTORS);
const vectors = available ? test : test.skip;
if (!available) {
  console.warn(`skipped: no ${VECTORS}`);
}
/** The project's published test key: what the bundles' hint names. */
const THEIR_KEY = `-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEsu6rZGBTjxtvRWPMixT+3HyndV0J0Ybt
aHZUcO4DEK+OJHO/4e32bb/fbJKSpRgcBsIpKLcVijUomyFOERbd7u+BTPSUjGZD
Qq6J7lTvp/EAXQGOKxW9RP0MGX3qAkvi
-----END PUBLIC KEY-----
`;
const theirs = (name: string, key: KeyObject = createPublicKey(THEIR_KEY)) =>
  openBundle(fs.readFileSync(path.join(VECTORS, name), 'utf8'), key);

vectors("OpenSSF's own bundle by a key is verified", () => {
  expect(theirs('valid/key.bundle.json')).toMatchObject({
    files: [{ name: 'signme-1' }, { name: 'signme-2' }],
    ignored: expect.arrayContaining(['ignore-me']),
  });
});

vectors.each([
  ['valid/certificate.bundle.json', 'S022'],
  ['valid/sigstore.bundle.json', 'S022'],
  ['invalid/empty.bundle.json', 'S020'],
  ['invalid/missing-envelope.bundle.json', 'S020'],
  ['invalid/missing-verification-material.bundle.json', 'S020'],
  ['invalid/missing-tlog-entries.bundle.json', 'S022'],
  // Its payload was changed after it was signed.
  ['invalid-payload/wrong-predicate.bundle.json', 'S021'],
])("OpenSSF's %s is refused", (name, code) => {
  expect(() => theirs(name)).toThrow(refused(code));
});
