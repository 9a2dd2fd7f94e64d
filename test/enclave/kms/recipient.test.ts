import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { openForRecipient } from '../../../enclave/kms';
import { ciphertextForRecipient } from '../../support/kms/envelope';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SPKI = publicKey.export({ type: 'spki', format: 'der' });
const REAL = path.resolve('../shared/data/attestation/cms');
const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });

describe('opens what KMS seals', () => {
  test.each(['pieces', 'one', 'der'] as const)('in the form %s', (form) => {
    for (const length of [0, 1, 15, 16, 32, 4096]) {
      const plaintext = randomBytes(length);
      const opened = openForRecipient(ciphertextForRecipient(plaintext, SPKI, { form }), privateKey);
      expect(Buffer.from(opened).equals(plaintext)).toBe(true);
    }
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  (openssl ? test : test.skip)('and what OpenSSL does', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cms-'));
    const file = (name: string) => path.join(folder, name);
    const run = (...args: string[]) =>
      expect(spawnSync('openssl', args, { encoding: 'utf8' })).toMatchObject({ status: 0 });
    fs.writeFileSync(file('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    fs.writeFileSync(file('plaintext'), 'a data key');
    run('req', '-x509', '-key', file('key.pem'), '-subj', '/CN=enclave', '-out', file('certificate.pem'));
    const oaep = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'].flatMap((option) => [
      '-keyopt',
      option,
    ]);
    const files = ['-in', file('plaintext'), '-out', file('envelope')];
    run(
      'cms',
      '-encrypt',
      '-keyid',
      '-aes-256-cbc',
      '-outform',
      'DER',
      ...files,
      '-recip',
      file('certificate.pem'),
      ...oaep,
    );
    expect(Buffer.from(openForRecipient(fs.readFileSync(file('envelope')), privateKey)).toString()).toContain(
      'a data key',
    );
    fs.rmSync(folder, { recursive: true });
  });

  (fs.existsSync(REAL) ? test : test.skip)('and reads real envelopes, whose keys nobody here has', () => {
    const envelopes = fs.readdirSync(REAL).filter((name) => name.endsWith('.der'));
    expect(envelopes.length).toBeGreaterThan(0);
    for (const name of envelopes) {
      expect(() => openForRecipient(fs.readFileSync(path.join(REAL, name)), privateKey)).toThrow(refused('E331'));
    }
  });
});

describe('refuses', () => {
  const OTHER = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const seal = (overrides = {}) => ciphertextForRecipient(Buffer.from('a data key'), SPKI, overrides);

  test('what is sealed to another key', () => {
    expect(() => openForRecipient(seal(), OTHER.privateKey)).toThrow(refused('E331'));
  });

  test.each([
    ['another version', { version: 0 }],
    ['two recipients', { recipients: 2 }],
    ['no recipient', { recipients: 0 }],
    ['RSA without OAEP', { keyAlgorithm: '2a864886f70d010101' }],
    ['OAEP of SHA-1', { oaep: '3000' }],
    ['AES-128', { contentAlgorithm: '608648016503040102' }],
    ['an initialization vector of another length', { iv: new Uint8Array(12) }],
  ])('%s', (_what, overrides) => {
    expect(() => openForRecipient(seal(overrides), privateKey)).toThrow(refused('E330'));
  });

  test('what is too long to be looked at, and nests too deeply', () => {
    expect(() => openForRecipient(new Uint8Array(64 * 1024 + 1), privateKey)).toThrow(/too long/);
    const deep = Buffer.from('3080'.repeat(32 * 1024), 'hex');
    expect(() => openForRecipient(deep, privateKey)).toThrow(refused('E330'));
  });

  test('a wrong padding and a wrong key alike', () => {
    const envelope = seal({ form: 'one' });
    const altered = Buffer.from(envelope);
    altered[altered.length - 9] ^= 1;
    const messageOf = (bytes: Uint8Array, key = privateKey) => {
      try {
        openForRecipient(bytes, key);
      } catch (error) {
        return (error as Error).message;
      }
      return 'opened';
    };
    expect(messageOf(altered)).toBe(messageOf(envelope, OTHER.privateKey));
  });

  test('anything else with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => openForRecipient(bytes, privateKey)).toThrow(/^PALISADE-E33[01] /);
      }),
    );
    const envelope = seal();
    fc.assert(
      fc.property(fc.nat(envelope.length - 1), fc.integer({ min: 1, max: 255 }), (place, difference) => {
        const altered = Buffer.from(envelope);
        altered[place] ^= difference;
        try {
          openForRecipient(altered, privateKey);
        } catch (error) {
          expect((error as Error).message).toMatch(/^PALISADE-E33[01] /);
        }
      }),
    );
  });
});
