import { createHash, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as https from 'node:https';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { EnclaveKms, type EnclaveKmsOptions } from '../../../enclave/kms';
import { PalisadeError } from '../../../runtime/errors';
import { ciphertextForRecipient } from '../../support/kms/envelope';
import { type KmsAnswer, type KmsRequest, KmsStandIn, serverIdentity } from '../../support/kms/stand-in';

const NAME = 'kms.eu-west-1.amazonaws.com';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const CONTEXT = { system: 'clinical-notes', purpose: 'model' };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kms-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const servers: KmsStandIn[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

/** KMS for the enclave of this test. The document is the key itself: what is in one is not the client's affair. */
async function kms(
  decide: (request: KmsRequest) => KmsAnswer,
  { names = [NAME], ...options }: Partial<EnclaveKmsOptions> & { readonly names?: string[] } = {},
) {
  const identity = await serverIdentity(...names);
  const socket = path.join(folder, `${createHash('sha1').update(identity.key).digest('hex').slice(0, 8)}.sock`);
  servers.push(await KmsStandIn.listen(socket, identity, decide));
  return EnclaveKms.create({
    region: 'eu-west-1',
    keyArn: KEY_ARN,
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }),
    attest: (publicKey) => publicKey,
    connect: async () => net.connect(socket),
    authorities: [identity.authority],
    timeout: 5_000,
    ...options,
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
  expect(Buffer.from(await client.decrypt(Buffer.from('wrapped'), CONTEXT)).toString()).toBe('data key');
  expect(asked).toEqual([
    {
      operation: 'Decrypt',
      accessKeyId: 'AKIDEXAMPLE',
      body: {
        KeyId: KEY_ARN,
        CiphertextBlob: Buffer.from('wrapped').toString('base64'),
        EncryptionContext: CONTEXT,
        Recipient: { AttestationDocument: expect.any(String), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
      },
    },
  ]);
});

test.each([
  'AccessDeniedException',
  'InvalidCiphertextException',
  'KMSInvalidStateException',
  'NotFoundException',
  'ValidationException',
  'ExpiredTokenException',
])('says that KMS refused, once: %s', async (error) => {
  let calls = 0;
  const client = await kms(() => {
    calls += 1;
    return { error };
  });
  await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(
    expect.objectContaining({ code: 'PALISADE-E332', problem: `refused: ${error}` }),
  );
  expect(calls).toBe(1);
});

test('asks again when KMS is busy, and gives up', async () => {
  let calls = 0;
  const client = await kms((request) => {
    calls += 1;
    return calls < 2 ? { error: 'ThrottlingException' } : sealed(request);
  });
  expect(Buffer.from(await client.decrypt(Buffer.from('wrapped'), CONTEXT)).toString()).toBe('data key');
  const down = await kms(() => ({ error: 'KMSInternalException' }));
  await expect(down.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
});

test('says of credentials and connections what they say of themselves', async () => {
  const error = new PalisadeError({ code: 'PALISADE-E352', where: 'agent', problem: 'nobody answers', fix: 'look' });
  for (const port of ['credentials', 'connect'] as const) {
    const client = await kms(sealed, { [port]: () => Promise.reject(error) });
    await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E352'));
  }
});

describe('waits no longer than it says', () => {
  const hurried = { timeout: 50 };

  test('for a connection', async () => {
    const client = await kms(sealed, { ...hurried, connect: () => new Promise(() => {}) });
    await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
  });

  test('for TLS', async () => {
    const taken: net.Socket[] = [];
    const silent = net.createServer((socket) => taken.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const client = await kms(sealed, { ...hurried, connect: async () => net.connect(port, '127.0.0.1') });
    await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
    expect(taken).toHaveLength(3);
    for (const socket of taken) {
      socket.destroy();
    }
    silent.close();
  });

  test('for the rest of an answer', async () => {
    const identity = await serverIdentity(NAME);
    const slow = https.createServer({ cert: identity.certificate, key: identity.key }, (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{');
    });
    slow.listen(0, '127.0.0.1');
    await new Promise((resolve) => slow.once('listening', resolve));
    const { port } = slow.address() as net.AddressInfo;
    const client = await kms(sealed, {
      timeout: 200,
      authorities: [identity.authority],
      connect: async () => net.connect(port, '127.0.0.1'),
    });
    await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
    slow.closeAllConnections();
    slow.close();
  });
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

test('talks to nobody whose certificate is for another name, or of an authority that it does not know', async () => {
  const asked = jest.fn(sealed);
  const elsewhere = await kms(asked, { names: ['kms.eu-west-1.example.com'] });
  await expect(elsewhere.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
  const { authority } = await serverIdentity(NAME);
  for (const authorities of [[authority], undefined]) {
    const unknown = await kms(asked, { authorities });
    await expect(unknown.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
  }
  expect(asked).not.toHaveBeenCalled();
});

test('checks certificates even where Node.js is told not to', async () => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    const asked = jest.fn(sealed);
    const client = await kms(asked, { authorities: undefined });
    await expect(client.decrypt(Buffer.from('wrapped'), CONTEXT)).rejects.toEqual(refused('E333'));
    expect(asked).not.toHaveBeenCalled();
  } finally {
    if (before === undefined) {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    } else {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  }
});
