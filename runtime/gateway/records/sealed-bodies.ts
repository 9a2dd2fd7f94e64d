import { createCipheriv, createDecipheriv } from 'node:crypto';
import { PalisadeError } from '../../errors';
import type { DataKey } from '../ports';
import { misfit, type Schema } from '../schema';
import type { SealedBodies } from './record';

/** NIST SP 800-38D: 96 bits of nonce need no hashing, 128 bits of tag are the most. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const FILE: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'system', 'requestId', 'time', 'keyId', 'wrappedKey', 'fields'],
  properties: {
    version: { enum: [1] },
    system: { type: 'string' },
    requestId: { type: 'string' },
    time: { type: 'string' },
    keyId: { type: 'string' },
    wrappedKey: { type: 'string' },
    fields: { type: 'object' },
  },
};

/** Encryption context under which the CMK wraps data keys of records: the key policy and the grants name it. */
export function keyContext(system: string): Record<string, string> {
  return { system, purpose: 'inference-record' };
}

/**
 * Encrypts each field by AES-256-GCM under a data key, bound to system, call and name of the field: a field that is moved does
 * not open.
 *
 * @param random so many random bytes. With fresh nonces of 96 bits one key is good for 2^32 fields (NIST SP 800-38D, 8.3)
 */
export function sealBodies(
  about: Pick<SealedBodies, 'system' | 'requestId' | 'time'>,
  texts: Readonly<Record<string, string>>,
  key: DataKey,
  random: (bytes: number) => Uint8Array,
): SealedBodies {
  const fields = Object.entries(texts).map(([name, text]) => {
    const nonce = random(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.plaintext, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(about, name));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [name, sealed.toString('base64')];
  });
  return {
    version: 1,
    ...about,
    keyId: key.keyId,
    wrappedKey: Buffer.from(key.wrapped).toString('base64'),
    fields: Object.fromEntries(fields),
  };
}

/** Reads a file of sealed bodies. Throws PALISADE-W030 for what is none. */
export function parseSealedBodies(json: string, where: string): SealedBodies {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw fault('PALISADE-W030', where, 'is not JSON');
  }
  const found = misfit(value, FILE);
  const bodies = value as SealedBodies;
  if (found || Object.values(bodies.fields).some((field) => typeof field !== 'string')) {
    throw fault('PALISADE-W030', where, `is no file of encrypted bodies: ${found?.where ?? 'a field'} does not fit`);
  }
  return bodies;
}

/** The texts. Throws PALISADE-W031 where a field was altered, moved, or encrypted under another key. */
export function openBodies(bodies: SealedBodies, dataKey: Uint8Array): Record<string, string> {
  return Object.fromEntries(
    Object.entries(bodies.fields).map(([name, sealed]) => [name, openField(bodies, name, sealed, dataKey)]),
  );
}

function openField(bodies: SealedBodies, name: string, sealed: string, dataKey: Uint8Array): string {
  try {
    const bytes = Buffer.from(sealed, 'base64');
    const end = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', dataKey, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(boundTo(bodies, name));
    decipher.setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]).toString('utf8');
  } catch {
    throw fault('PALISADE-W031', `fields.${name}`, 'does not open: it was altered, moved, or is of another key');
  }
}

function boundTo({ system, requestId }: Pick<SealedBodies, 'system' | 'requestId'>, field: string): Buffer {
  return Buffer.from(JSON.stringify(['palisade inference record 1', system, requestId, field]));
}

function fault(code: string, where: string, problem: string): PalisadeError {
  return new PalisadeError({ code, where, problem, fix: 'get the file as the gateway stored it, with its key' });
}
