import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as https from 'node:https';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

/** One request to KMS, as it came. */
export interface KmsRequest {
  /** Such as `Decrypt`. */
  readonly operation: string;
  /** Id of the access key that signed; the signature itself is not checked. */
  readonly accessKeyId: string;
  readonly body: {
    readonly CiphertextBlob?: string;
    readonly Plaintext?: string;
    readonly KeyId?: string;
    readonly EncryptionContext?: Readonly<Record<string, string>>;
    readonly Recipient?: { readonly AttestationDocument: string; readonly KeyEncryptionAlgorithm: string };
  };
}

/** What KMS answers: the members of a result, or an error by its name. */
export type KmsAnswer = Readonly<Record<string, string>> | { readonly error: string };

/** An authority and a certificate for names, in PEM. */
export interface ServerIdentity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** TLS and JSON of KMS, on a Unix socket; what it decides is the caller's. */
export class KmsStandIn {
  static async listen(
    path: string,
    identity: ServerIdentity,
    decide: (request: KmsRequest) => KmsAnswer | Promise<KmsAnswer>,
  ): Promise<KmsStandIn> {
    const server = https.createServer({ cert: identity.certificate, key: identity.key }, (request, response) =>
      answer(request, response, decide),
    );
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return new KmsStandIn(server);
  }

  private constructor(private readonly server: https.Server) {}

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A certificate for `names`, and the authority that made it, valid for two days around now. */
export async function serverIdentity(...names: string[]): Promise<ServerIdentity> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = () =>
    webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const [root, server] = [await keys(), await keys()];
  const common = {
    issuer: 'CN=Authority of the test',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    signingKey: root.privateKey,
  };
  const authority = await x509.X509CertificateGenerator.create({
    ...common,
    serialNumber: '01',
    subject: common.issuer,
    publicKey: root.publicKey,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  } as x509.X509CertificateCreateParams);
  const certificate = await x509.X509CertificateGenerator.create({
    ...common,
    serialNumber: '02',
    subject: 'CN=Server of the test',
    publicKey: server.publicKey,
    extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
  } as x509.X509CertificateCreateParams);
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', server.privateKey)).toString('base64');
  return {
    authority: authority.toString('pem'),
    certificate: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  decide: (request: KmsRequest) => KmsAnswer | Promise<KmsAnswer>,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) {
    pieces.push(piece);
  }
  const operation = String(request.headers['x-amz-target']).replace(/^TrentService\./, '');
  const accessKeyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
  let result: KmsAnswer;
  try {
    result = await decide({ operation, accessKeyId, body: JSON.parse(String(Buffer.concat(pieces))) });
  } catch (error) {
    // The test fails at once, rather than wait for an answer.
    response.destroy();
    throw error;
  }
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  if ('error' in result) {
    response.writeHead(400).end(JSON.stringify({ __type: result.error, message: 'refused' }));
  } else {
    response.end(JSON.stringify(result));
  }
}
