import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { sealRequest } from '../../../runtime/enclave-channel';
import { chunksOf, NOW, read, SYSTEM } from './channel';

// An enclave's end of the channel written from RFC 9180 and the first lines of runtime/enclave-channel/index.ts alone,
// without the library that the channel is made with. What both sides of one implementation get wrong shows here.

const KEM = Buffer.from('4b454d0020', 'hex');
const HPKE = Buffer.from('48504b45002000010002', 'hex');

const hmac = (key: Buffer, ...parts: Buffer[]) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();
const extract = (suite: Buffer, salt: Buffer, label: string, secret: Buffer) =>
  hmac(salt, Buffer.from('HPKE-v1'), suite, Buffer.from(label), secret);

function expand(suite: Buffer, key: Buffer, label: string, info: Buffer, length: number): Buffer {
  const bytes = Buffer.from([0, length]);
  // One block is enough: nothing here is longer than SHA-256's 32 bytes.
  return hmac(key, bytes, Buffer.from('HPKE-v1'), suite, Buffer.from(label), info, Buffer.from([1])).subarray(
    0,
    length,
  );
}

function contextOf(privateKey: KeyObject, publicKey: Buffer, encapsulated: Buffer) {
  const none = Buffer.alloc(0);
  const x = encapsulated.toString('base64url');
  const sender = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
  const agreed = diffieHellman({ privateKey, publicKey: sender });
  const both = Buffer.concat([encapsulated, publicKey]);
  const shared = expand(KEM, extract(KEM, none, 'eae_prk', agreed), 'shared_secret', both, 32);
  const info = Buffer.from('palisade enclave channel 1');
  const schedule = Buffer.concat([
    Buffer.from([0]),
    extract(HPKE, none, 'psk_id_hash', none),
    extract(HPKE, none, 'info_hash', info),
  ]);
  const secret = extract(HPKE, shared, 'secret', none);
  const exporter = expand(HPKE, secret, 'exp', schedule, 32);
  return {
    key: expand(HPKE, secret, 'key', schedule, 32),
    nonce: expand(HPKE, secret, 'base_nonce', schedule, 12),
    answer: expand(HPKE, exporter, 'sec', Buffer.from('palisade answer'), 32),
  };
}

const nonceAt = (base: Buffer, sequence: number) =>
  Buffer.from(base.map((byte, at) => (at === 11 ? byte ^ sequence : byte)));

const additional = (header: Buffer, direction: number, sequence: number, kind: number) =>
  Buffer.concat([header, Buffer.from([direction, 0, 0, 0, 0, 0, 0, 0, sequence, kind]), Buffer.from(SYSTEM)]);

test('the channel is what its description says', async () => {
  const pair = generateKeyPairSync('x25519');
  const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const head = { method: 'POST', path: '/invocations', headers: {} };
  const body = new TextEncoder().encode('a question');
  const sealed = await sealRequest({ publicKey: new Uint8Array(publicKey), system: SYSTEM, head, body, time: NOW });

  const header = Buffer.from(sealed.bytes.slice(0, 73));
  expect(header[0]).toBe(1);
  expect(header.subarray(1, 17)).toEqual(createHash('sha256').update(publicKey).digest().subarray(0, 16));
  expect(header.subarray(17, 33)).toEqual(Buffer.from(sealed.requestId));
  expect(header.readBigUInt64BE(33)).toBe(BigInt(NOW));
  const encapsulated = header.subarray(41);
  const { key, nonce, answer } = contextOf(pair.privateKey, publicKey, encapsulated);

  const opened = chunksOf(sealed.bytes, 73).map((chunk, sequence) => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceAt(nonce, sequence));
    decipher.setAAD(additional(header, 1, sequence, chunk[0])).setAuthTag(chunk.slice(-16));
    return [chunk[0], Buffer.concat([decipher.update(chunk.slice(5, -16)), decipher.final()]).toString()];
  });
  expect(opened).toEqual([
    [1, '{"headers":{},"method":"POST","path":"/invocations"}'],
    [2, 'a question'],
    [3, ''],
  ]);

  const answerNonce = randomBytes(32);
  const derived = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', answer, Buffer.concat([encapsulated, answerNonce]), info, length));
  const said: [number, string][] = [
    [1, '{"headers":{},"status":200}'],
    [2, 'an '],
    [2, 'answer'],
    [3, 'the end'],
  ];
  const chunks = said.map(([kind, text], sequence) => {
    const cipher = createCipheriv('aes-256-gcm', derived('key', 32), nonceAt(derived('nonce', 12), sequence));
    cipher.setAAD(additional(header, 2, sequence, kind));
    const content = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([Buffer.from([kind, 0, 0, 0, content.length]), content]);
  });
  const response = await sealed.open(new Uint8Array(Buffer.concat([answerNonce, ...chunks])));
  expect(response.head).toEqual({ status: 200, headers: {} });
  expect(await read(response)).toEqual({ body: 'an answer', end: 'the end' });
});
