import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as http from 'node:http';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { PalisadeError } from '../../runtime/errors';
import { type Log, nameOf } from '../log';
import type { RoleCredentials } from './imds';

/** A receipt as the records keep it. Its digest tells nothing of the exchange. */
export type ReceiptRecord = z.infer<typeof receiptSchema>;

const receiptSchema = z.strictObject({
  requestId: z.string().regex(/^[0-9a-f]{32}$/),
  receiptSha256: z.string().regex(/^[0-9a-f]{64}$/),
  time: z.iso.datetime(),
});

/** What the enclave may ask its parent for. */
export interface ServicePorts {
  /** Of the host's role. */
  readonly credentials: () => Promise<RoleCredentials>;
  /** Path of the sealed model. */
  readonly model: string;
  /** Resolves once it is kept. */
  readonly record: (receipt: ReceiptRecord) => Promise<void>;
  readonly log: Log;
}

const MAXIMUM_RECEIPT = 1024;

/** The HTTP server that the enclave reaches at port 8001: `GET /credentials`, `GET /model`, `POST /receipts`. */
export function parentServices(ports: ServicePorts): http.Server {
  return http.createServer({ maxHeaderSize: 8 * 1024 }, (request, response) => {
    serve(request, response, ports).catch((error) => {
      ports.log('service failed', { path: request.url ?? '', code: nameOf(error) });
      if (response.headersSent) {
        response.destroy();
      } else {
        response.writeHead(error instanceof BadReceipt ? 400 : 500, { connection: 'close' }).end();
      }
    });
  });
}

class BadReceipt extends Error {}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { credentials, model, record }: ServicePorts,
): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /credentials':
      response.setHeader('content-type', 'application/json').end(JSON.stringify(await credentials()));
      break;
    case 'GET /model':
      response.setHeader('content-type', 'application/octet-stream');
      await pipeline(createReadStream(model), response);
      break;
    case 'POST /receipts':
      await record(await receiptOf(request));
      response.writeHead(204).end();
      break;
    default:
      response.writeHead(404).end();
  }
}

async function receiptOf(request: http.IncomingMessage): Promise<ReceiptRecord> {
  let text = '';
  for await (const piece of request) {
    text += piece;
    if (text.length > MAXIMUM_RECEIPT) {
      throw new BadReceipt('too long');
    }
  }
  try {
    return receiptSchema.parse(JSON.parse(text));
  } catch {
    throw new BadReceipt('not a receipt');
  }
}

/** Holds a file to its digest. Rejects with PALISADE-E386. */
export async function requireDigest(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw fault(file, `cannot be read: ${nameOf(error)}`);
  }
  const found = hash.digest('hex');
  if (found !== sha256) {
    throw fault(file, `has the SHA-256 ${found}, ${sha256} was released`);
  }
}

function fault(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-E386',
    where,
    problem,
    fix: 'release a version together with its digest; replace the host if the file was changed on it',
  });
}
