import {
  EnclaveResponder,
  type EnclaveResponderOptions,
  type OpenedRequest,
  sealRequest,
} from '../../../runtime/enclave-channel';

export const NOW = Date.parse('2026-11-24T12:00:00Z');
export const SYSTEM = 'clinical-notes';

const HEAD = { method: 'POST', path: '/invocations', headers: { 'content-type': 'application/json' } };

/** An enclave's end of the channel, at a time that stands still. */
export function responder(options: Partial<EnclaveResponderOptions> = {}): Promise<EnclaveResponder> {
  return EnclaveResponder.create({ system: SYSTEM, clock: () => NOW, ...options });
}

/** A request to an enclave, sealed. */
export function request(enclave: EnclaveResponder, body: Uint8Array | string = 'a question', changes = {}) {
  const { publicKey } = enclave;
  return sealRequest({ publicKey, system: SYSTEM, head: HEAD, body: bytes(body), time: NOW, ...changes });
}

/** The bytes of an answer that says `body`, in as many pieces as it has. */
export async function answer(opened: OpenedRequest, ...body: (Uint8Array | string)[]): Promise<Uint8Array> {
  return collect(opened.reply({ status: 200, headers: {} }, pieces(...body)));
}

/** Everything of an answer. */
export async function read(opened: { body: AsyncGenerator<Uint8Array, Uint8Array> }) {
  const parts: Uint8Array[] = [];
  let next = await opened.body.next();
  for (; !next.done; next = await opened.body.next()) {
    parts.push(next.value);
  }
  return { body: Buffer.concat(parts).toString('latin1'), end: Buffer.from(next.value).toString() };
}

export async function* pieces(...parts: (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    yield bytes(part);
  }
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) {
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

export function bytes(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'latin1')) : value;
}

/** Where the chunks of a message are, after the `skipped` bytes before them. */
export function chunksOf(message: Uint8Array, skipped: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = skipped; start < message.length; ) {
    const length = 5 + Buffer.from(message).readUInt32BE(start + 1);
    chunks.push(message.slice(start, start + length));
    start += length;
  }
  return chunks;
}

/** The code that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'nothing was refused';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
