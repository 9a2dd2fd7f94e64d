import fc from 'fast-check';
import { hourBefore, hourOf, recordDigest, recordFolders } from '../../../runtime/inference-records';
import { inclusionProof, leafHash, verifyInclusion } from '../../../runtime/integrity';

const bytes = (texts: readonly string[]) => texts.map((text) => Buffer.from(text));

test('hours are UTC, and the one before may be of another year', () => {
  expect(hourOf('2026-11-27T03:59:59.999Z')).toBe('2026/11/27/03');
  expect(hourBefore('2027-01-01T00:20:00Z')).toBe('2026/12/31/23');
  expect(recordFolders('scoring', '2026/12/31/23')).toEqual([
    'records/scoring/2026/12/31/23/',
    'records/scoring/receipts/2026/12/31/23/',
  ]);
});

test.each([undefined, 7, '', 'yesterday', '2026-11-27', '2026-11-27T03:00:00+01:00', '2026-13-01T00:00:00Z'])(
  '%p is no time in UTC',
  (time) => {
    expect(() => hourBefore(time)).toThrow(expect.objectContaining({ code: 'PALISADE-L105' }));
  },
);

test('no records have the digest of RFC 6962, section 2.1, for no leaves', async () => {
  const none = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(await recordDigest([])).toEqual({ digest: none, records: 0 });
});

test('any other record, order or number of records has another digest', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string(), { maxLength: 9 }), fc.array(fc.string(), { maxLength: 9 }), async (a, b) => {
      const [one, other] = [await recordDigest(bytes(a)), await recordDigest(bytes(b))];
      expect(one.digest === other.digest).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(one.records).toBe(a.length);
    }),
  );
});

test('one record is shown to be in it without the others', async () => {
  const records = bytes(['a', 'b', 'c', 'd', 'e']);
  const { digest } = await recordDigest(records);
  const leaves = records.map(leafHash);
  const proof = inclusionProof(leaves, 3);
  const shown = (record: string) => ({
    index: 3,
    size: 5,
    leafHash: leafHash(Buffer.from(record)),
    root: Buffer.from(digest, 'hex'),
  });
  expect(verifyInclusion(shown('d'), proof)).toBe(true);
  expect(verifyInclusion(shown('x'), proof)).toBe(false);
});
