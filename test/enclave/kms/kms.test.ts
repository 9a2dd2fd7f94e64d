import { createHash, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { EnclaveKms } from '../../../enclave/kms';
import { ciphertextForRecipient } from '../../support/kms/envelope';
import { type KmsAnswer, type KmsRequest, KmsStandIn, serverIdentity } from '../../support/kms/stand-in';

const NAME = 'kms.eu-west-1.amazonaws.com';
const CONTEXT = { system: 'clinical-notes', purpose: 'model' };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kms-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const servers: KmsStandIn[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

/** KMS for the enclave of this test. The document is the key itself: what is in one is not the client's affair. */
async function kms(decide: (request: KmsRequest) => KmsAnswer, names = [NAME]) {
  const identity = await serverIdentity(...names);
  const socket = path.join(folder, `${createHash('sha1').update(identity.key).digest('hex').slice(0, 8)}.sock`);
  servers.push(await KmsStandIn.listen(socket, identity, decide));
  return EnclaveKms.create({
    region: 'eu-west-1',
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }),
    attest: (publicKey) => publicKey,
    connect: async () => net.connect(socket),
    authorities: [identity.authority],
    timeout: 5_000,
  });
}

const sealed = ({ body }: KmsRequest, plaintext = 'data key') => ({
  CiphertextForRecipient: Buffer.from(
    ciphertextForRecipient(Buffer.from(plaintext), Buffer.from(body.Recipient?.AttestationDocument ?? '', 'base64')),
  ).toString('base64'),
});

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });

test('asks with document, context and the credentials of the parent, and opens what comes back', async () => {
  const asked: KmsRequest[] = [];
  const client = await kms((request) => {
    asked.push(request);
    return sealed(request);
  });
  expect(String(await client.decrypt(Buffer.from('wrapped'), CONTEXT))).toBe('data key');
  expect(asked).toEqual([
    {
      operation: 'Decrypt',
      accessKeyId: 'AKIDEXAMPLE',
      body: {
        CiphertextBlob: Buffer.from('wrapped').toString('base64'),
        EncryptionContext: CONTEXT,
        Recipient: { AttestationDocument: expect.any(String), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
      },
    },
  ]);
});

test('says that KMS refused, once', async () => {
  let calls = 0;
  const client = await kms(() => {
    calls += 1;
    return { error: 'AccessDeniedException' };
  });
  await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E332'));
  expect(calls).toBe(1);
});

test('asks again when KMS is busy, and gives up', async () => {
  let calls = 0;
  const client = await kms((request) => {
    calls += 1;
    return calls < 2 ? { error: 'ThrottlingException' } : sealed(request);
  });
  expect(String(await client.decrypt(Buffer.from('wrapped'), CONTEXT))).toBe('data key');
  const down = await kms(() => ({ error: 'KMSInternalException' }));
  await expect(down.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
});

test('takes no plaintext, and nothing that is sealed to another key', async () => {
  const open = await kms((request) => ({ ...sealed(request), Plaintext: 'AAAA' }));
  await expect(open.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E334'));
  const nothing = await kms(() => ({}));
  await expect(nothing.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E334'));
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = Buffer.from(
    ciphertextForRecipient(Buffer.from('x'), publicKey.export({ type: 'spki', format: 'der' })),
  );
  const elsewhere = await kms(() => ({ CiphertextForRecipient: other.toString('base64') }));
  await expect(elsewhere.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E331'));
});

test('talks to nobody whose certificate is for another name', async () => {
  const asked = jest.fn(sealed);
  const client = await kms(asked, ['kms.eu-west-1.example.com']);
  await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
  expect(asked).not.toHaveBeenCalled();
});
