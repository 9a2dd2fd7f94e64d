import { createHash } from 'node:crypto';
import type { PalisadeError } from '../errors';
import { type InferenceRequest, parseRequest } from './request';

/** What goes into a model, or what comes out. */
export type Side = 'INPUT' | 'OUTPUT';

/** Screens what goes into a model and what comes out. */
export interface Screen {
  /** Whether the text may pass, and what is left of it after masking. */
  apply(source: Side, text: string, request: InferenceRequest): Promise<{ blocked: boolean; text: string }>;
}

/** Answers a request. */
export interface Model {
  /** Id of the model, or name of the endpoint, as records name it. */
  readonly name: string;
  /** `blocked` is what the model's own guardrail stopped, if anything; `output` is then its message. */
  invoke(request: InferenceRequest): Promise<{ output: string; blocked?: Side }>;
}

/** Everything that the gateway needs of the outside. */
export interface GatewayPorts {
  /** Undefined while no model is approved. */
  readonly model?: Model;
  /** Undefined where the model is called with a guardrail of its own. */
  readonly screen?: Screen;
  /** A name for the caller that only the holder of the HMAC key can compute. */
  pseudonym(caller: string): Promise<string>;
  /** Stores an audit record. Rejects when it is not stored. */
  record(record: InferenceRecord): Promise<void>;
  /** Tells the operator what failed; the caller never learns it. */
  report(error: unknown): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** One call, as API Gateway passes it. */
export interface GatewayCall {
  readonly requestId: string;
  /** ARN of the caller's identity, as API Gateway authenticated it. */
  readonly caller: string;
  readonly body: string | null | undefined;
}

/** What is kept of a call: who, when, what was decided, and hashes of the texts; never the texts. */
export interface InferenceRecord {
  readonly requestId: string;
  readonly system: string;
  /** Pseudonym. */
  readonly caller: string;
  /** Model or endpoint. Absent while none is approved. */
  readonly model?: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly decision: 'answered' | 'input-blocked' | 'output-blocked' | 'refused' | 'failed';
  /** Code of the error that the caller got, where it got one. */
  readonly code?: string;
  readonly inputSha256?: string;
  readonly outputSha256?: string;
  /** From the call's start to the decision. */
  readonly milliseconds: number;
}

/** What the caller gets. */
export interface GatewayAnswer {
  readonly status: number;
  readonly body: { readonly output: string } | { readonly code: string; readonly message: string };
}

interface Outcome {
  readonly answer: GatewayAnswer;
  readonly decision: InferenceRecord['decision'];
  readonly input?: string;
  readonly output?: string;
}

const STATUS: Readonly<Record<string, number>> = {
  'PALISADE-W001': 400,
  'PALISADE-W002': 400,
  'PALISADE-W003': 422,
  'PALISADE-W004': 422,
  'PALISADE-W005': 503,
  'PALISADE-W006': 502,
  'PALISADE-W007': 500,
};

/**
 * Takes one call through the chain: validate, screen, ask the model, screen, record. Never rejects.
 *
 * Fails closed: a call whose record cannot be stored is answered with PALISADE-W007 and no output, so that there is no
 * inference without a record. PALISADE-W003 and W004: input or output blocked; W005: no approved model; W006: a service
 * behind the gateway failed.
 */
export async function answerCall(call: GatewayCall, system: string, ports: GatewayPorts): Promise<GatewayAnswer> {
  const started = ports.now();
  const outcome = await decide(call, ports);
  const code = 'code' in outcome.answer.body ? outcome.answer.body.code : undefined;
  try {
    await ports.record({
      requestId: call.requestId,
      system,
      caller: await ports.pseudonym(call.caller),
      ...(ports.model && { model: ports.model.name }),
      time: new Date(started).toISOString(),
      decision: outcome.decision,
      ...(code && { code }),
      ...(outcome.input !== undefined && { inputSha256: sha256(outcome.input) }),
      ...(outcome.output !== undefined && { outputSha256: sha256(outcome.output) }),
      milliseconds: ports.now() - started,
    });
  } catch (error) {
    ports.report(error);
    return refusal('PALISADE-W007', 'the call could not be recorded').answer;
  }
  return outcome.answer;
}

async function decide(call: GatewayCall, ports: GatewayPorts): Promise<Outcome> {
  let request: InferenceRequest;
  try {
    request = parseRequest(call.body);
  } catch (error) {
    const { code, problem } = error as PalisadeError;
    return { ...refusal(code, problem), decision: 'refused' };
  }
  if (!ports.model) {
    return { ...refusal('PALISADE-W005', 'no model is approved yet'), decision: 'refused', input: request.input };
  }
  try {
    return { ...(await ask(request, ports.model, ports.screen)), input: request.input };
  } catch (error) {
    ports.report(error);
    return {
      ...refusal('PALISADE-W006', 'a service behind the gateway failed'),
      decision: 'failed',
      input: request.input,
    };
  }
}

async function ask(request: InferenceRequest, model: Model, screen?: Screen): Promise<Outcome> {
  const input = screen ? await screen.apply('INPUT', request.input, request) : { blocked: false, text: request.input };
  if (input.blocked) {
    return inputBlocked();
  }
  const answer = await model.invoke({ ...request, input: input.text });
  if (answer.blocked === 'INPUT') {
    return inputBlocked();
  }
  const output = screen
    ? await screen.apply('OUTPUT', answer.output, request)
    : { blocked: false, text: answer.output };
  if (answer.blocked || output.blocked) {
    return {
      ...refusal('PALISADE-W004', 'the answer is not allowed'),
      decision: 'output-blocked',
      output: answer.output,
    };
  }
  return { answer: { status: 200, body: { output: output.text } }, decision: 'answered', output: output.text };
}

function inputBlocked(): Outcome {
  return { ...refusal('PALISADE-W003', 'the input is not allowed'), decision: 'input-blocked' };
}

function refusal(code: string, message: string): { answer: GatewayAnswer; decision: 'refused' } {
  return { answer: { status: STATUS[code] ?? 500, body: { code, message } }, decision: 'refused' };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
