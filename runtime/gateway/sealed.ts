import { createHash } from 'node:crypto';
import { SEALED } from '../enclave-channel/wire';
import type { AuditPorts } from './ports';
import type { InferenceRecord } from './records/record';

/**
 * Longest sealed body, in bytes: Lambda takes and gives 6 MB, and API Gateway hands bytes over in base64 (AWS Lambda
 * Developer Guide, "Lambda quotas"), beside the rest of the event.
 */
export const MAXIMUM_SEALED = 4 * 1024 * 1024;

/** What is asked of an enclave: to prove what it runs, or to answer what is sealed to it. */
export type SealedRequest = (
  | { readonly kind: 'attestation'; readonly nonce: string }
  | { readonly kind: 'invocation'; readonly contentType: string; readonly body: Uint8Array }
) & {
  /** The client's way back to the enclave that it has verified: `x-palisade-route`. @default - any */
  readonly route?: string;
};

/** One call, as API Gateway passes it. */
export interface SealedCall {
  readonly requestId: string;
  /** ARN of the caller's identity, as API Gateway authenticated it. */
  readonly caller: string;
  readonly request: SealedRequest;
}

/** What the enclave, or the agent beside it, says. */
export interface SealedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** The way back to this enclave. @default - none */
  readonly route?: string;
}

/** Everything that a gateway before an enclave needs of the outside. */
export interface SealedPorts extends AuditPorts {
  /** Name of the enclave fleet, as records name it. */
  readonly model: string;
  /** Passes the request on, unread. Rejects when nobody answers. Of a body, `MAXIMUM_SEALED + 1` bytes are enough. */
  ask(request: SealedRequest): Promise<SealedAnswer>;
}

const NONCE = /^[0-9a-f]{64}$/;

/** What clients repeat (docs/client.md). */
const ROUTE = /^[A-Za-z0-9_.:-]{1,128}$/;

/**
 * Takes one call to an enclave and back without being able to read it: who called, when, and the hashes of what was
 * sealed are recorded, as for any inference. Never rejects.
 *
 * PALISADE-W008: neither a sealed body nor a nonce, or a route that is none; W009: too long, the request or the answer; W006:
 * nobody answered; W007: the call could not be recorded, so its answer is withheld.
 */
export async function relaySealed(call: SealedCall, system: string, ports: SealedPorts): Promise<SealedAnswer> {
  const started = ports.now();
  const { answer, decision, code } = await decide(call.request, ports);
  try {
    await ports.record({
      requestId: call.requestId,
      system,
      caller: await ports.pseudonym(call.caller),
      model: ports.model,
      time: new Date(started).toISOString(),
      decision,
      ...(code && { code }),
      ...hashes(call.request, answer, decision),
      milliseconds: ports.now() - started,
    });
  } catch (error) {
    ports.report(error);
    return refusal(500, 'PALISADE-W007', 'the call could not be recorded').answer;
  }
  return answer;
}

interface Outcome {
  readonly answer: SealedAnswer;
  readonly decision: InferenceRecord['decision'];
  readonly code?: string;
}

async function decide(request: SealedRequest, ports: SealedPorts): Promise<Outcome> {
  const fault = faultOf(request);
  if (fault) {
    return fault;
  }
  try {
    return outcomeOf(await ports.ask(request));
  } catch (error) {
    ports.report(error);
    return { ...refusal(502, 'PALISADE-W006', 'the enclave does not answer'), decision: 'failed' };
  }
}

/** Cut short, an answer would be worth nothing: it is refused whole, before Lambda would. */
function outcomeOf({ route, ...answer }: SealedAnswer): Outcome {
  if (answer.body.length > MAXIMUM_SEALED) {
    return { ...refusal(502, 'PALISADE-W009', `the answer has more than ${MAXIMUM_SEALED} bytes`), decision: 'failed' };
  }
  return {
    answer: { ...answer, ...(route !== undefined && ROUTE.test(route) && { route }) },
    decision: answer.status < 400 ? 'answered' : 'failed',
  };
}

function faultOf(request: SealedRequest): Outcome | undefined {
  if (request.route !== undefined && !ROUTE.test(request.route)) {
    return refusal(400, 'PALISADE-W008', 'the route is none');
  }
  if (request.kind === 'attestation') {
    return NONCE.test(request.nonce) ? undefined : refusal(400, 'PALISADE-W008', 'nonce is not 64 hexadecimal digits');
  }
  if (request.contentType !== SEALED || request.body.length === 0) {
    return refusal(415, 'PALISADE-W008', `the body is not ${SEALED}`);
  }
  return request.body.length > MAXIMUM_SEALED
    ? refusal(413, 'PALISADE-W009', `the body has more than ${MAXIMUM_SEALED} bytes`)
    : undefined;
}

function refusal(status: number, code: string, message: string): Outcome {
  const body = new TextEncoder().encode(JSON.stringify({ code, message }));
  return { answer: { status, contentType: 'application/json', body }, decision: 'refused', code };
}

/** Of what is sealed: they name the exchange, and tell nothing of its content. */
function hashes(request: SealedRequest, { body }: SealedAnswer, decision: InferenceRecord['decision']) {
  return {
    ...(request.kind === 'invocation' && { inputSha256: sha256(request.body) }),
    ...(decision === 'answered' && { outputSha256: sha256(body) }),
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
