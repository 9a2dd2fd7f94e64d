import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { pcr3Of } from '../../../constructs/attested-key/parent-role';
import { EnclaveKms } from '../../../enclave/kms';
import { type CborMap, decodeCbor, encodeCbor } from '../../../runtime/cbor';
import { KeyPolicies } from '../../constructs/attested-key/decide';
import { attestedKey } from '../../constructs/attested-key/key';
import { type DocumentFields, LocalNitro, usualPcrs } from '../../support/attestation/local-nitro';
import { KmsStandIn, serverIdentity } from '../../support/kms/stand-in';
import { KeyService } from './key-service';
import { signDocument } from './signer';

/* The parts of the proof that stand for AWS, without a machine: what they let through is what AWS would. */

const CONTEXT = { system: 'clinical-notes', purpose: 'model' };
const KMS = 'kms.eu-west-1.amazonaws.com';
const DATA_KEY = Buffer.from('the data key of a model, 32 byte');
const now = Date.now();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'k-'));

const role = pcr3Of('arn:aws:iam::111122223333:role/clinical-notes-enclave-host');
const PCRS: Record<number, Uint8Array> = { ...usualPcrs(), 3: Buffer.from(role, 'hex') };
const [pcr0, pcr1, pcr2] = [0, 1, 2].map((register) => Buffer.from(PCRS[register]).toString('hex'));
const generation = { name: 'proof', image: 'sha256:1', eifSha256: '', builtOn: '2026-11-26', pcr0, pcr1, pcr2 };

let nitro: LocalNitro;
let policies: KeyPolicies;
let authority: string;
let standIn: KmsStandIn;
let service: KeyService;

beforeAll(async () => {
  nitro = await LocalNitro.create({ notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 3_600_000) });
  policies = new KeyPolicies(attestedKey({ measurements: { system: CONTEXT.system, generations: [generation] } }).app);
  const identity = await serverIdentity(KMS);
  authority = identity.authority;
  standIn = await KmsStandIn.listen(path.join(folder, 'kms'), identity, (request) => service.answer(request));
});

beforeEach(() => {
  service = serviceThat((document) => signDocument(nitro, document));
});

afterAll(async () => {
  await standIn.stop();
  fs.rmSync(folder, { recursive: true });
});

function serviceThat(sign: (document: Uint8Array) => Uint8Array): KeyService {
  const callers = { PARENT: 'parent', ADMINISTRATOR: 'administrator' } as const;
  return new KeyService({ policies, callers, root: nitro.rootDer, sign });
}

/** As QEMU's NSM writes it: algorithm -1, and zeros for certificates and signature. */
function emulated(fields: DocumentFields): Uint8Array {
  const zeros = new Uint8Array(64);
  const payload = { certificate: zeros, cabundle: [zeros] };
  const [, , encoded] = decodeCbor(nitro.document({ timestamp: new Date(), pcrs: PCRS, ...fields, payload })) as [
    Uint8Array,
    CborMap,
    Uint8Array,
  ];
  return encodeCbor([encodeCbor(new Map([[1, -1]])), new Map(), encoded, zeros]);
}

/** What an enclave gets that asks with such a document. */
async function ask(
  fields: DocumentFields = {},
  { context = CONTEXT, accessKeyId = 'PARENT', wrapped = service.wrap(DATA_KEY, CONTEXT) } = {},
): Promise<string> {
  const kms = await EnclaveKms.create({
    region: 'eu-west-1',
    keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1',
    credentials: async () => ({ accessKeyId, secretAccessKey: 'secret' }),
    attest: (publicKey) => emulated({ publicKey, ...fields }),
    connect: async () => net.connect(path.join(folder, 'kms')),
    authorities: [authority],
  });
  return Buffer.from(await kms.decrypt(wrapped, context)).toString();
}

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });
const zeros = { 0: new Uint8Array(48), 1: new Uint8Array(48), 2: new Uint8Array(48) };

test('the measured image on the right role gets the data key', async () => {
  expect(await ask()).toBe(DATA_KEY.toString());
  expect(service.decisions).toEqual(['Allowed']);
});

test.each<[string, DocumentFields, Parameters<typeof ask>[1]]>([
  ['another image', { pcrs: { ...PCRS, 0: new Uint8Array(48).fill(1) } }, {}],
  ['a debug enclave', { pcrs: { ...PCRS, ...zeros } }, {}],
  ['an instance of another role', { pcrs: { ...PCRS, 3: new Uint8Array(48).fill(1) } }, {}],
  ['another system', {}, { context: { ...CONTEXT, system: 'other' } }],
  ['another purpose', {}, { context: { ...CONTEXT, purpose: 'other' } }],
  ['an administrator, with the right document', {}, { accessKeyId: 'ADMINISTRATOR' }],
])('the policy refuses %s', async (_name, fields, options) => {
  await expect(ask(fields, options)).rejects.toEqual(refused('E332'));
  expect(service.decisions).toHaveLength(1);
  expect(service.decisions).not.toContain('Allowed');
});

test.each<[string, DocumentFields]>([
  ['old', { timestamp: new Date(now - 3_000_000) }],
  ['without a key', { publicKey: null }],
])('a document that is %s never comes to the policy', async (_name, fields) => {
  await expect(ask(fields)).rejects.toEqual(expect.objectContaining({ code: expect.stringMatching(/^PALISADE-E33/) }));
  expect(service.decisions).toEqual([]);
});

test('a document that nobody signed, or another root did, never comes to the policy', async () => {
  const other = await LocalNitro.create({ notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 3_600_000) });
  for (const sign of [(document: Uint8Array) => document, (document: Uint8Array) => signDocument(other, document)]) {
    service = serviceThat(sign);
    await expect(ask()).rejects.toEqual(expect.objectContaining({ code: expect.stringMatching(/^PALISADE-E33/) }));
    expect(service.decisions).toEqual([]);
  }
});

test('what another key sealed, or another context, does not open', async () => {
  const other = serviceThat((document) => document);
  for (const wrapped of [other.wrap(DATA_KEY, CONTEXT), service.wrap(DATA_KEY, { ...CONTEXT, purpose: 'other' })]) {
    await expect(ask({}, { wrapped })).rejects.toEqual(refused('E332'));
  }
});

test('nobody gets plaintext without a document, and strangers get nothing', async () => {
  const body = {
    CiphertextBlob: Buffer.from(service.wrap(DATA_KEY, CONTEXT)).toString('base64'),
    EncryptionContext: CONTEXT,
  };
  for (const accessKeyId of ['PARENT', 'ADMINISTRATOR']) {
    expect(await service.answer({ operation: 'Decrypt', accessKeyId, body })).toEqual({
      error: 'AccessDeniedException',
    });
  }
  await expect(ask({}, { accessKeyId: 'STRANGER' })).rejects.toEqual(refused('E332'));
  expect(service.decisions).toEqual(['ExplicitlyDenied', 'ExplicitlyDenied']);
});

test('the signer leaves everything but the certificates as it was, and signs nothing that is signed already', () => {
  const unsigned = emulated({ nonce: Buffer.from('nonce'), userData: Buffer.from('data') });
  const claimsOf = (document: Uint8Array) => {
    const [, , payload] = decodeCbor(document) as [Uint8Array, CborMap, Uint8Array];
    const { certificate, cabundle, ...claims } = Object.fromEntries(decodeCbor(payload) as CborMap);
    return claims;
  };
  expect(claimsOf(signDocument(nitro, unsigned))).toEqual(claimsOf(unsigned));
  expect(() => signDocument(nitro, nitro.document())).toThrow('not a document of the emulator');
});
