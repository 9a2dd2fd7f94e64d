import { createHash } from 'node:crypto';
import { KMSInvalidSignatureException, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';
import { KmsSigner } from '../../../lambda/support/kms-signer';

const KEY = 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const DIGEST = createHash('sha384').update('manifest').digest();
const SIGNATURE = Uint8Array.of(1, 2, 3);
const code = (value: string) => expect.objectContaining({ code: value });

function signerWith(answer: () => unknown) {
  const send = jest.fn(async (_command: SignCommand | VerifyCommand) => answer());
  return { send, signer: new KmsSigner({ send: send as never }, KEY) };
}

test('signs the digest, not a message, with ECDSA on P-384', async () => {
  const { send, signer } = signerWith(() => ({ Signature: SIGNATURE }));
  expect(await signer.sign(DIGEST)).toBe(SIGNATURE);
  const [command] = send.mock.calls[0];
  expect(command).toBeInstanceOf(SignCommand);
  expect(command.input).toEqual({
    KeyId: KEY,
    Message: DIGEST,
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_384',
  });
});

test('verifies the same way', async () => {
  const { send, signer } = signerWith(() => ({ SignatureValid: true }));
  expect(await signer.verify(DIGEST, SIGNATURE, KEY)).toBe(true);
  const [command] = send.mock.calls[0];
  expect(command).toBeInstanceOf(VerifyCommand);
  expect(command.input).toMatchObject({ KeyId: KEY, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_384' });
});

test('a wrong signature is false; a failure of KMS is a failure', async () => {
  const wrong = new KMSInvalidSignatureException({ $metadata: {}, message: '' });
  const failing = (error: Error) =>
    signerWith(() => {
      throw error;
    }).signer;
  expect(await failing(wrong).verify(DIGEST, SIGNATURE, KEY)).toBe(false);
  await expect(failing(new Error('throttled')).verify(DIGEST, SIGNATURE, KEY)).rejects.toThrow('throttled');
  expect(await signerWith(() => ({})).signer.verify(DIGEST, SIGNATURE, KEY)).toBe(false);
});

test('another key is not trusted, and not asked', async () => {
  const { send, signer } = signerWith(() => ({ SignatureValid: true }));
  expect(await signer.verify(DIGEST, SIGNATURE, KEY.replace('1234abcd', '99999999'))).toBe(false);
  expect(await signer.verify(DIGEST, new Uint8Array(), KEY)).toBe(false);
  expect(send).not.toHaveBeenCalled();
});

test.each(['alias/palisade/dev/x/seal', '1234abcd-12ab-34cd-56ef-1234567890ab', ''])('%p is no key ARN', (key) => {
  expect(() => new KmsSigner({ send: jest.fn() }, key)).toThrow(code('PALISADE-D101'));
});

test('a digest of another length is refused before it is sent', async () => {
  const { send, signer } = signerWith(() => ({ Signature: SIGNATURE }));
  await expect(signer.sign(DIGEST.subarray(1))).rejects.toEqual(code('PALISADE-D102'));
  await expect(signer.verify(DIGEST.subarray(1), SIGNATURE, KEY)).rejects.toEqual(code('PALISADE-D102'));
  expect(send).not.toHaveBeenCalled();
});

test('an answer without a signature is an error', async () => {
  await expect(signerWith(() => ({})).signer.sign(DIGEST)).rejects.toEqual(code('PALISADE-D103'));
});
