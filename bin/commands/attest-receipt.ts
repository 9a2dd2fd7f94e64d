import * as fs from 'node:fs';
import { verifyAttestation } from '../../runtime/attestation';
import { type Receipt, readReceipt, sha256Hex, verifyReceipt } from '../../runtime/receipt';
import { pinned, readDocument, refused, timeOf } from './attest-verify';
import { type Command, EXIT, parse, UsageError } from './command';

/** Verifies the receipt of an enclave's answer. */
export const receipt: Command = receiptCommand();

/** @param rootForTests DER of another root than AWS's; the command line has no way to give one. @default - AWS's root */
export function receiptCommand(rootForTests?: Uint8Array): Command {
  return {
    usage: `palisade attest receipt RECEIPT --attestation DOCUMENT [--request FILE] [--response FILE] [--pcr N=HEX ...]
                        [--at TIME] [--json]

  Verifies, without a network, that the enclave of an attestation document gave an answer to a request: the document
  against AWS's root, the receipt by the key in the document, and both bodies by their digests. TIME (ISO 8601, or
  milliseconds since 1970) is when to judge the document: the time of the receipt unless given. Without --pcr any image
  passes, without --request or --response the body is not compared, and the output says so.
  Exit code 0: it holds. 1: it does not, and the code tells why (docs/client.md). 2: wrong usage, or no such file.`,
    run: async (args) => {
      const { values, positionals } = parse({
        args,
        allowPositionals: true,
        options: {
          attestation: { type: 'string' },
          request: { type: 'string' },
          response: { type: 'string' },
          pcr: { type: 'string', multiple: true, default: [] },
          at: { type: 'string' },
          json: { type: 'boolean', default: false },
        },
      });
      if (positionals.length !== 1 || values.attestation === undefined) {
        throw new UsageError('expected one RECEIPT and --attestation DOCUMENT');
      }
      const pcrs = pinned(values.pcr);
      const at = values.at === undefined ? undefined : timeOf(values.at);
      const document = readDocument(values.attestation);
      const text = contentOf(positionals[0]).toString('utf8').trim();
      const bodies = { request: optionalContent(values.request), response: optionalContent(values.response) };
      const digest = (body?: Uint8Array) => body && { sha256: sha256Hex(body) };
      try {
        const found = readReceipt(text);
        const now = at ?? new Date(found.statement.time);
        // The certificate's three hours are the limit: an answer may have been long in the making.
        const policy = { pcrs, maximumAge: Number.POSITIVE_INFINITY, rootForTests };
        const attestation = verifyAttestation(document, policy, now);
        const { request, response } = bodies;
        await verifyReceipt(found, { document, attestation, request: digest(request), response: digest(response) });
        const compared = {
          measurements: pcrs !== 'any',
          request: request !== undefined,
          response: response !== undefined,
        };
        console.log(
          values.json ? JSON.stringify({ valid: true, compared, ...found }, null, 2) : report(found, compared),
        );
        return EXIT.clean;
      } catch (error) {
        return refused(error, values.json);
      }
    },
  };
}

function report({ statement }: Receipt, compared: Readonly<Record<string, boolean>>): string {
  const { system, model, pcr0, requestId, time, request, response } = statement;
  const note = (what: string) => (compared[what] ? 'as given' : 'not compared');
  return [
    'valid: signed inside an enclave that the Nitro system vouches for',
    `measurements ${compared.measurements ? 'as asked for' : 'not asked for: any image would pass'}`,
    `system       ${system}`,
    `model        ${model}`,
    `PCR0         ${pcr0}`,
    `time         ${time}`,
    `id           ${requestId}`,
    `request      ${request.method} ${request.path} ${request.sha256} (${note('request')})`,
    `response     ${response.status} ${response.sha256} (${note('response')})`,
  ].join('\n');
}

function optionalContent(file: string | undefined): Buffer | undefined {
  return file === undefined ? undefined : contentOf(file);
}

function contentOf(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
