import { generateKeyPair, type KeyObject } from 'node:crypto';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import * as tls from 'node:tls';
import { promisify } from 'node:util';
import { DecryptCommand, type DecryptCommandOutput, KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import { PalisadeError } from '../../runtime/errors';
import { openForRecipient } from './recipient';

/** Credentials of the parent's role. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How an enclave reaches KMS. */
export interface EnclaveKmsOptions {
  readonly region: string;
  /**
   * The one CMK that may open anything. Without it KMS takes whichever the ciphertext names, and whoever gives the ciphertext
   * could have made it with a key of their own (API reference, Decrypt: KeyId).
   */
  readonly keyArn: string;
  /** Credentials to ask with. They open nothing without the document. */
  readonly credentials: () => Promise<AwsCredentials>;
  /** A fresh attestation document that names this RSA key: SubjectPublicKeyInfo in DER. */
  readonly attest: (publicKey: Uint8Array) => Uint8Array;
  /** A connection to the proxy on the parent, which passes TLS on to KMS unread. */
  readonly connect: () => Promise<Socket>;
  /** Authorities that KMS's certificate may be from, in PEM. @default - those of Node.js, and of NODE_EXTRA_CA_CERTS */
  readonly authorities?: string[];
  /** Longest wait for one answer, in milliseconds. @default 10000 */
  readonly timeout?: number;
}

/** KMS, asked with an attestation document: what it answers is sealed to a key that never leaves this process. */
export class EnclaveKms {
  /** Makes the RSA key pair that answers are sealed to: 2,048 bits, of which KMS takes at most 4,096. */
  static async create(options: EnclaveKmsOptions): Promise<EnclaveKms> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    return new EnclaveKms(options, publicKey.export({ type: 'spki', format: 'der' }), privateKey);
  }

  private readonly client: KMSClient;

  private constructor(
    private readonly options: EnclaveKmsOptions,
    private readonly publicKey: Uint8Array,
    private readonly privateKey: KeyObject,
  ) {
    const { region, credentials, timeout = 10_000 } = options;
    this.client = new KMSClient({
      region,
      credentials,
      maxAttempts: 3,
      requestHandler: {
        httpsAgent: new ProxyAgent(options),
        requestTimeout: timeout,
        // Without it the SDK writes a warning and waits on (UPGRADING.md of aws-sdk-js-v3).
        throwOnRequestTimeout: true,
        // The other ends with the head of an answer.
        socketTimeout: timeout,
      },
    });
  }

  /**
   * The plaintext of what a CMK encrypted.
   *
   * Rejects with PALISADE-E332 when KMS refuses, PALISADE-E333 when it cannot be reached or fails, PALISADE-E334 for an
   * answer that is not sealed to this enclave, with E330 and E331 of `openForRecipient`, and with coded errors of
   * `attest`, `credentials` and `connect` as they are.
   */
  async decrypt(ciphertext: Uint8Array, encryptionContext: Readonly<Record<string, string>>): Promise<Uint8Array> {
    const { Plaintext, CiphertextForRecipient } = await this.ask(ciphertext, encryptionContext);
    if (Plaintext !== undefined || CiphertextForRecipient === undefined) {
      throw fault('E334', 'KMS Decrypt', 'the answer is not sealed to this enclave', 'look at who stands between');
    }
    return openForRecipient(CiphertextForRecipient, this.privateKey);
  }

  private async ask(ciphertext: Uint8Array, context: Readonly<Record<string, string>>): Promise<DecryptCommandOutput> {
    const command = new DecryptCommand({
      KeyId: this.options.keyArn,
      CiphertextBlob: ciphertext,
      EncryptionContext: context,
      Recipient: {
        AttestationDocument: this.options.attest(this.publicKey),
        KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      },
    });
    try {
      return await this.client.send(command);
    } catch (error) {
      throw failureOf(error as Error);
    }
  }
}

/** The name says why; messages of KMS tell an account's ARNs, which logs need not. */
function failureOf(error: Error): PalisadeError {
  if (error instanceof PalisadeError) {
    return error;
  }
  return refuses(error)
    ? fault(
        'E332',
        'KMS Decrypt',
        `refused: ${error.name}`,
        'compare key, image, signer and role with the key policy: palisade enclave doctor on the host does so',
      )
    : fault(
        'E333',
        'KMS Decrypt',
        `failed: ${error.name}`,
        'look at the proxy on the host, and at the endpoint of KMS',
      );
}

/** Whether KMS answered, and would answer so again. */
function refuses(error: Error): boolean {
  if (!(error instanceof KMSServiceException) || /Thrott|LimitExceeded/.test(error.name)) {
    return false;
  }
  // The SDK takes an error that it does not know for the client's.
  return error.$fault === 'client' && (error.$metadata.httpStatusCode ?? 500) < 500;
}

function fault(code: string, where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${code}`, where, problem, fix });
}

/** Said outright, since NODE_TLS_REJECT_UNAUTHORIZED would change the default. */
const STRICT = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;

/** TLS with KMS through a connection that somebody else makes: names are checked here, and resolved nowhere. */
class ProxyAgent extends https.Agent {
  constructor(private readonly proxy: Pick<EnclaveKmsOptions, 'authorities' | 'connect'>) {
    super({ keepAlive: false });
  }

  override createConnection(
    options: https.RequestOptions & { servername?: string },
    callback?: (error: Error | null, socket: tls.TLSSocket) => void,
  ): undefined {
    const { authorities, connect } = this.proxy;
    const servername = options.servername ?? options.host ?? undefined;
    connect().then(
      (socket) => callback?.(null, tls.connect({ socket, servername, ca: authorities, ...STRICT })),
      (error) => callback?.(error, undefined as never),
    );
  }
}
