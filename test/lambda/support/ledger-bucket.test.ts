import * as fc from 'fast-check';
import { LedgerBucket } from '../../../lambda/support/ledger-bucket';
import { entryName, LAYOUT, Ledger, verifyLedger } from '../../../runtime/ledger';
import { eventOf, NOW } from '../../runtime/ledger/memory-store';
import { failure, MemoryS3 } from './memory-s3';

function bucketOf(...names: string[]) {
  const s3 = new MemoryS3();
  for (const name of names) {
    s3.objects.set(name, name);
  }
  return { s3, bucket: new LedgerBucket(s3.client, 'ledger', '111122223333') };
}

test('a name is created once, for the owner that is expected, with a checksum', async () => {
  const { s3, bucket } = bucketOf();
  expect([await bucket.create('a', '1'), await bucket.create('a', '2')]).toEqual([true, false]);
  expect(s3.objects.get('a')).toBe('1');
  expect(s3.commands[0].input).toEqual({
    Bucket: 'ledger',
    ExpectedBucketOwner: '111122223333',
    Key: 'a',
    Body: '1',
    ContentType: 'application/json',
    ChecksumAlgorithm: 'SHA256',
    IfNoneMatch: '*',
  });
});

test('a text is replaced where it is the one that was read', async () => {
  const { s3, bucket } = bucketOf('a');
  const tag = (await bucket.read('a'))?.tag ?? '';
  expect([await bucket.replace('a', '2', tag), await bucket.replace('a', '3', tag)]).toEqual([true, false]);
  expect(s3.objects.get('a')).toBe('2');
  expect(await bucket.replace('none', '1', tag)).toBe(false);
});

test('what ran into another write is tried again, and told where it does not end; other failures are failures', async () => {
  const { s3, bucket } = bucketOf();
  s3.failures.push(failure(409), failure(409));
  expect(await bucket.create('a', '1')).toBe(true);
  s3.failures.push(...Array.from({ length: 10 }, () => failure(409)));
  await expect(bucket.create('b', '1')).rejects.toMatchObject({ code: 'PALISADE-L100' });
  for (const status of [403, 404, 500]) {
    s3.failures.push(failure(status));
    await expect(bucket.create('b', '1')).rejects.toMatchObject({ name: `Status${status}` });
  }
  s3.failures.push(failure(403));
  await expect(bucket.read('a')).rejects.toMatchObject({ name: 'Status403' });
});

test('what no ledger wrote is not read into memory', async () => {
  const { s3, bucket } = bucketOf();
  expect(await bucket.read('a')).toBeUndefined();
  s3.objects.set('a', 'x'.repeat(65_537));
  await expect(bucket.read('a')).rejects.toMatchObject({ code: 'PALISADE-L101' });
});

test('all names are listed, page by page', async () => {
  const names = Array.from({ length: 2001 }, (_, index) => entryName(index));
  const { bucket } = bucketOf(...names, 'other/1.json');
  const listed = [];
  for await (const name of bucket.names(LAYOUT.entries)) {
    listed.push(name);
  }
  expect(listed).toEqual(names);
});

test('the last name is found in fifty questions, wherever it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 999_999_999_999 }), { maxLength: 8 }),
      async (numbers) => {
        const { s3, bucket } = bucketOf('a/1.json', 'z/9.json', ...numbers.map(entryName));
        const last = numbers.length > 0 ? entryName(Math.max(...numbers)) : undefined;
        expect(await bucket.last(LAYOUT.entries)).toBe(last);
        expect(s3.commands.length).toBeLessThan(50);
      },
    ),
  );
});

test('a write that came through though its answer got lost is found, and not made twice', async () => {
  for (let call = 0; call < 6; call += 1) {
    const { s3, bucket } = bucketOf();
    const { send } = s3.client;
    let calls = 0;
    s3.client.send = (async (command: never) => {
      const mine = calls++;
      const answer = await send(command);
      if (mine === call) {
        throw new Error('connection lost');
      }
      return answer;
    }) as never;
    const ledger = new Ledger(bucket, 'governance', () => NOW);
    await ledger.append(eventOf('a')).catch(() => undefined);
    expect(await ledger.append(eventOf('a'))).toMatchObject({ sequence: 0 });
    const entries = [...s3.objects].filter(([name]) => name.startsWith(LAYOUT.entries));
    expect(
      await verifyLedger({ entries: entries.map(([name, text]) => ({ name, text })), checkpoints: [] }),
    ).toMatchObject({ valid: true, entries: 1 });
  }
});
