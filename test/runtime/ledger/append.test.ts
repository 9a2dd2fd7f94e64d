import * as fc from 'fast-check';
import { entryName, LAYOUT, Ledger, OUTCOMES, requestName, verifyLedger } from '../../../runtime/ledger';
import { eventOf, MemoryStore, NOW } from './memory-store';

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });
const writer = (store: MemoryStore) => new Ledger(store, 'governance', () => NOW);
const verified = (store: MemoryStore) => verifyLedger({ entries: store.copy(LAYOUT.entries), checkpoints: [] });

test('entries follow one another, each with the hash of the one before', async () => {
  const store = new MemoryStore();
  const first = await writer(store).append(eventOf('a'));
  const second = await writer(store).append(eventOf('b', { kind: 'approval', outcome: 'approved', by: 'approver' }));
  expect([first.sequence, second.sequence]).toEqual([0, 1]);
  const entry = JSON.parse(store.texts.get(entryName(1)) as string);
  expect(entry).toMatchObject({ previous: first.hash, kind: 'approval', time: '2026-11-26T12:00:00.000Z' });
  expect(await verified(store)).toMatchObject({ valid: true, entries: 2, head: second.hash, beyond: 2 });
});

test('a request is recorded once, however often it is asked for', async () => {
  const store = new MemoryStore();
  const first = await writer(store).append(eventOf('a'));
  await writer(store).append(eventOf('b'));
  expect(await writer(store).append(eventOf('a'))).toEqual(first);
  expect(store.names(LAYOUT.entries)).toHaveLength(2);
});

test('an answer to another event under the same name would pass for a record of it', async () => {
  const store = new MemoryStore();
  await writer(store).append(eventOf('a'));
  const other = eventOf('a', { outcome: 'refused' });
  await expect(writer(store).append(other)).rejects.toEqual(refused('L014'));
  // Not noted yet, as after a crash: it is found on the way.
  store.texts.delete(requestName(other));
  store.texts.delete(LAYOUT.head);
  await expect(writer(store).append(other)).rejects.toEqual(refused('L014'));
  expect(store.names(LAYOUT.entries)).toHaveLength(1);
  // Another system's request of that name is another request.
  expect(await writer(store).append(eventOf('a', { system: 'chat' }))).toMatchObject({ sequence: 1 });
  store.texts.set(entryName(0), store.texts.get(entryName(1)) as string);
  await expect(writer(store).append(eventOf('a'))).rejects.toEqual(refused('L003'));
});

test.each([
  ['an outcome of another kind', { outcome: 'approved' }],
  ['content instead of a digest', { digest: 'the loan of Mrs. Miller' }],
  ['a field that nobody knows', { note: 'x' }],
  ['no subject', { subject: '' }],
  ['prose', { subject: 'the loan of Mrs. Miller' }],
  ['what is not ASCII', { request: 'm\u00fcller' }],
  ['a system that is no name', { system: 'Credit Scoring' }],
  ['a kind that is none', { kind: 'gossip' }],
])('%s is refused before anything is written', async (_name, change) => {
  const store = new MemoryStore();
  await expect(writer(store).append(eventOf('a', change as object))).rejects.toEqual(refused('L001'));
  expect(store.texts.size).toBe(0);
});

test('every kind is recorded with each of its outcomes', async () => {
  const store = new MemoryStore();
  for (const [kind, outcomes] of Object.entries(OUTCOMES)) {
    for (const outcome of outcomes) {
      await writer(store).append(eventOf(`${kind}-${outcome}`, { kind, outcome } as object));
    }
  }
  expect(await verified(store)).toMatchObject({ valid: true, entries: Object.values(OUTCOMES).flat().length });
});

test('writers at the same time keep one chain, and each gets its own entry', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 4 }), async (writers, each) => {
      const store = new MemoryStore();
      const receipts = await Promise.all(
        Array.from({ length: writers }, async (_, one) => {
          const ledger = writer(store);
          const mine = [];
          for (let turn = 0; turn < each; turn += 1) {
            mine.push(await ledger.append(eventOf(`${one}.${turn}`)));
          }
          return mine;
        }),
      );
      const sequences = receipts.flat().map(({ sequence }) => sequence);
      expect(new Set(sequences).size).toBe(writers * each);
      expect(await verified(store)).toMatchObject({ valid: true, entries: writers * each });
    }),
    { numRuns: 30 },
  );
});

/** How many calls of the store one append makes on a ledger of two entries. */
async function callsOfAppend(): Promise<number> {
  const { store } = await twoEntries();
  const before = store.calls;
  await writer(store).append(eventOf('c'));
  return store.calls - before;
}

async function twoEntries() {
  const store = new MemoryStore();
  const kept = [await writer(store).append(eventOf('a')), await writer(store).append(eventOf('b'))];
  return { store, kept };
}

test('a crash at any call loses nothing acknowledged, leaves nothing torn, and asking again records once', async () => {
  const calls = await callsOfAppend();
  expect(calls).toBeGreaterThanOrEqual(6);
  for (let call = 0; call < calls; call += 1) {
    for (const done of [false, true]) {
      const { store, kept } = await twoEntries();
      store.crash = { call: store.calls + call, done };
      await expect(writer(store).append(eventOf('c'))).rejects.toThrow('crashed');
      // Somebody else goes on before the first one asks again.
      const other = await writer(store).append(eventOf('d'));
      const again = await writer(store).append(eventOf('c'));
      expect(again.sequence).not.toBe(other.sequence);
      const report = await verified(store);
      expect({ call, done, ...report }).toMatchObject({ call, done, valid: true, entries: 4 });
      const texts = store.copy(LAYOUT.entries).map(({ text }) => JSON.parse(text).request);
      expect(texts.slice(0, 2)).toEqual(['a', 'b']);
      expect(texts.slice(2).sort()).toEqual(['c', 'd']);
      expect(kept.map(({ sequence }) => sequence)).toEqual([0, 1]);
    }
  }
});

test('without the note of requests a retry behind the head would be recorded twice', async () => {
  const { store } = await twoEntries();
  store.texts.delete(requestName(eventOf('a')));
  await writer(store).append(eventOf('a'));
  expect(await verified(store)).toMatchObject({ valid: false, fault: { entry: 2, code: 'PALISADE-L009' } });
});

test('a head that is lost is found again from the entries', async () => {
  const { store } = await twoEntries();
  store.texts.delete(LAYOUT.head);
  expect(await writer(store).append(eventOf('c'))).toMatchObject({ sequence: 2 });
});

test.each([
  ['no position', 'x'],
  ['nothing', 'null'],
  ['beyond the end', JSON.stringify({ sequence: 7, hash: 'ab'.repeat(32) })],
  ['of another entry', JSON.stringify({ sequence: 0, hash: 'ab'.repeat(32) })],
])('a head that is %s counts for nothing, and is put right', async (_what, text) => {
  const { store } = await twoEntries();
  store.texts.set(LAYOUT.head, text);
  const receipt = await writer(store).append(eventOf('c'));
  expect(receipt.sequence).toBe(2);
  expect(await verified(store)).toMatchObject({ valid: true, entries: 3 });
  expect(JSON.parse(store.texts.get(LAYOUT.head) as string)).toEqual(receipt);
});

test('a note that is no position, or that of another entry, is refused: nobody knows what was recorded', async () => {
  const { store } = await twoEntries();
  store.texts.set(requestName(eventOf('a')), 'x');
  await expect(writer(store).append(eventOf('a'))).rejects.toEqual(refused('L005'));
  store.texts.set(requestName(eventOf('a')), store.texts.get(requestName(eventOf('b'))) as string);
  await expect(writer(store).append(eventOf('a'))).rejects.toEqual(refused('L014'));
});

test('a head that is far behind comes nearer with each try', async () => {
  const store = new MemoryStore();
  for (let index = 0; index < 1001; index += 1) {
    await writer(store).append(eventOf(`${index}`));
  }
  store.texts.delete(LAYOUT.head);
  await expect(writer(store).append(eventOf('c'))).rejects.toEqual(refused('L004'));
  expect(await writer(store).append(eventOf('c'))).toMatchObject({ sequence: 1001 });
});

test('nothing is added to a chain that is not in order', async () => {
  const { store } = await twoEntries();
  store.texts.set(entryName(2), (store.texts.get(entryName(1)) as string).replace('"sequence":1', '"sequence":2'));
  await expect(writer(store).append(eventOf('c'))).rejects.toEqual(refused('L003'));
  store.texts.set(entryName(2), '{}');
  await expect(writer(store).append(eventOf('c'))).rejects.toEqual(refused('L002'));
});

test('in whatever order the calls of writers fall, and whichever of them crashes, one chain holds each request once', async () => {
  const crash = fc.record({ call: fc.nat({ max: 30 }), done: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.option(crash, { nil: undefined }), async (scheduler, crashed) => {
      const { store } = await twoEntries();
      store.turn = () => scheduler.schedule(Promise.resolve());
      store.crash = crashed && { ...crashed, call: store.calls + crashed.call };
      const requests = ['c', 'c', 'd', 'c'];
      const first = requests.map((request) => writer(store).append(eventOf(request)));
      await scheduler.waitFor(Promise.allSettled(first));
      const answered = await Promise.allSettled(first);

      store.turn = () => Promise.resolve();
      store.crash = undefined;
      for (const [index, request] of requests.entries()) {
        const receipt = await writer(store).append(eventOf(request));
        const before = answered[index];
        expect(before.status === 'fulfilled' ? before.value : receipt).toEqual(receipt);
        expect(JSON.parse(store.texts.get(entryName(receipt.sequence)) as string)).toMatchObject({ request });
      }
      expect(await verified(store)).toMatchObject({ valid: true, entries: 4 });
    }),
    { numRuns: 200 },
  );
});
