import { createHash } from 'node:crypto';
import { type VerifiedAttestation, verifyAttestation } from '../../../runtime/attestation';
import { userDataOf } from '../../../runtime/enclave-channel';
import { ReceiptIssuer, readReceipt } from '../../../runtime/receipt';
import { LocalNitro, usualPcrs } from '../../support/attestation/local-nitro';

export const NOW = Date.parse('2026-11-24T12:00:00Z');
export const PCR0 = Buffer.from(usualPcrs()[0]).toString('hex');
export const MODEL = 'ab'.repeat(32);
export const SYSTEM = 'clinical-notes';
export const REQUEST = 'what is it?';
export const RESPONSE = 'it is a rose';

export const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

/** One answered request: the document that its client verified, and the receipt that it got. */
export async function exchange(changes: { readonly identity?: object; readonly attestation?: string } = {}) {
  const nitro = await LocalNitro.create({ notBefore: new Date(NOW - 60_000), notAfter: new Date(NOW + 10_800_000) });
  const issuer = await ReceiptIssuer.create({ system: SYSTEM, model: MODEL, pcr0: PCR0 });
  const identity = { system: SYSTEM, model: MODEL, receiptKey: issuer.publicKey, ...changes.identity };
  const publicKey = new Uint8Array(32).fill(9);
  const document = nitro.document({ timestamp: new Date(NOW), userData: userDataOf(identity), publicKey });
  const policy = { pcrs: [{ 0: PCR0 }], rootForTests: nitro.rootDer };
  const attestation: VerifiedAttestation = verifyAttestation(document, policy, new Date(NOW));
  const head = { method: 'POST', path: '/invocations', attestation: changes.attestation ?? sha256(document) };
  const asked = { requestId: new Uint8Array(16).fill(5), head, body: new TextEncoder().encode(REQUEST) };
  const { body, end } = issuer.witness(asked, { status: 200, body: pieces('it is ', 'a rose') }, () => NOW + 2000);
  let response = '';
  for await (const piece of body) {
    response += new TextDecoder().decode(piece);
  }
  const text = new TextDecoder().decode(await end());
  return { nitro, issuer, document, attestation, response, text, receipt: readReceipt(text) };
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    yield new TextEncoder().encode(text);
  }
}
