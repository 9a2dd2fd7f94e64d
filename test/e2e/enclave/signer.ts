import * as http from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { connect } from '../../../enclave/vsock';
import { ask } from '../../../enclave/vsock/http';
import { type CborMap, decodeCbor, encodeCbor } from '../../../runtime/cbor';
import type { LocalNitro } from '../../support/attestation/local-nitro';

/*
 * Stands where the hypervisor does, and does the one thing that QEMU's NSM does not: sign. In no bundle, and trusted by nobody
 * who is not given its root.
 */

/**
 * Signs a document of QEMU's NSM, with everything in it as it was; of a debug enclave, with measurements of zero. Throws for
 * any other document.
 */
export function signDocument(nitro: LocalNitro, unsigned: Uint8Array, debug = false): Uint8Array {
  const [header, , payload, signature] = decodeCbor(unsigned) as [Uint8Array, CborMap, Uint8Array, Uint8Array];
  const algorithm = (decodeCbor(header) as CborMap).get(1);
  if (algorithm !== -1 || signature.some((byte) => byte !== 0)) {
    throw new Error('not a document of the emulator');
  }
  const claims = new Map(decodeCbor(payload, { indefiniteOutermostMap: true }) as CborMap);
  claims.set('certificate', nitro.certificates[4]);
  if (debug) {
    claims.set('pcrs', new Map([...(claims.get('pcrs') as CborMap)].map(([index]) => [index, new Uint8Array(48)])));
  }
  claims.set('cabundle', nitro.certificates.slice(0, 4));
  return nitro.sign(encodeCbor(claims), encodeCbor(new Map([[1, -35]])));
}

/** How documents are signed, and where bytes are kept. */
export interface SigningRelayParts {
  readonly sign: (document: Uint8Array) => Uint8Array;
  /** Socket of the enclave. */
  readonly door: string;
  /** Receives what is carried. */
  readonly carried: Buffer[];
}

/** Passes HTTP on to an enclave, signs the documents that come back, and keeps what was carried. */
export function signingRelay({ sign, door, carried }: SigningRelayParts): http.Server {
  return http.createServer(async (request, response) => {
    request.on('data', (piece) => carried.push(piece));
    try {
      const { method = '', url = '', headers } = request;
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const answer = await ask(() => connect({ kind: 'unix', path: door }), {
        method,
        path: url,
        headers,
        signal: gone.signal,
        send: (outgoing) => void pipeline(request, outgoing).catch(() => outgoing.destroy()),
      });
      if (url.startsWith('/attestation') && answer.statusCode === 200) {
        response.end(sign(new Uint8Array(await buffer(answer))));
        return;
      }
      answer.on('data', (piece) => carried.push(piece));
      response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] });
      await pipeline(answer, response);
    } catch {
      response.destroy();
    }
  });
}
