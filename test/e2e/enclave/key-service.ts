import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { verifyAttestation } from '../../../runtime/attestation';
import type { Caller, KeyPolicies } from '../../constructs/attested-key/decide';
import { ciphertextForRecipient } from '../../support/kms/envelope';
import type { KmsAnswer, KmsRequest } from '../../support/kms/stand-in';

/** What a key service trusts and decides by. */
export interface KeyServiceParts {
  /** The synthesized policies, evaluated by the real evaluator. */
  readonly policies: KeyPolicies;
  /** Who asks, by the id of the access key; nobody else is known. */
  readonly callers: Readonly<Record<string, Caller>>;
  /** Root of the attestation documents. */
  readonly root: Uint8Array;
  /** Signs the documents of the emulator, as its hypervisor would have done. */
  readonly sign: (document: Uint8Array) => Uint8Array;
}

/** What KMS does with a key: verifies the document, asks the policy, and seals the answer to the document's key. */
export class KeyService {
  /** What was decided, in order. */
  readonly decisions: string[] = [];
  private readonly material = randomBytes(32);

  constructor(private readonly parts: KeyServiceParts) {}

  get policies(): KeyPolicies {
    return this.parts.policies;
  }

  /** What a publisher gets for a data key. */
  wrap(dataKey: Uint8Array, encryptionContext: Readonly<Record<string, string>>): Uint8Array {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.material, nonce).setAAD(bytesOf(encryptionContext));
    return Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  }

  /** Answers one request. */
  readonly answer = async ({ operation, accessKeyId, body }: KmsRequest): Promise<KmsAnswer> => {
    const caller = this.parts.callers[accessKeyId];
    if (!caller) {
      return { error: 'UnrecognizedClientException' };
    }
    const { CiphertextBlob = '', EncryptionContext = {}, Recipient } = body;
    const document = Recipient && this.documentOf(Buffer.from(Recipient.AttestationDocument, 'base64'));
    if (operation !== 'Decrypt' || (Recipient && !document)) {
      return { error: 'ValidationException' };
    }
    const decision = await this.parts.policies.decide({
      caller,
      action: 'kms:Decrypt',
      context: EncryptionContext,
      document: document?.attributes,
    });
    this.decisions.push(decision);
    if (decision !== 'Allowed' || !document) {
      return { error: 'AccessDeniedException' };
    }
    const plaintext = this.unwrap(Buffer.from(CiphertextBlob, 'base64'), EncryptionContext);
    if (!plaintext) {
      return { error: 'InvalidCiphertextException' };
    }
    const sealed = ciphertextForRecipient(plaintext, document.publicKey);
    return { CiphertextForRecipient: Buffer.from(sealed).toString('base64') };
  };

  private unwrap(wrapped: Buffer, encryptionContext: Readonly<Record<string, string>>): Uint8Array | undefined {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.material, wrapped.subarray(0, 12));
      decipher.setAAD(bytesOf(encryptionContext)).setAuthTag(wrapped.subarray(-16));
      return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  /** KMS takes documents of debug enclaves: it is the policy that refuses them. */
  private documentOf(document: Uint8Array) {
    try {
      const signed = this.parts.sign(document);
      const policy = { pcrs: 'any', allowDebug: true, rootForTests: this.parts.root } as const;
      const { pcrs, publicKey } = verifyAttestation(signed, policy, new Date());
      if (!publicKey) {
        return undefined;
      }
      const attributes = Object.fromEntries(
        [...pcrs].map(([index, value]) => [`PCR${index}`, Buffer.from(value).toString('hex')]),
      );
      return { publicKey, attributes: { ...attributes, ImageSha384: attributes.PCR0 } };
    } catch {
      return undefined;
    }
  }
}

function bytesOf(context: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort()));
}
