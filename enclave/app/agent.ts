import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { PalisadeError } from '../../runtime/errors';
import type { AwsCredentials } from '../kms';
import { type Address, connect } from '../vsock';
import { ask, type HttpRequest } from '../vsock/http';

/** What the agent is told of a receipt, before a client gets it. */
export interface ReceiptRecord {
  /** In hexadecimal. */
  readonly requestId: string;
  /** SHA-256 of the receipt's text in hexadecimal. It tells nothing of the exchange, since the signature is in it. */
  readonly receiptSha256: string;
  /** ISO 8601. */
  readonly time: string;
}

/** The agent of the parent. It is not trusted: what it gives opens nothing, and what it is given tells nothing. */
export interface Agent {
  /** Of the parent's role. */
  credentials(): Promise<AwsCredentials>;
  /** The sealed model. */
  model(): Promise<AsyncIterable<Uint8Array>>;
  /** Resolves once it is recorded. */
  record(receipt: ReceiptRecord): Promise<void>;
}

const credentialsSchema = z.object({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1).optional(),
});

/** Longest wait for the head of an answer, in milliseconds. */
const TIMEOUT = 10_000;

/** The agent at an address. Everything rejects with PALISADE-E352 where it does not answer, or not with what was asked for. */
export function agentAt(address: Address): Agent {
  const request = (asked: HttpRequest, status = 200) => answered(address, asked, status);
  return {
    credentials: async () => {
      const answer = await request({ method: 'GET', path: '/credentials' });
      const parsed = credentialsSchema.safeParse(await json(answer).catch(() => undefined));
      if (!parsed.success) {
        throw fault('GET /credentials', 'the answer is not as it should be');
      }
      return parsed.data;
    },
    model: () => request({ method: 'GET', path: '/model' }),
    record: async (receipt) => {
      const headers = { 'content-type': 'application/json' };
      const send: HttpRequest['send'] = (outgoing) => outgoing.end(JSON.stringify(receipt));
      (await request({ method: 'POST', path: '/receipts', headers, send }, 204)).resume();
    },
  };
}

async function answered(address: Address, asked: HttpRequest, status: number): Promise<IncomingMessage> {
  const what = `${asked.method} ${asked.path}`;
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), TIMEOUT);
  let answer: IncomingMessage;
  try {
    answer = await ask(() => connect(address), { ...asked, signal: waiting.signal });
  } catch {
    throw fault(what, 'nobody answers');
  } finally {
    clearTimeout(timer);
  }
  if (answer.statusCode !== status) {
    answer.destroy();
    throw fault(what, `the answer is ${answer.statusCode}`);
  }
  return answer;
}

function fault(what: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-E352',
    where: `agent of the parent: ${what}`,
    problem,
    fix: 'look at palisade-agent on the host: palisade enclave doctor',
  });
}
