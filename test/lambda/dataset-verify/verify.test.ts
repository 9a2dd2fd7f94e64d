import * as fc from 'fast-check';
import { seal } from '../../../lambda/dataset-seal/seal';
import { DatasetNotSealed } from '../../../lambda/dataset-verify/dataset-not-sealed';
import { type VerifyDependencies, verify } from '../../../lambda/dataset-verify/verify';
import { LocalSigner } from '../../runtime/integrity/local-signer';
import { MemoryVault } from '../support/memory-vault';

const REQUEST = { dataset: 'applications', version: '1' };
const DATA = 'approved/applications/1/data/';
const SEAL = 'approved/applications/1/seal.json';
const CONTENTS = { 'a.csv': 'one', 'b/c.csv': 'two', d: 'three' };
const signer = new LocalSigner('key-1');

async function sealed(request = REQUEST): Promise<MemoryVault> {
  const store = new MemoryVault();
  for (const [path, content] of Object.entries(CONTENTS)) {
    store.put(`quarantine/${request.dataset}/${request.version}/${path}`, content);
  }
  await seal(request, {
    store,
    signer,
    purposes: ['training'],
    now: () => new Date('2026-11-24T10:00:00Z'),
    remainingMs: () => 900_000,
  });
  return store;
}

function dependencies(store: MemoryVault, other: Partial<VerifyDependencies> = {}): VerifyDependencies {
  return { store, keyId: signer.keyId, verifier: signer, remainingMs: () => 900_000, ...other };
}

/** The error that the handler throws, as a state machine sees it. */
async function refusal(store: MemoryVault, event: unknown = REQUEST): Promise<DatasetNotSealed> {
  const error = await verify(event, dependencies(store)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatasetNotSealed);
  return error as DatasetNotSealed;
}

test('answers what the next step needs', async () => {
  const store = await sealed();
  const expected = {
    verified: true,
    changes: [],
    dataset: 'applications',
    version: '1',
    purpose: 'training',
    prefix: DATA,
    manifestRoot: expect.stringMatching(/^[0-9a-f]{64}$/),
    objects: 3,
    bytes: 11,
    depth: 'content',
  };
  expect(await verify(REQUEST, dependencies(store))).toEqual(expected);
  expect(await verify({ name: 'applications', version: '1' }, dependencies(store))).toEqual(expected);
});

test('a change of any one byte of any object stops it', async () => {
  const paths = Object.entries(CONTENTS);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async ([path, content], position, flip) => {
        const store = await sealed();
        const changed = Buffer.from(content);
        changed[position % changed.length] ^= flip;
        store.put(`${DATA}${path}`, changed);
        expect((await refusal(store)).changes).toMatchObject([{ kind: 'altered', key: path }]);
      },
    ),
    { numRuns: 40 },
  );
});

test.each([
  ['altered a.csv', (store: MemoryVault) => store.put(`${DATA}a.csv`, 'eno')],
  ['missing d', (store: MemoryVault) => store.remove(`${DATA}d`)],
  ['extra e', (store: MemoryVault) => store.put(`${DATA}e`, 'x')],
  ['extra ../e', (store: MemoryVault) => store.put(`${DATA}../e`, 'x')],
  ['rewritten d', (store: MemoryVault) => store.put(`${DATA}d`, 'three')],
  ['other-signer stranger', (store: MemoryVault) => store.put(SEAL, store.text(SEAL).replace('key-1', 'stranger'))],
  ['manifest-edited', (store: MemoryVault) => store.put(SEAL, store.text(SEAL).replace('T10:', 'T11:'))],
])('says what changed: %s', async (expected, change) => {
  const store = await sealed();
  change(store);
  const error = await refusal(store);
  expect(error.message).toContain(`not as it was sealed: ${expected}`);
  expect(error).toMatchObject({ name: 'DatasetNotSealed', code: 'PALISADE-D302' });
});

test('a seal moved here from another version does not count', async () => {
  const store = await sealed({ dataset: 'applications', version: '0' });
  for (const key of store.keys('approved/')) {
    store.put(key.replace('/0/', '/1/'), store.text(key));
  }
  expect((await refusal(store)).changes).toMatchObject([{ kind: 'other-dataset' }]);
});

test('data without a seal was never sealed', async () => {
  const store = await sealed();
  store.remove(SEAL);
  expect(await refusal(store)).toMatchObject({ code: 'PALISADE-D301', changes: [] });
  expect(await refusal(store, { dataset: 'other', version: '1' })).toMatchObject({ code: 'PALISADE-D301' });
});

test('many changes are counted, not listed', async () => {
  const store = await sealed();
  for (let index = 0; index < 30; index++) {
    store.put(`${DATA}extra-${index}`, 'x');
  }
  const error = await refusal(store);
  expect(error.changes).toHaveLength(30);
  expect(error.message).toContain('and 20 more');
});

test('above 32 GiB it relies on the checksums that S3 computed, says so, and still finds a change', async () => {
  const store = await sealed();
  store.claimedSizes.set(`${DATA}d`, 32 * 2 ** 30);
  const opened = store.calls.open;
  expect(await verify(REQUEST, dependencies(store))).toMatchObject({ depth: 'stored-checksums', verified: true });
  expect(store.calls.open - opened).toBe(1);
  store.put(`${DATA}a.csv`, 'eno');
  expect((await refusal(store)).changes).toMatchObject([{ kind: 'altered', key: 'a.csv' }]);
});

test('a file that is no seal, bad names and too little time are coded errors', async () => {
  const store = await sealed();
  const code = (value: string) => expect.objectContaining({ code: value });
  await expect(verify({ dataset: '..', version: '1' }, dependencies(store))).rejects.toEqual(code('PALISADE-S003'));
  await expect(verify(undefined, dependencies(store))).rejects.toEqual(code('PALISADE-S003'));
  const late = dependencies(store, { remainingMs: () => 1000 });
  await expect(verify(REQUEST, late)).rejects.toEqual(code('PALISADE-D303'));
  store.put(SEAL, '{}');
  await expect(verify(REQUEST, dependencies(store))).rejects.toEqual(code('PALISADE-S006'));
});
