import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { fault } from './fault';
import { parseOnce } from './json';
import { type ModelStatement, readStatement, statementText } from './statement';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Hash that goes with a curve (Sigstore's algorithm registry). */
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'sha256', secp384r1: 'sha384', secp521r1: 'sha512' };

const base64 = z.base64().min(1);

const schema = z.strictObject({
  mediaType: z.string().regex(/^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.3\+json|\+json;version=0\.[123])$/),
  verificationMaterial: z.looseObject({}),
  dsseEnvelope: z.strictObject({
    payload: base64,
    payloadType: z.literal(PAYLOAD_TYPE),
    // One signer: of two it would have to be said which one counts.
    signatures: z.array(z.strictObject({ sig: base64, keyid: z.string().nullable().optional() })).length(1),
  }),
});

/** By a key (OMS 1.0, section 4.1). Logs and timestamps prove nothing here: they are let be, and not believed. */
const keyMaterial = z.strictObject({
  publicKey: z.union([
    z.strictObject({ hint: z.string().min(1) }),
    z.strictObject({ rawBytes: base64, keyDetails: z.string().optional() }),
  ]),
  tlogEntries: z.array(z.unknown()).optional(),
  timestampVerificationData: z.looseObject({}).optional(),
});

/**
 * Signs what a model is: a Sigstore bundle with a DSSE envelope, as OpenSSF Model Signing 1.0 has it for keys.
 *
 * Throws PALISADE-S023 for a model without files, a path that cannot be left out, and a key that is not on P-256, P-384 or P-521.
 */
export function signModel(statement: ModelStatement, key: KeyObject, publicKey: KeyObject): string {
  const payload = Buffer.from(statementText(statement));
  const signature = sign(hashOf(key), paeOf(payload), key);
  return JSON.stringify({
    mediaType: MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: hintOf(publicKey) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  });
}

/**
 * Reads what a key signed. Throws PALISADE-S020 for what is no bundle or no statement, S021 where another key signed it or it was changed,
 * S022 for signatures by certificate or by Sigstore's public services, which this does not verify.
 */
export function openBundle(text: string, publicKey: KeyObject): ModelStatement {
  const parsed = schema.safeParse(parseOnce(text, 'bundle'));
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw fault('S020', `bundle: ${path.join('.')}`, message);
  }
  const { verificationMaterial, dsseEnvelope } = parsed.data;
  requireKey(verificationMaterial, publicKey);
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const signature = Buffer.from(dsseEnvelope.signatures[0].sig, 'base64');
  if (!verify(hashOf(publicKey), paeOf(payload), publicKey, signature)) {
    throw fault('S021', 'bundle: signature', 'is not one of this key over this statement');
  }
  return readStatement(new TextDecoder('utf-8', { fatal: false }).decode(payload));
}

/** The key is the verifier's; what the bundle says of it only tells early that it is another one. */
function requireKey(material: Record<string, unknown>, publicKey: KeyObject): void {
  if ('certificate' in material || 'x509CertificateChain' in material) {
    throw fault(
      'S022',
      'bundle: verificationMaterial',
      'is signed by a certificate',
      "verify it with the model-signing project's own tool",
    );
  }
  const parsed = keyMaterial.safeParse(material);
  if (!parsed.success) {
    throw fault('S020', 'bundle: verificationMaterial', 'is not that of one key');
  }
  const { hint } = parsed.data.publicKey as { hint?: string };
  if (hint !== undefined && hint !== hintOf(publicKey)) {
    throw fault('S021', 'bundle: verificationMaterial', 'names another key than the one that was given');
  }
}

/** SHA-256 of the key in PEM, as the reference implementation names keys. */
function hintOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'pem' }))
    .digest('hex');
}

/** DSSE's pre-authentication encoding, version 1. */
function paeOf(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
}

function hashOf(key: KeyObject): string {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  if (!Object.hasOwn(CURVES, curve)) {
    throw fault(
      'S023',
      'key',
      `is not on P-256, P-384 or P-521`,
      'openssl ecparam -name secp384r1 -genkey -noout -out private.pem',
    );
  }
  return CURVES[curve];
}
