import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type AttestationPolicy, AWS_NITRO_ROOT, pcrHex, verifyAttestation } from '../../../runtime/attestation';
import { CborTag, type CborValue, decodeCbor, encodeCbor } from '../../../runtime/cbor';
import { PalisadeError } from '../../../runtime/errors';
import {
  type CertificateOverrides,
  type DocumentFields,
  LocalNitro,
  usualPcrs,
} from '../../support/attestation/local-nitro';

const NOW = new Date('2026-11-26T12:00:00Z');
const HOUR = 3_600_000;
const validity = { notBefore: NOW, notAfter: new Date(NOW.getTime() + 3 * HOUR) };
const PCR0 = hex(usualPcrs()[0]);

let nitro: LocalNitro;
beforeAll(async () => {
  nitro = await LocalNitro.create(validity);
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function judge(document: Uint8Array, policy: Partial<AttestationPolicy> = {}, now = NOW, root = nitro.rootDer) {
  return verifyAttestation(document, { pcrs: [{ 0: PCR0 }], rootForTests: root, ...policy }, now);
}

/** The code of the refusal. */
function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof PalisadeError)) {
      throw error;
    }
    return error.code;
  }
  return 'accepted';
}

test('a document holds, and gives what it says', () => {
  const fields = { nonce: bytes('nonce'), userData: bytes('data'), publicKey: bytes('key') };
  const verified = judge(nitro.document(fields), fields);
  expect(verified).toMatchObject({ moduleId: 'i-0123456789abcdef0-enc0123456789abcdef', debug: false, timestamp: NOW });
  expect(pcrHex(verified.pcrs, 0)).toBe(PCR0);
  expect(hex(verified.publicKey ?? new Uint8Array())).toBe(hex(bytes('key')));
  expect(verified.certificate).toEqual(validity);
});

test('the root is that of AWS unless a test says otherwise', () => {
  const { fingerprint256 } = new (require('node:crypto').X509Certificate)(AWS_NITRO_ROOT);
  expect(fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
    '641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b',
  );
  expect(refusal(() => verifyAttestation(nitro.document(), { pcrs: [{ 0: PCR0 }] }, NOW))).toBe('PALISADE-E007');
});

describe('the message', () => {
  const parts = () => decodeCbor(nitro.document()) as CborValue[];
  const withPart = (index: number, value: CborValue) =>
    encodeCbor(parts().map((part, at) => (at === index ? value : part)));

  test('may be tagged as COSE_Sign1', () => {
    expect(judge(encodeCbor(new CborTag(18, parts()))).debug).toBe(false);
  });

  test.each<[string, () => Uint8Array, string]>([
    ['another tag', () => encodeCbor(new CborTag(17, parts())), 'E002'],
    ['a tag within the tag', () => encodeCbor(new CborTag(18, new CborTag(18, parts()))), 'E002'],
    ['three parts', () => encodeCbor(parts().slice(0, 3)), 'E002'],
    ['five parts', () => encodeCbor([...parts(), null]), 'E002'],
    ['a map', () => encodeCbor(new Map()), 'E002'],
    ['an unprotected header', () => withPart(1, new Map([[4, bytes('key')]])), 'E002'],
    ['a detached payload', () => withPart(2, null), 'E002'],
    ['a long signature', () => withPart(3, new Uint8Array(97)), 'E002'],
    ['a signature of zeros', () => withPart(3, new Uint8Array(96)), 'E011'],
    ['a signature of ones', () => withPart(3, new Uint8Array(96).fill(255)), 'E011'],
    ['an empty protected header', () => withPart(0, new Uint8Array()), 'E001'],
    [
      'a further protected header',
      () =>
        nitro.document({
          header: new Map([
            [1, -35],
            [3, 0],
          ]),
        }),
      'E002',
    ],
    ['no algorithm', () => nitro.document({ header: new Map([[4, -35]]) }), 'E002'],
    ['ES256', () => nitro.document({ header: new Map([[1, -7]]) }), 'E003'],
    ['the emulator, which signs nothing', () => nitro.document({ header: new Map([[1, -1]]) }), 'E003'],
    ['the algorithm by name', () => nitro.document({ header: new Map([[1, 'ES384']]) }), 'E003'],
    ['another payload', () => withPart(2, encodeCbor(new Map())), 'E004'],
    ['bytes behind', () => Uint8Array.from([...nitro.document(), 0]), 'E001'],
    ['an empty file', () => new Uint8Array(), 'E001'],
    ['a payload in a length that is not shortest', () => longLength(nitro.document()), 'E001'],
    ['more than a document can have', () => new Uint8Array(40_000), 'E002'],
  ])('is refused with %s', (_name, document, code) => {
    expect(refusal(() => judge(document()))).toBe(`PALISADE-${code}`);
  });

  test('is refused when its payload is that of another document', () => {
    const other = decodeCbor(nitro.document({ nonce: bytes('other') })) as CborValue[];
    expect(refusal(() => judge(withPart(2, other[2])))).toBe('PALISADE-E011');
  });

  /** Writes the length of the payload in four bytes instead of two. */
  function longLength(document: Uint8Array): Uint8Array {
    const at = 1 + 5 + 1;
    return Uint8Array.from([...document.subarray(0, at), 0x5a, 0, 0, ...document.subarray(at + 1)]);
  }
});

describe('the payload', () => {
  test('may leave optional fields out, or give them as null or empty', () => {
    expect(judge(nitro.document({ payload: { nonce: undefined, user_data: undefined } })).nonce).toBeUndefined();
    expect(judge(nitro.document({ userData: new Uint8Array() })).userData).toHaveLength(0);
  });

  test('may be a map of indefinite length, as hardware makes it since 2025', () => {
    const open = (payload: Parameters<typeof encodeCbor>[0]) => {
      const definite = encodeCbor(payload);
      return Uint8Array.from([0xbf, ...definite.subarray(1), 0xff]);
    };
    expect(judge(nitro.document({ encode: open })).debug).toBe(false);
  });

  const pcrs = (entries: [CborValue, CborValue][]) => ({ pcrs: new Map(entries as [number, CborValue][]) });
  const measured = new Uint8Array(48).fill(1);
  test.each<[string, Record<string, CborValue | undefined>, string]>([
    ['no module', { module_id: undefined }, 'E004'],
    ['an empty module', { module_id: '' }, 'E004'],
    ['another digest', { digest: 'SHA256' }, 'E004'],
    ['no digest', { digest: undefined }, 'E004'],
    ['no time', { timestamp: undefined }, 'E004'],
    ['a time of zero', { timestamp: 0 }, 'E004'],
    ['a time before 1970', { timestamp: -5 }, 'E004'],
    ['a time beyond all calendars', { timestamp: 2 ** 53 - 2 }, 'E004'],
    ['an unknown field', { more: true }, 'E004'],
    ['no certificate', { certificate: undefined }, 'E004'],
    ['a certificate of no bytes', { certificate: new Uint8Array() }, 'E004'],
    ['a certificate that is too long', { certificate: new Uint8Array(1025) }, 'E004'],
    ['a certificate that is none', { certificate: new Uint8Array(64) }, 'E006'],
    ['no authorities', { cabundle: [] }, 'E004'],
    ['too many authorities', { cabundle: Array(9).fill(new Uint8Array(8)) }, 'E004'],
    ['an authority as text', { cabundle: ['root'] }, 'E004'],
    ['a public key that is too long', { public_key: new Uint8Array(1025) }, 'E004'],
    ['an empty public key', { public_key: new Uint8Array() }, 'E004'],
    ['user data that is too long', { user_data: new Uint8Array(1025) }, 'E004'],
    ['a nonce as text', { nonce: 'nonce' }, 'E004'],
    ['no registers', { pcrs: new Map() }, 'E005'],
    ['registers in a list', { pcrs: [measured] }, 'E005'],
    ['register 32', pcrs([[32, measured]]), 'E005'],
    ['register -1', pcrs([[-1, measured]]), 'E005'],
    ['a register by name', pcrs([['0', measured]]), 'E005'],
    ['a measurement of 47 bytes', pcrs([[0, measured.subarray(1)]]), 'E005'],
    ['a measurement that is absent', pcrs([[0, null]]), 'E005'],
  ])('is refused with %s', (_name, payload, code) => {
    expect(refusal(() => judge(nitro.document({ payload })))).toBe(`PALISADE-${code}`);
  });
});

describe('the chain', () => {
  const code = async (certificates: Record<number, CertificateOverrides>, now = NOW) => {
    const other = await LocalNitro.create({ ...validity, certificates });
    return refusal(() => judge(other.document(), {}, now, other.rootDer));
  };
  const late = new Date(NOW.getTime() + HOUR);
  const critical = new x509.Extension('1.2.3.4', true, new Uint8Array([5, 0]));
  const harmless = new x509.Extension('1.2.3.4', false, new Uint8Array([5, 0]));

  test.each<[string, Record<number, CertificateOverrides>, string]>([
    ['as it should be', {}, 'accepted'],
    ['with an extension that nobody has to know', { 2: { extensions: [harmless] } }, 'accepted'],
    ['with a critical extension that is unknown', { 2: { extensions: [critical] } }, 'PALISADE-E006'],
    ['with a certificate of another curve', { 3: { curve: 'P-256' } }, 'PALISADE-E006'],
    ['with another hash', { 3: { hash: 'SHA-256' } }, 'PALISADE-E006'],
    ['with a root that is not valid yet', { 0: { notBefore: late } }, 'PALISADE-E009'],
    ['with an authority that is not valid yet', { 2: { notBefore: late } }, 'PALISADE-E009'],
    ['with an enclave that is not valid yet', { 4: { notBefore: late } }, 'PALISADE-E009'],
    ['with an authority that is none', { 1: { authority: false } }, 'PALISADE-E010'],
    [
      'with an authority that may not sign certificates',
      { 3: { usage: x509.KeyUsageFlags.digitalSignature } },
      'PALISADE-E010',
    ],
    ['longer than a path length allows', { 1: { pathLength: 1 } }, 'PALISADE-E010'],
    ['with an enclave that is an authority', { 4: { authority: true } }, 'PALISADE-E010'],
    ['with an enclave that may not sign', { 4: { usage: x509.KeyUsageFlags.keyAgreement } }, 'PALISADE-E010'],
  ])('%s', async (_name, certificates, expected) => {
    expect(await code(certificates)).toBe(expected);
  });

  test('must be valid when it is judged', async () => {
    expect(await code({}, new Date(NOW.getTime() + 4 * HOUR))).toBe('PALISADE-E009');
    expect(await code({}, new Date(NaN))).toBe('PALISADE-E019');
  });

  test('is refused out of order, with a gap, with a stranger, and with bytes behind a certificate', async () => {
    const [root, first, second, third, leaf] = nitro.certificates;
    const stranger = await LocalNitro.create(validity);
    const [, otherFirst] = stranger.certificates;
    const chains: [readonly Uint8Array[], Uint8Array, string][] = [
      [[root, second, first, third], leaf, 'PALISADE-E010'],
      [[root, first, third], leaf, 'PALISADE-E008'],
      [[root, first, second], leaf, 'PALISADE-E008'],
      [[root, otherFirst, second, third], leaf, 'PALISADE-E008'],
      [[first, second, third], leaf, 'PALISADE-E007'],
      [[Uint8Array.from([...root, 0]), first, second, third], leaf, 'PALISADE-E007'],
      [[root, Uint8Array.from([...first, 0]), second, third], leaf, 'PALISADE-E006'],
      [[root, first, second, third], stranger.certificates[4], 'PALISADE-E008'],
    ];
    for (const [cabundle, certificate, expected] of chains) {
      expect(refusal(() => judge(nitro.document({ payload: { cabundle, certificate } })))).toBe(expected);
    }
  });
});

describe('the policy', () => {
  const zero = new Uint8Array(48);
  const debug: DocumentFields = { pcrs: { 0: zero, 1: zero, 2: zero, 3: usualPcrs()[3] } };

  test('takes one of several sets whole, in any case', () => {
    const old = { 0: '11'.repeat(48) };
    const both = { 0: PCR0.toUpperCase(), 2: hex(usualPcrs()[2]) };
    expect(judge(nitro.document(), { pcrs: [old, both] }).debug).toBe(false);
    expect(refusal(() => judge(nitro.document(), { pcrs: [old, { ...both, 1: '22'.repeat(48) }] }))).toBe(
      'PALISADE-E013',
    );
    expect(refusal(() => judge(nitro.document(), { pcrs: [{ 0: PCR0, 31: PCR0 }] }))).toBe('PALISADE-E013');
  });

  test('refuses debug mode unless asked, however the measurements are pinned', () => {
    expect(refusal(() => judge(nitro.document(debug), { pcrs: 'any' }))).toBe('PALISADE-E012');
    expect(refusal(() => judge(nitro.document({ pcrs: { 0: usualPcrs()[0] } }), { pcrs: 'any' }))).toBe(
      'PALISADE-E012',
    );
    expect(judge(nitro.document(debug), { pcrs: 'any', allowDebug: true }).debug).toBe(true);
    expect(refusal(() => judge(nitro.document(debug), { allowDebug: true }))).toBe('PALISADE-E013');
  });

  test.each<[string, Partial<AttestationPolicy>, string]>([
    ['another module', { moduleId: 'i-0' }, 'E014'],
    ['another nonce', { nonce: bytes('x') }, 'E015'],
    ['an empty nonce', { nonce: new Uint8Array() }, 'E015'],
    ['other user data', { userData: bytes('x') }, 'E016'],
    ['another public key', { publicKey: bytes('x') }, 'E017'],
    ['no sets', { pcrs: [] }, 'E019'],
    ['an empty set', { pcrs: [{ 0: PCR0 }, {}] }, 'E019'],
    ['no measurement', { pcrs: [{ 0: 'abc' }] }, 'E019'],
    ['a register that is none', { pcrs: [{ 32: PCR0 }] }, 'E019'],
    ['zeros', { pcrs: [{ 0: '0'.repeat(96) }] }, 'E019'],
  ])('refuses for %s', (_name, policy, code) => {
    expect(refusal(() => judge(nitro.document({ nonce: bytes('n') }), policy))).toBe(`PALISADE-${code}`);
    expect(refusal(() => judge(nitro.document(), policy))).toBe(`PALISADE-${code}`);
  });

  test('wants a fresh document', () => {
    const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
    const document = nitro.document();
    expect(judge(document, {}, at(300_000)).debug).toBe(false);
    expect(refusal(() => judge(document, {}, at(300_001)))).toBe('PALISADE-E018');
    expect(judge(document, { maximumAge: 2 * HOUR }, at(HOUR)).debug).toBe(false);
    expect(judge(nitro.document({ timestamp: at(60_000) })).debug).toBe(false);
    expect(refusal(() => judge(nitro.document({ timestamp: at(60_001) })))).toBe('PALISADE-E018');
  });
});

test('no byte can be changed', () => {
  const document = nitro.document({ nonce: randomBytes(32) });
  for (let index = 0; index < document.length * 8; index += 101) {
    const changed = Uint8Array.from(document);
    changed[index >> 3] ^= 1 << (index & 7);
    expect(refusal(() => judge(changed, { pcrs: 'any', allowDebug: true }))).toMatch(/^PALISADE-E0/);
  }
});
