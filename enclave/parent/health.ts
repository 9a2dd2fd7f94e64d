import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { verifyAttestation } from '../../runtime/attestation';
import { identityOf } from '../../runtime/enclave-channel';
import type { EnclaveHostSettings } from '../../runtime/enclave-host';
import { type Log, nameOf } from '../log';
import { ask } from '../vsock/http';

/** How long a proof is relied on, in milliseconds: three challenges. */
export const PROOF_AGE = 30_000;

/** How often an enclave is challenged, in milliseconds. */
export const CHALLENGE_INTERVAL = 10_000;

/** Longest document that `verifyAttestation` takes, in bytes. */
const MAXIMUM_DOCUMENT = 32_768;

/** What health is judged by. */
interface HealthParts {
  readonly settings: Pick<EnclaveHostSettings, 'measurements' | 'system'>;
  readonly enclave: () => Promise<Socket>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  /** Of documents, in a test. @default - AWS's root */
  readonly rootForTests?: Uint8Array;
}

/**
 * Whether this host's enclave is one that clients accept: it answered a challenge lately, with a fresh document of a
 * measured image, for this AI system. A port that answers is not enough: who answers may be another image, or a debug enclave.
 */
export class ParentHealth {
  private provedAt?: number;
  private leaving = false;

  constructor(private readonly parts: HealthParts) {}

  /** Whether this host takes requests. */
  get healthy(): boolean {
    return !this.leaving && this.proved;
  }

  /** Whether the enclave proved itself within the last 30 seconds. */
  get proved(): boolean {
    return this.provedAt !== undefined && this.parts.now() - this.provedAt <= PROOF_AGE;
  }

  /** Whether this host is about to go. */
  get draining(): boolean {
    return this.leaving;
  }

  /** Unhealthy from here on, so that the balancer looks elsewhere. */
  drain(): void {
    this.leaving = true;
  }

  /** Challenges the enclave; whether it proved itself. Never rejects. */
  async challenge(): Promise<boolean> {
    const { now, log } = this.parts;
    try {
      await this.verify();
      this.provedAt = now();
      return true;
    } catch (error) {
      log('challenge failed', { code: nameOf(error) });
      return false;
    }
  }

  private async verify(): Promise<void> {
    const { settings, enclave, now, rootForTests } = this.parts;
    const nonce = randomBytes(32);
    const path = `/attestation?nonce=${nonce.toString('hex')}`;
    const answer = await ask(enclave, { method: 'GET', path, signal: AbortSignal.timeout(5_000) });
    if (answer.statusCode !== 200) {
      answer.destroy();
      throw new Error(`status ${answer.statusCode}`);
    }
    const claims = verifyAttestation(
      await atMost(MAXIMUM_DOCUMENT, answer),
      {
        pcrs: settings.measurements.generations.map(({ pcr0 }) => ({ 0: pcr0 })),
        nonce: new Uint8Array(nonce),
        maximumAge: PROOF_AGE,
        rootForTests,
      },
      new Date(now()),
    );
    const { system } = identityOf(claims);
    if (system !== settings.system) {
      throw new Error(`the enclave is of '${system}'`);
    }
  }
}

/** Whoever plays the enclave may go on for ever. Throws where a body has more bytes. */
async function atMost(limit: number, body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > limit) {
      throw new Error(`more than ${limit} bytes`);
    }
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}
