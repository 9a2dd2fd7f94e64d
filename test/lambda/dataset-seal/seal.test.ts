import { createHash } from 'node:crypto';
import { type SealDependencies, seal } from '../../../lambda/dataset-seal/seal';
import { readSeal } from '../../../runtime/integrity';
import { LocalSigner } from '../../runtime/integrity/local-signer';
import { MemoryVault } from '../support/memory-vault';

const REQUEST = { dataset: 'applications', version: '1' };
const QUARANTINE = 'quarantine/applications/1/';
const DATA = 'approved/applications/1/data/';
const SEAL = 'approved/applications/1/seal.json';
const TAGS = { 'palisade:seal': 'sealed', 'palisade:purpose': 'training' };
const NOW = new Date('2026-11-24T10:00:00Z');

function delivered(contents: Record<string, string> = { 'a.csv': 'one', 'b/c.csv': 'two' }): MemoryVault {
  const store = new MemoryVault();
  for (const [path, content] of Object.entries(contents)) {
    store.put(`${QUARANTINE}${path}`, content);
  }
  return store;
}

const signer = new LocalSigner('key-1');

function dependencies(store: MemoryVault, other: Partial<SealDependencies> = {}): SealDependencies {
  return { store, signer, purposes: ['training', 'evaluation'], now: () => NOW, remainingMs: () => 900_000, ...other };
}

const code = (value: string) => expect.objectContaining({ code: value });

describe('sealing', () => {
  test('copies what was delivered, writes the signed manifest beside it, and tags everything for its purpose', async () => {
    const store = delivered();
    const receipt = await seal(REQUEST, dependencies(store));
    expect(receipt).toMatchObject({
      prefix: DATA,
      seal: SEAL,
      purpose: 'training',
      objects: 2,
      bytes: 6,
      created: true,
    });
    expect(store.keys('approved/')).toEqual([`${DATA}a.csv`, `${DATA}b/c.csv`, SEAL]);
    expect(store.text(`${DATA}b/c.csv`)).toBe('two');
    const { manifest } = readSeal(store.text(SEAL));
    expect(manifest).toMatchObject({ ...REQUEST, purpose: 'training', root: receipt.manifestRoot });
    expect(manifest.objects[0]).toEqual({
      key: 'a.csv',
      size: 3,
      sha256: createHash('sha256').update('one').digest('hex'),
      versionId: (await store.describe(`${DATA}a.csv`)).versionId,
    });
    for (const key of store.keys('approved/')) {
      expect(store.tagsOf(key)).toEqual(TAGS);
    }
    expect(store.keys(QUARANTINE)).toHaveLength(2);
  });

  test('has the ledger know the seal before anybody can read; repeating it says the same', async () => {
    const store = delivered();
    const tags: unknown[] = [];
    const record = jest.fn(async () =>
      tags.push(...store.keys('approved/').flatMap((key) => Object.keys(store.tagsOf(key) ?? {}))),
    );
    await seal(REQUEST, dependencies(store, { record }));
    await seal(REQUEST, dependencies(store, { record }));
    const digest = createHash('sha256').update(store.text(SEAL)).digest('hex');
    const event = { kind: 'seal', outcome: 'sealed', subject: 'datasets/applications/1', digest };
    expect(record.mock.calls).toEqual(Array(2).fill([{ ...event, request: 'datasets/applications/1' }]));
    expect(tags.slice(0, 1)).toEqual(['palisade:seal']);
  });

  test('opens nothing that the ledger did not take, and goes on once it does', async () => {
    const store = delivered();
    const record = () => Promise.reject(new Error('no ledger'));
    await expect(seal(REQUEST, dependencies(store, { record }))).rejects.toThrow('no ledger');
    expect(store.keys('approved/').filter((key) => store.tagsOf(key)?.['palisade:seal'])).toEqual([]);
    expect(await seal(REQUEST, dependencies(store))).toMatchObject({ created: false });
    expect(store.tagsOf(SEAL)).toEqual(TAGS);
  });

  test('seals for the purpose that is asked for; `name` means the dataset', async () => {
    const store = delivered();
    const receipt = await seal({ name: 'applications', version: '1', purpose: 'evaluation' }, dependencies(store));
    expect(receipt.purpose).toBe('evaluation');
    expect(store.tagsOf(SEAL)).toEqual({ ...TAGS, 'palisade:purpose': 'evaluation' });
  });

  test('copies the version that was read, even if another arrives meanwhile', async () => {
    const store = delivered({ 'a.csv': 'judged' });
    store.beforeCopy = (key) => {
      store.put(key, 'smuggled in');
    };
    await seal(REQUEST, dependencies(store));
    expect(store.text(`${DATA}a.csv`)).toBe('judged');
  });

  test('nothing is readable before the seal is there', async () => {
    const store = delivered();
    const failing = { keyId: signer.keyId, sign: () => Promise.reject(new Error('KMS is away')), verify: jest.fn() };
    await expect(seal(REQUEST, dependencies(store, { signer: failing }))).rejects.toThrow('KMS is away');
    expect(store.keys('approved/').map((key) => store.tagsOf(key))).toEqual([{}, {}]);
  });

  test('accepts a multipart upload whose parts S3 checked, and leaves folder markers out', async () => {
    const store = new MemoryVault();
    store.put(`${QUARANTINE}`, '');
    store.put(`${QUARANTINE}b/`, '');
    store.put(`${QUARANTINE}b/large.bin`, 'in parts', 'parts');
    expect(await seal(REQUEST, dependencies(store))).toMatchObject({ objects: 1, bytes: 8 });
  });
});

describe('a repeated call', () => {
  test('gives the seal that is there, and copies and signs nothing', async () => {
    const store = delivered();
    const first = await seal(REQUEST, dependencies(store));
    const text = store.text(SEAL);
    const sign = jest.spyOn(signer, 'sign');
    const second = await seal(REQUEST, dependencies(store, { now: () => new Date(0) }));
    expect(second).toEqual({ ...first, created: false });
    expect(store.text(SEAL)).toBe(text);
    expect(store.calls.copy).toBe(2);
    expect(sign).not.toHaveBeenCalled();
    sign.mockRestore();
  });

  test('works when the delivery has expired from quarantine', async () => {
    const store = delivered();
    await seal(REQUEST, dependencies(store));
    for (const key of store.keys(QUARANTINE)) {
      store.remove(key);
    }
    expect(await seal(REQUEST, dependencies(store))).toMatchObject({ created: false, objects: 2 });
  });

  test('goes on after a crash, and does not read again what was copied', async () => {
    const store = delivered({ a: '1', b: '2', c: '3', d: '4' });
    let copies = 0;
    store.beforeCopy = () => {
      if (++copies > 2) {
        throw new Error('crash');
      }
    };
    await expect(seal(REQUEST, dependencies(store))).rejects.toThrow('crash');
    const opened = store.calls.open;
    const before = store.keys(DATA).length;
    expect(before).toBe(2);
    store.beforeCopy = () => {};
    expect(await seal(REQUEST, dependencies(store))).toMatchObject({ objects: 4, created: true });
    expect(store.calls.open - opened).toBe(4 - before);
  });

  test('finishes the tags that an interrupted call left open', async () => {
    const store = delivered();
    const tag = jest.spyOn(store, 'tag').mockRejectedValue(new Error('crash'));
    await expect(seal(REQUEST, dependencies(store))).rejects.toThrow('crash');
    tag.mockRestore();
    await seal(REQUEST, dependencies(store));
    expect(store.keys('approved/').map((key) => store.tagsOf(key))).toEqual([TAGS, TAGS, TAGS]);
  });
});

describe('a version is sealed once', () => {
  test.each([
    ['changed', (store: MemoryVault) => store.put(`${QUARANTINE}a.csv`, 'other')],
    ['added', (store: MemoryVault) => store.put(`${QUARANTINE}z.csv`, 'more')],
    ['removed', (store: MemoryVault) => store.remove(`${QUARANTINE}a.csv`)],
  ])('an object %s afterwards is refused, and nothing approved changes', async (_what, change) => {
    const store = delivered();
    await seal(REQUEST, dependencies(store));
    const before = store.keys('approved/').map((key) => store.text(key));
    change(store);
    await expect(seal(REQUEST, dependencies(store))).rejects.toEqual(code('PALISADE-D206'));
    expect(store.keys('approved/').map((key) => store.text(key))).toEqual(before);
  });

  test('another purpose is refused', async () => {
    const store = delivered();
    await seal(REQUEST, dependencies(store));
    const again = seal({ ...REQUEST, purpose: 'evaluation' }, dependencies(store));
    await expect(again).rejects.toEqual(code('PALISADE-D206'));
    expect(store.tagsOf(`${DATA}a.csv`)).toEqual(TAGS);
  });

  test('what an interrupted sealing approved, and what is delivered now, must be the same', async () => {
    const changed = delivered();
    changed.put(`${DATA}a.csv`, 'earlier');
    await expect(seal(REQUEST, dependencies(changed))).rejects.toEqual(code('PALISADE-D206'));
    const withdrawn = delivered();
    withdrawn.put(`${DATA}z.csv`, 'earlier');
    await expect(seal(REQUEST, dependencies(withdrawn))).rejects.toEqual(code('PALISADE-D206'));
  });

  test('a call that was overtaken by another is refused', async () => {
    const store = delivered();
    jest.spyOn(store, 'writeOnce').mockResolvedValue(false);
    await expect(seal(REQUEST, dependencies(store))).rejects.toEqual(code('PALISADE-D206'));
  });

  test('a seal by another key is not taken for ours', async () => {
    const store = delivered();
    await seal(REQUEST, dependencies(store, { signer: new LocalSigner('stranger') }));
    await expect(seal(REQUEST, dependencies(store))).rejects.toEqual(code('PALISADE-D208'));
  });
});

describe('refused before anything is approved', () => {
  const refused = async (store: MemoryVault, event: unknown, expected: string) => {
    await expect(seal(event, dependencies(store))).rejects.toEqual(code(expected));
    expect(store.keys('approved/')).toEqual([]);
  };

  test.each([
    [undefined, 'PALISADE-S003'],
    [{}, 'PALISADE-S003'],
    [{ dataset: '../other', version: '1' }, 'PALISADE-S003'],
    [{ dataset: 'a', version: 1 }, 'PALISADE-S003'],
    [{ ...REQUEST, purpose: 'marketing' }, 'PALISADE-D201'],
    [{ ...REQUEST, purpose: ['training'] }, 'PALISADE-S003'],
    [{ dataset: 'empty', version: '1' }, 'PALISADE-D202'],
  ])('the request %j', async (event, expected) => {
    await refused(delivered(), event, expected);
  });

  test('more objects than a manifest takes', async () => {
    const store = new MemoryVault();
    store.list = async function* (prefix: string) {
      for (let index = 0; prefix === QUARANTINE && index <= 100_000; index++) {
        yield { key: `${QUARANTINE}${index}`, size: 1 };
      }
    };
    await refused(store, REQUEST, 'PALISADE-D202');
    expect(store.calls.open).toBe(0);
  });

  test('an object that S3 cannot copy at once', async () => {
    const store = delivered();
    store.claimedSizes.set(`${QUARANTINE}a.csv`, 5 * 2 ** 30 + 1);
    await refused(store, REQUEST, 'PALISADE-D203');
  });

  test('an object that was delivered without a SHA-256', async () => {
    const store = new MemoryVault();
    store.put(`${QUARANTINE}a.csv`, 'one', 'unchecked');
    await refused(store, REQUEST, 'PALISADE-D204');
  });

  test('a key that leads out of a folder', async () => {
    await refused(delivered({ '../../etc/passwd': 'x' }), REQUEST, 'PALISADE-S004');
  });

  test('bytes that are not those of the checksum that was declared', async () => {
    const store = delivered({ 'a.csv': 'one' });
    const open = store.open.bind(store);
    store.open = async (key) => ({ ...(await open(key)), sha256: '0'.repeat(64) });
    await refused(store, REQUEST, 'PALISADE-D205');
  });

  test('a stream that ends early', async () => {
    const store = delivered({ 'a.csv': 'one' });
    const open = store.open.bind(store);
    store.open = async (key) => ({ ...(await open(key)), size: 4 });
    await refused(store, REQUEST, 'PALISADE-D205');
  });

  test('too little time', async () => {
    const store = delivered();
    await expect(seal(REQUEST, dependencies(store, { remainingMs: () => 1000 }))).rejects.toEqual(
      code('PALISADE-D207'),
    );
    expect(store.keys('approved/')).toEqual([]);
  });
});

test('a copy that is not what was read is not sealed', async () => {
  const store = delivered();
  store.corruptCopies = true;
  await expect(seal(REQUEST, dependencies(store))).rejects.toEqual(code('PALISADE-D205'));
  expect(store.keys(SEAL)).toEqual([]);
});
