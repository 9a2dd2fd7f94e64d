import * as fc from 'fast-check';
import {
  checkpointName,
  entryName,
  LAYOUT,
  Ledger,
  makeCheckpoint,
  type NamedText,
  proveEntry,
  proveExtension,
  readCheckpoint,
  verifyExtension,
  verifyLedger,
  verifyProof,
} from '../../../runtime/ledger';
import { eventOf, LocalKey, MemoryStore, NOW } from './memory-store';

const key = new LocalKey();
const SIZE = 13;
const COVERED = 11;
let store: MemoryStore;
let entries: NamedText[];
let checkpoints: NamedText[];

beforeAll(async () => {
  store = await filled('governance', 'request');
  entries = store.copy(LAYOUT.entries);
  checkpoints = store.copy(LAYOUT.checkpoints);
});

/** Thirteen entries, with checkpoints over 1, 6 and 11. */
async function filled(name: string, prefix: string): Promise<MemoryStore> {
  const made = new MemoryStore();
  const ledger = new Ledger(made, name, () => NOW);
  for (let index = 0; index < SIZE; index += 1) {
    await ledger.append(eventOf(`${prefix}-${index}`));
    if (index % 5 === 0) {
      await makeCheckpoint(made, name, key, new Date(NOW));
    }
  }
  return made;
}

const verify = (changed: readonly NamedText[], signed: readonly NamedText[] = checkpoints, head?: NamedText) =>
  verifyLedger({ entries: changed, checkpoints: signed, head });
const invalid = (entry: number, code?: string) => ({
  valid: false,
  fault: { entry, ...(code && { code: `PALISADE-${code}` }) },
});
const at = fc.integer({ min: 0, max: SIZE - 1 });

test('a ledger is verified with all its checkpoints', async () => {
  expect(checkpoints.map(({ name }) => name)).toEqual([1, 6, 11].map(checkpointName));
  expect(await verifyLedger({ entries, checkpoints, verifier: key })).toEqual({
    valid: true,
    ledger: 'governance',
    entries: SIZE,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
    covered: COVERED,
    beyond: SIZE - COVERED,
    signed: true,
  });
  expect(await verifyLedger({ entries, checkpoints })).toMatchObject({ valid: true, signed: false });
  // Taking all checkpoints away is no way around the key; before the first entry there is nothing to sign.
  expect(await verifyLedger({ entries, checkpoints: [], verifier: key })).toMatchObject({
    valid: false,
    signed: false,
    fault: { code: 'PALISADE-L016' },
  });
  expect(await verifyLedger({ entries: [], checkpoints: [], verifier: key })).toMatchObject({
    valid: true,
    entries: 0,
  });
});

test('any changed bit is found, and its entry named', async () => {
  const [head] = store.copy(LAYOUT.head);
  await fc.assert(
    fc.asyncProperty(at, fc.nat(), fc.integer({ min: 0, max: 6 }), async (index, place, bit) => {
      const bytes = Buffer.from(entries[index].text);
      bytes[place % bytes.length] ^= 1 << bit;
      const changed = entries.with(index, { ...entries[index], text: bytes.toString('latin1') });
      expect(await verify(changed, checkpoints, head)).toMatchObject(invalid(index));
    }),
    { numRuns: 300 },
  );
});

test('an entry that was given the request of another is the one that is named', async () => {
  for (const index of [2, 3, 7]) {
    const text = entries[index].text.replace(`request-${index}`, `request-${index + 1}`);
    expect(await verify(entries.with(index, { ...entries[index], text }))).toMatchObject(invalid(index, 'L003'));
  }
});

test('a missing entry is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: SIZE - 2 }), async (index) => {
      expect(await verify(entries.toSpliced(index, 1))).toMatchObject(invalid(index, 'L008'));
      const renamed = entries.toSpliced(index, 1).map(({ text }, place) => ({ name: entryName(place), text }));
      expect(await verify(renamed)).toMatchObject(invalid(index, 'L003'));
    }),
  );
});

test('entries in another order are found', async () => {
  await fc.assert(
    fc.asyncProperty(at, at, async (one, other) => {
      fc.pre(one !== other);
      const swapped = entries
        .with(one, { ...entries[one], text: entries[other].text })
        .with(other, { ...entries[other], text: entries[one].text });
      expect(await verify(swapped)).toMatchObject(invalid(Math.min(one, other), 'L003'));
    }),
  );
});

test('an entry of another ledger, or of this one a second time, is found', async () => {
  const other = (await filled('other', 'request')).copy(LAYOUT.entries);
  await fc.assert(
    fc.asyncProperty(at, async (index) => {
      expect(await verify(entries.with(index, other[index]))).toMatchObject({ valid: false });
      const again = { name: entryName(SIZE), text: entries[index].text };
      expect(await verify([...entries, again])).toMatchObject(invalid(SIZE, 'L003'));
    }),
  );
});

test('a ledger that was cut off is found through a checkpoint, and only through one', async () => {
  for (let size = 0; size < SIZE; size += 1) {
    const report = await verify(entries.slice(0, size));
    expect({ size, valid: report.valid }).toEqual({ size, valid: size >= COVERED });
    if (!report.valid) {
      expect(report).toMatchObject(invalid(size, 'L011'));
    }
  }
});

test('the head finds what happened to entries that no checkpoint covers', async () => {
  const [head] = store.copy(LAYOUT.head);
  expect(await verify(entries, checkpoints, head)).toMatchObject({ valid: true });
  expect((await verify(entries.slice(0, -1), checkpoints, head)).fault).toMatchObject({ code: 'PALISADE-L011' });
  const text = entries[12].text.replace('prod', 'test');
  expect(await verify(entries.with(12, { ...entries[12], text }), checkpoints, head)).toMatchObject(
    invalid(12, 'L013'),
  );
  expect((await verify(entries, checkpoints, { ...head, text: '{}' })).fault?.code).toBe('PALISADE-L005');
});

test('a chain that was written anew is found by what was signed, here or elsewhere', async () => {
  const anew = await filled('governance', 'other-request');
  const mine = anew.copy(LAYOUT.entries);
  expect(await verify(mine)).toMatchObject({
    valid: false,
    fault: { code: 'PALISADE-L010', where: checkpointName(1) },
  });
  const witnessed = checkpoints[2];
  const own = anew.copy(LAYOUT.checkpoints);
  expect(await verify(mine, own)).toMatchObject({ valid: true });
  expect(await verifyLedger({ entries: mine, checkpoints: own, witnessed, verifier: key })).toMatchObject({
    valid: false,
    fault: { code: 'PALISADE-L010', where: checkpointName(11) },
  });
});

test('a checkpoint of another key, or one that was changed, proves nothing', async () => {
  const stranger = new LocalKey();
  expect(await verifyLedger({ entries, checkpoints, verifier: stranger })).toMatchObject({
    valid: false,
    signed: false,
    fault: { code: 'PALISADE-L007' },
  });
  for (const [from, to] of [
    ['"size":11', '"size":12'],
    ['"time":"2026', '"time":"2025'],
    ['"format":"palisade', '"format": "palisade'],
  ]) {
    const changed = checkpoints.with(2, { ...checkpoints[2], text: checkpoints[2].text.replace(from, to) });
    expect(changed[2].text).not.toBe(checkpoints[2].text);
    expect((await verifyLedger({ entries, checkpoints: changed, verifier: key })).fault?.code).toMatch(
      /PALISADE-L00[67]/,
    );
  }
});

test('any changed bit of a checkpoint is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 2 }),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      async (index, at, bit) => {
        const bytes = Buffer.from(checkpoints[index].text);
        bytes[at % bytes.length] ^= 1 << bit;
        const changed = checkpoints.with(index, { ...checkpoints[index], text: bytes.toString() });
        const report = await verifyLedger({ entries, checkpoints: changed, verifier: key });
        expect(report).toMatchObject({ valid: false, fault: { where: checkpoints[index].name } });
      },
    ),
    { numRuns: 300 },
  );
});

test('a checkpoint under the name of another is found, and not gone on from', async () => {
  const [first, ...others] = checkpoints;
  const renamed = { ...first, name: checkpointName(12) };
  expect(await verify(entries, [...others, renamed])).toMatchObject({ fault: { code: 'PALISADE-L008' } });
  const made = await filled('governance', 'request');
  made.texts.set(renamed.name, renamed.text);
  await expect(makeCheckpoint(made, 'governance', key, new Date(NOW))).rejects.toMatchObject({ code: 'PALISADE-L006' });
});

test('a checkpoint covers as many entries more as it is asked to', async () => {
  const made = await filled('governance', 'request');
  const next = () => makeCheckpoint(made, 'governance', key, new Date(NOW), 1);
  expect([(await next())?.content.size, (await next())?.content.size, await next()]).toEqual([12, 13, undefined]);
  expect(await verify(entries, made.copy(LAYOUT.checkpoints))).toMatchObject({ valid: true, covered: SIZE });
});

test('a crash while signing leaves nothing torn, and the next run signs the same', async () => {
  for (let call = 0; call < 6; call += 1) {
    for (const done of [false, true]) {
      const made = await filled('governance', 'request');
      made.crash = { call: made.calls + call, done };
      await expect(makeCheckpoint(made, 'governance', key, new Date(NOW))).rejects.toThrow('crashed');
      await makeCheckpoint(made, 'governance', key, new Date(NOW));
      const report = await verifyLedger({ entries, checkpoints: made.copy(LAYOUT.checkpoints), verifier: key });
      expect({ call, done, ...report }).toMatchObject({ valid: true, covered: SIZE });
    }
  }
});

test('two that sign at the same time sign the same entries', async () => {
  const made = await filled('governance', 'request');
  const both = await Promise.all([1, 2].map(() => makeCheckpoint(made, 'governance', key, new Date(NOW))));
  expect(both.map((checkpoint) => checkpoint?.content)).toEqual([both[0]?.content, both[0]?.content]);
  const report = await verifyLedger({ entries, checkpoints: made.copy(LAYOUT.checkpoints), verifier: key });
  expect(report).toMatchObject({ valid: true, covered: SIZE });
});

test('checkpoints go on from the last one, and sign nothing that is not in order', async () => {
  const made = await filled('governance', 'request');
  made.texts.delete(entryName(0));
  const next = await makeCheckpoint(made, 'governance', key, new Date(NOW));
  expect(next?.content.size).toBe(SIZE);
  expect(await makeCheckpoint(made, 'governance', key, new Date(NOW))).toBeUndefined();
  expect(await verify(entries, made.copy(LAYOUT.checkpoints))).toMatchObject({ valid: true, covered: SIZE });

  const broken = await filled('governance', 'request');
  const twelfth = broken.texts.get(entryName(12)) as string;
  broken.texts.set(entryName(12), twelfth.replace(/"previous":"./, '"previous":"_'));
  await expect(makeCheckpoint(broken, 'governance', key, new Date(NOW))).rejects.toMatchObject({
    code: 'PALISADE-L002',
  });
  await expect(makeCheckpoint(made, 'governance', new LocalKey(), new Date(NOW))).rejects.toMatchObject({
    code: 'PALISADE-L007',
  });
});

test('every entry under a checkpoint is proved without the others', async () => {
  const checkpoint = readCheckpoint(checkpoints[2].text, 'checkpoint');
  const texts = entries.map(({ text }) => text);
  for (let index = 0; index < COVERED; index += 1) {
    const proof = JSON.stringify(proveEntry(texts, index, checkpoint));
    expect(await verifyProof(proof, key)).toMatchObject({ sequence: index, request: `request-${index}` });
    const forged = JSON.stringify({ ...JSON.parse(proof), entry: texts[(index + 1) % COVERED] });
    await expect(verifyProof(forged, key)).rejects.toMatchObject({ code: 'PALISADE-L012' });
    await expect(verifyProof(proof, new LocalKey())).rejects.toMatchObject({ code: 'PALISADE-L007' });
  }
  expect(() => proveEntry(texts, COVERED, checkpoint)).toThrow(expect.objectContaining({ code: 'PALISADE-L012' }));
  await expect(verifyProof('{}', key)).rejects.toMatchObject({ code: 'PALISADE-L012' });
  const altered = texts.with(3, texts[4]);
  expect(() => proveEntry(altered, 0, checkpoint)).toThrow(expect.objectContaining({ code: 'PALISADE-L010' }));
});

test('a ledger is shown to go on from any checkpoint, without its entries, and a fork convicts whoever signed it', async () => {
  const texts = entries.map(({ text }) => text);
  const signed = checkpoints.map(({ text }) => readCheckpoint(text, 'checkpoint'));
  for (const [one, from] of signed.entries()) {
    for (const to of signed.slice(one)) {
      const proof = JSON.stringify(proveExtension(texts, from, to));
      expect(proof).not.toContain('request-');
      expect(await verifyExtension(proof, key)).toMatchObject({ from, to });
      await expect(verifyExtension(proof, new LocalKey())).rejects.toMatchObject({ code: 'PALISADE-L007' });
    }
  }
  expect(() => proveExtension(texts, signed[2], signed[1])).toThrow(expect.objectContaining({ code: 'PALISADE-L012' }));

  const forked = await filled('governance', 'other-request');
  const theirs = forked.copy(LAYOUT.checkpoints).map(({ text }) => readCheckpoint(text, 'checkpoint'));
  const other = forked.copy(LAYOUT.entries).map(({ text }) => text);
  for (const [from, to, of] of [
    [signed[0], theirs[2], other],
    [theirs[0], signed[2], texts],
    [signed[2], theirs[2], other],
  ] as const) {
    expect(() => proveExtension(of, from, to)).toThrow(expect.objectContaining({ code: 'PALISADE-L015' }));
    const { path } = proveExtension(of, of === other ? theirs[0] : signed[0], to);
    const forged = JSON.stringify({ from, to, path });
    await expect(verifyExtension(forged, key)).rejects.toMatchObject({ code: 'PALISADE-L015' });
  }
});

test('texts of any kind are refused, and never thrown at', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
      expect(await verify([{ name: entryName(0), text }])).toMatchObject(invalid(0, 'L002'));
      expect(await verify(entries, [{ name: 'x', text }])).toMatchObject({ fault: { code: 'PALISADE-L006' } });
      await expect(verifyProof(text, key)).rejects.toMatchObject({ code: 'PALISADE-L012' });
      await expect(verifyExtension(text, key)).rejects.toMatchObject({ code: 'PALISADE-L012' });
    }),
  );
});
