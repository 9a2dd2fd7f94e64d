import { createHash } from 'node:crypto';
import { S3VaultStore } from '../../../lambda/support/vault-store';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Record<string, unknown>;
}

/** A store over a client that gives one answer after another, and the commands that it was sent. */
function storeWith(...answers: unknown[]) {
  const commands: Command[] = [];
  const send = async (command: Command) => {
    commands.push(command);
    const answer = answers.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  return { commands, store: new S3VaultStore({ send: send as never }, 'vault', '111122223333') };
}

const named = (name: string) => Object.assign(new Error(name), { name });
const TARGET = { Bucket: 'vault', ExpectedBucketOwner: '111122223333' };
const DIGEST = createHash('sha256').update('x').digest();
const HEAD = { ContentLength: 1, VersionId: 'v1' };

test('lists every page, for the expected owner', async () => {
  const { store, commands } = storeWith(
    { Contents: [{ Key: 'a', Size: 0 }], NextContinuationToken: 'next' },
    { Contents: [{ Key: 'b', Size: 2 }] },
  );
  const found = [];
  for await (const object of store.list('p/')) {
    found.push(object);
  }
  expect(found).toEqual([
    { key: 'a', size: 0 },
    { key: 'b', size: 2 },
  ]);
  expect(commands[1].input).toEqual({ ...TARGET, Prefix: 'p/', ContinuationToken: 'next' });
});

test('tells a checksum of the whole from one of the parts and from none', async () => {
  const checksum = DIGEST.toString('base64');
  const { store, commands } = storeWith(
    { ...HEAD, ChecksumSHA256: checksum, ChecksumType: 'FULL_OBJECT' },
    { ...HEAD, ChecksumSHA256: `${checksum}-2`, ChecksumType: 'COMPOSITE' },
    HEAD,
  );
  expect(await store.describe('a')).toMatchObject({ checked: true, sha256: DIGEST.toString('hex'), versionId: 'v1' });
  expect(await store.describe('a')).toMatchObject({ checked: true, sha256: undefined });
  expect(await store.describe('a')).toMatchObject({ checked: false, sha256: undefined });
  expect(commands[0].input).toEqual({ ...TARGET, Key: 'a', ChecksumMode: 'ENABLED' });
});

test('copies one version, without tags, and has S3 hash what it wrote', async () => {
  const { store, commands } = storeWith({
    VersionId: 'v2',
    CopyObjectResult: { ChecksumSHA256: DIGEST.toString('base64'), ChecksumType: 'FULL_OBJECT' },
  });
  const copy = await store.copy({ key: 'quarantine/a/1/ä +?.csv', versionId: 'v/1+' }, 'approved/a');
  expect(copy).toEqual({ versionId: 'v2', sha256: DIGEST.toString('hex') });
  expect(commands[0].input).toEqual({
    ...TARGET,
    ExpectedSourceBucketOwner: '111122223333',
    CopySource: 'vault/quarantine/a/1/%C3%A4%20%2B%3F.csv?versionId=v%2F1%2B',
    Key: 'approved/a',
    ChecksumAlgorithm: 'SHA256',
    TaggingDirective: 'REPLACE',
  });
});

test('writes once: a key that is there, or being written, gives false; other failures are failures', async () => {
  const { store, commands } = storeWith(
    {},
    named('PreconditionFailed'),
    named('ConditionalRequestConflict'),
    named('AccessDenied'),
  );
  expect(await store.writeOnce('seal.json', '{}')).toBe(true);
  expect(commands[0].input).toMatchObject({ ...TARGET, Key: 'seal.json', IfNoneMatch: '*' });
  expect(await store.writeOnce('seal.json', '{}')).toBe(false);
  expect(await store.writeOnce('seal.json', '{}')).toBe(false);
  await expect(store.writeOnce('seal.json', '{}')).rejects.toThrow('AccessDenied');
});

test('tags one version', async () => {
  const { store, commands } = storeWith({});
  await store.tag({ key: 'a', versionId: 'v1' }, { 'palisade:seal': 'sealed' });
  expect(commands[0].input).toEqual({
    ...TARGET,
    Key: 'a',
    VersionId: 'v1',
    Tagging: { TagSet: [{ Key: 'palisade:seal', Value: 'sealed' }] },
  });
});

test('a bucket that keeps no versions is a coded error', async () => {
  const { store } = storeWith({ ContentLength: 1 }, { CopyObjectResult: {} }, { ContentLength: 1, Body: [] });
  const expected = expect.objectContaining({ code: 'PALISADE-D104' });
  await expect(store.describe('a')).rejects.toEqual(expected);
  await expect(store.copy({ key: 'a', versionId: 'v1' }, 'b')).rejects.toEqual(expected);
  await expect(store.open('a')).rejects.toEqual(expected);
});
