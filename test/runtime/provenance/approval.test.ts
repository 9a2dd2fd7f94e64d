import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { canonicalJson } from '../../../runtime/integrity';
import {
  type ApprovalRecord,
  isApprovalOf,
  type SignedApproval,
  signApproval,
  verifyApproval,
} from '../../../runtime/provenance';
import { LocalSigner } from '../integrity/local-signer';
import { RECORD } from './approvals';

const signer = new LocalSigner('key-1');
const code = (value: string) => expect.objectContaining({ code: value });

const FIELDS = Object.keys(RECORD) as (keyof ApprovalRecord)[];
const anyField = fc.constantFrom(...FIELDS);

async function stored(change: (approval: SignedApproval) => unknown = (approval) => approval): Promise<string> {
  return JSON.stringify(change(await signApproval(RECORD, signer)));
}

const refusal = (text: string, deployed = RECORD, verifier = signer) =>
  verifyApproval(text, deployed, verifier).then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );

test('what was signed is accepted, and nothing but the record comes back', async () => {
  expect(await verifyApproval(await stored(), RECORD, signer)).toEqual(RECORD);
});

test('the signature is over the SHA-384 of the canonical JSON', async () => {
  const sign = jest.fn(async (_digest: Uint8Array) => Uint8Array.of(1));
  await signApproval(RECORD, { keyId: 'key-1', sign });
  const text = canonicalJson({ ...RECORD });
  expect(Buffer.from(sign.mock.calls[0][0])).toEqual(createHash('sha384').update(text).digest());
});

test('any change of any field of a signed record is refused', async () => {
  const { keyId, signature } = await signApproval(RECORD, signer);
  await fc.assert(
    fc.asyncProperty(anyField, fc.string(), async (field, value) => {
      fc.pre(value !== RECORD[field]);
      const record = { ...RECORD, [field]: value };
      const text = JSON.stringify({ record, keyId, signature });
      expect(await refusal(text)).toBe(field === 'format' ? 'PALISADE-R103' : 'PALISADE-R104');
      // Also when what is deployed was changed to match.
      expect(await refusal(text, record)).not.toBe('accepted');
    }),
  );
});

test('any bit of the signature counts', async () => {
  const { record, keyId, signature } = await signApproval(RECORD, signer);
  const bytes = Buffer.from(signature, 'base64');
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 7 }), async (index, bit) => {
      const changed = Buffer.from(bytes);
      changed[index] ^= 1 << bit;
      const text = JSON.stringify({ record, keyId, signature: changed.toString('base64') });
      expect(await refusal(text)).toBe('PALISADE-R104');
    }),
  );
});

test('a signature of another key is refused, whatever key it names', async () => {
  const forger = new LocalSigner('key-2');
  const forged = await signApproval(RECORD, forger);
  expect(await refusal(JSON.stringify(forged))).toBe('PALISADE-R104');
  expect(await refusal(JSON.stringify({ ...forged, keyId: signer.keyId }))).toBe('PALISADE-R104');
});

test.each(['packageArn', 'artifact', 'artifactVersion', 'image', 'approvedBy'] as const)(
  'a signed record about another %s is refused',
  async (field) => {
    const text = await stored();
    await fc.assert(
      fc.asyncProperty(fc.string(), async (value) => {
        fc.pre(value !== RECORD[field]);
        expect(await refusal(text, { ...RECORD, [field]: value })).toBe('PALISADE-R105');
      }),
    );
  },
);

test('a record that the key signed for one person is refused', async () => {
  const record = { ...RECORD, approvedBy: 'arn:aws:sts::111122223333:assumed-role/Approver/sam@example.com' };
  expect(await refusal(JSON.stringify(await signApproval(record, signer)), record)).toBe('PALISADE-R102');
});

test('a dataset seal of the same key is no approval', async () => {
  const manifest = { ...RECORD, format: 'palisade-dataset/1' };
  expect(await refusal(JSON.stringify(await signApproval(manifest, signer)), manifest)).toBe('PALISADE-R103');
});

test('a field more or less is refused', async () => {
  const more = await stored((approval) => ({ ...approval, record: { ...approval.record, note: '' } }));
  expect(await refusal(more)).toBe('PALISADE-R103');
  for (const field of FIELDS) {
    const less = await stored(({ record: { [field]: _, ...record }, ...rest }) => ({ ...rest, record }));
    expect(await refusal(less)).toBe('PALISADE-R103');
  }
});

test('no text crashes it', async () => {
  const bits = fc.oneof(fc.string(), fc.json(), fc.constantFrom('null', '[]', '{"record":null}', '{"record":[1]}', ''));
  await fc.assert(fc.asyncProperty(bits, async (text) => expect(await refusal(text)).toBe('PALISADE-R103')));
});

test('a check that could not be made is no refusal', async () => {
  const verify = () => Promise.reject(new Error('throttled'));
  await expect(verifyApproval(await stored(), RECORD, { verify })).rejects.toThrow('throttled');
  await expect(verifyApproval('{}', RECORD, { verify })).rejects.toEqual(code('PALISADE-R103'));
});

test('a stored approval is recognised by its record alone', async () => {
  const text = await stored();
  expect(isApprovalOf(text, RECORD)).toBe(true);
  expect(isApprovalOf(await stored((approval) => ({ ...approval, signature: '' })), RECORD)).toBe(true);
  expect(isApprovalOf(text, { ...RECORD, approvedAt: '2026-11-24T10:00:01.000Z' })).toBe(false);
  expect(isApprovalOf(undefined, RECORD)).toBe(false);
  expect(isApprovalOf('{', RECORD)).toBe(false);
});
