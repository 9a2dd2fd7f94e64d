import * as fc from 'fast-check';
import { nodeSuite } from '../../../enclave/app/hpke';
import { EnclaveResponder } from '../../../runtime/enclave-channel';
import { webSuite } from '../../../runtime/enclave-channel/suite';
import { answer, codeOf, NOW, read, request, SYSTEM } from '../../runtime/enclave-channel/channel';

// The test vector that RFC 9180 names (appendix A, cfrg/draft-irtf-cfrg-hpke): base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// AES-256-GCM.
const VECTOR = {
  info: '4f6465206f6e2061204772656369616e2055726e',
  ephemeral: '179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11',
  encapsulated: '6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256',
  privateKey: '497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d',
  publicKey: '430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c',
  plaintext: '4265617574792069732074727574682c20747275746820626561757479',
  additionalData: '436f756e742d30',
  sealed: 'e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a',
  exports: {
    '': 'ded6cffafaea6b812cbf3e241e88332adbc077aca81512914213810ee291770a',
    '00': '04d3cb6cc116b28ffd22ad5bc276c60d31fec71ceb87ae24db811c64b7507339',
    '54657374436f6e74657874': '7c5ded445732c14fe09727d29b4251c0fd38455fe8440571e687f0886aac94d2',
  },
};

const suites = { node: nodeSuite, web: webSuite };
const hex = (bytes: ArrayBufferLike) => Buffer.from(bytes).toString('hex');
const raw = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

async function pair(privateKey: string, publicKey: string) {
  return {
    privateKey: await webSuite.kem.deserializePrivateKey(raw(privateKey)),
    publicKey: await webSuite.kem.deserializePublicKey(raw(publicKey)),
  };
}

async function contexts(sender: keyof typeof suites, recipient: keyof typeof suites) {
  const info = raw(VECTOR.info);
  const recipientKey = await pair(VECTOR.privateKey, VECTOR.publicKey);
  const ekm = await pair(VECTOR.ephemeral, VECTOR.encapsulated);
  const from = await suites[sender].createSenderContext({ recipientPublicKey: recipientKey.publicKey, info, ekm });
  const to = await suites[recipient].createRecipientContext({ recipientKey, enc: raw(VECTOR.encapsulated), info });
  return { from, to };
}

describe.each(['node', 'web'] as const)('HPKE by the primitives of %s', (name) => {
  test('seals, opens and exports as the vector of RFC 9180', async () => {
    const { from, to } = await contexts(name, name);
    expect(hex(from.enc)).toBe(VECTOR.encapsulated);
    expect(hex(await from.seal(raw(VECTOR.plaintext), raw(VECTOR.additionalData)))).toBe(VECTOR.sealed);
    expect(hex(await to.open(raw(VECTOR.sealed), raw(VECTOR.additionalData)))).toBe(VECTOR.plaintext);
    for (const [context, value] of Object.entries(VECTOR.exports)) {
      expect(hex(await from.export(raw(context), 32))).toBe(value);
      expect(hex(await to.export(raw(context), 32))).toBe(value);
    }
  });

  test.each([
    ['a changed bit', `${VECTOR.sealed.slice(0, -1)}b`, VECTOR.additionalData],
    ['other additional data', VECTOR.sealed, '436f756e742d31'],
    ['a tag cut short', VECTOR.sealed.slice(0, -2), VECTOR.additionalData],
    ['half a tag', VECTOR.sealed.slice(0, 16), VECTOR.additionalData],
    ['nothing', '', VECTOR.additionalData],
  ])('opens nothing of %s', async (_what, sealed, data) => {
    const { to } = await contexts('web', name);
    await expect(to.open(raw(sealed), raw(data))).rejects.toThrow();
    // The refused one has not moved the sequence.
    expect(hex(await to.open(raw(VECTOR.sealed), raw(VECTOR.additionalData)))).toBe(VECTOR.plaintext);
  });

  test.each(['00'.repeat(32), `01${'00'.repeat(31)}`, '01', ''])('takes no encapsulated key %s', async (enc) => {
    const recipientKey = await pair(VECTOR.privateKey, VECTOR.publicKey);
    await expect(suites[name].createRecipientContext({ recipientKey, enc: raw(enc) })).rejects.toThrow();
  });
});

test('each opens what the other seals, whatever its length', async () => {
  const { from, to } = await contexts('web', 'node');
  const back = await contexts('node', 'web');
  const bytes = fc.uint8Array({ maxLength: 70_000, size: 'max' });
  await fc.assert(
    fc.asyncProperty(bytes, fc.uint8Array(), async (plaintext, data) => {
      expect(Buffer.from(await to.open(await from.seal(plaintext, data), data)).equals(plaintext)).toBe(true);
      expect(Buffer.from(await back.to.open(await back.from.seal(plaintext, data), data)).equals(plaintext)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('both derive the same keys, of any length', async () => {
  const part = fc.uint8Array({ minLength: 1, maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(part, part, part, fc.integer({ min: 1, max: 100 }), async (salt, secret, info, length) => {
      const [one, other] = await Promise.all(
        Object.values(suites).map(({ kdf }) => kdf.extractAndExpand(salt, secret, info, length)),
      );
      expect(hex(one)).toBe(hex(other));
    }),
    { numRuns: 30 },
  );
});

describe('an enclave with the primitives of node', () => {
  const enclave = () => EnclaveResponder.create({ system: SYSTEM, clock: () => NOW, suite: nodeSuite });

  test('opens and answers without one call of WebCrypto', async () => {
    const responder = await enclave();
    await answer(await responder.open((await request(responder)).bytes), 'first');
    const sealed = await request(responder);
    const names = [
      'importKey',
      'exportKey',
      'deriveBits',
      'deriveKey',
      'digest',
      'sign',
      'encrypt',
      'decrypt',
    ] as const;
    const calls = names.map((method) => jest.spyOn(crypto.subtle, method));
    const opened = await responder.open(sealed.bytes);
    const said = await answer(opened, 'an answer');
    expect(calls.flatMap(({ mock }) => mock.calls)).toEqual([]);
    jest.restoreAllMocks();
    expect(opened.body).toEqual(new Uint8Array(Buffer.from('a question')));
    expect((await read(await sealed.open(said))).body).toBe('an answer');
  });

  test('refuses any changed byte of a request', async () => {
    const responder = await enclave();
    const { length } = (await request(responder)).bytes;
    for (let at = 0; at < length; at += 1) {
      // Of a request of its own: the enclave remembers those whose head was genuine.
      const { bytes } = await request(responder);
      bytes[at] ^= 1;
      expect(await codeOf(responder.open(bytes))).toMatch(/^PALISADE-E20[0-24-9]$/);
    }
  });
});
