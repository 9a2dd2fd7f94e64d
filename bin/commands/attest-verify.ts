import * as fs from 'node:fs';
import { type PcrSet, type VerifiedAttestation, verifyAttestation } from '../../runtime/attestation';
import { PalisadeError } from '../../runtime/errors';
import { type Command, EXIT, parse, UsageError } from './command';

/** Verifies an attestation document in a file. */
export const attestVerify: Command = {
  usage: `palisade attest verify FILE [--at TIME] [--pcr N=HEX ...] [--nonce HEX] [--user-data HEX] [--public-key HEX]
                       [--module-id ID] [--max-age SECONDS] [--allow-debug] [--json]

  Verifies a Nitro attestation document against AWS's root, and what it says against what is given. FILE holds the
  bytes, or base64 of them; - is standard input. TIME (ISO 8601, or milliseconds since 1970) is when to judge: now
  unless given, five minutes after the document's own time at most. Without --pcr any image passes, and the output says so.
  Exit code 0: it holds. 1: it does not, and the code tells why (docs/attestation.md). 2: wrong usage, or no such file.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        at: { type: 'string' },
        pcr: { type: 'string', multiple: true, default: [] },
        nonce: { type: 'string' },
        'user-data': { type: 'string' },
        'public-key': { type: 'string' },
        'module-id': { type: 'string' },
        'max-age': { type: 'string' },
        'allow-debug': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    if (positionals.length !== 1) {
      throw new UsageError('expected one FILE');
    }
    const pcrs = pinned(values.pcr);
    const policy = {
      pcrs,
      allowDebug: values['allow-debug'],
      moduleId: values['module-id'],
      nonce: hexOption('nonce', values.nonce),
      userData: hexOption('user-data', values['user-data']),
      publicKey: hexOption('public-key', values['public-key']),
      maximumAge: seconds(values['max-age']),
    };
    const now = timeOf(values.at);
    const document = readDocument(positionals[0]);
    try {
      const verified = verifyAttestation(document, policy, now);
      console.log(values.json ? json(verified) : text(verified, pcrs));
      return EXIT.clean;
    } catch (error) {
      return refused(error, values.json);
    }
  },
};

/** Prints why something does not hold. Throws UsageError for a policy that is in no order, and what is no verdict. */
export function refused(error: unknown, asJson: boolean): number {
  if (!(error instanceof PalisadeError)) {
    throw error;
  }
  if (error.code === 'PALISADE-E019') {
    throw new UsageError(error.problem);
  }
  const { code, where, problem } = error;
  console[asJson ? 'log' : 'error'](
    asJson ? JSON.stringify({ valid: false, code, where, problem }, null, 2) : error.message,
  );
  return EXIT.findings;
}

/** Attestation documents are some 5 KB; whatever is much longer is none. */
const LONGEST_FILE = 1024 * 1024;

/** Bytes as they are, or from base64. Throws UsageError. */
export function readDocument(file: string): Uint8Array {
  let content: Buffer;
  try {
    if (file !== '-' && fs.statSync(file).size > LONGEST_FILE) {
      throw new Error(`longer than ${LONGEST_FILE} bytes`);
    }
    content = fs.readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  // A document starts with 0x84 or 0xd2, which base64 does not have.
  const isText = content.length > 0 && content.every((byte) => byte < 0x80);
  return new Uint8Array(isText ? Buffer.from(content.toString('ascii').replace(/\s/g, ''), 'base64') : content);
}

/** Milliseconds, or what Date reads. Throws UsageError. */
export function timeOf(at: string | undefined): Date {
  const time = at === undefined ? new Date() : new Date(/^\d{11,}$/.test(at) ? Number(at) : at);
  if (Number.isNaN(time.getTime())) {
    throw new UsageError(`--at is '${at}', expected ISO 8601 or milliseconds since 1970`);
  }
  return time;
}

/** The set of `N=HEX` options; any image where there is none. Throws UsageError. */
export function pinned(options: readonly string[]): readonly PcrSet[] | 'any' {
  const entries = options.map((option) => {
    const match = /^(?:pcr)?(\d{1,2})=([0-9a-f]+)$/i.exec(option);
    if (!match) {
      throw new UsageError(`--pcr is '${option.slice(0, 40)}', expected N=HEX`);
    }
    return [Number(match[1]), match[2]] as const;
  });
  if (new Set(entries.map(([register]) => register)).size < entries.length) {
    throw new UsageError('--pcr names a register twice');
  }
  return entries.length === 0 ? 'any' : [Object.fromEntries(entries)];
}

function hexOption(option: string, value: string | undefined): Uint8Array | undefined {
  if (value !== undefined && !/^([0-9a-f]{2})*$/i.test(value)) {
    throw new UsageError(`--${option} is not hexadecimal`);
  }
  return value === undefined ? undefined : new Uint8Array(Buffer.from(value, 'hex'));
}

function seconds(value: string | undefined): number | undefined {
  if (value !== undefined && !/^\d{1,9}$/.test(value)) {
    throw new UsageError(`--max-age is '${value}', expected seconds`);
  }
  return value === undefined ? undefined : Number(value) * 1000;
}

function json(verified: VerifiedAttestation): string {
  const { moduleId, timestamp, debug, certificate, publicKey, userData, nonce } = verified;
  const pcrs = Object.fromEntries([...verified.pcrs].map(([register, value]) => [register, hex(value)]));
  const optional = { publicKey: hexOf(publicKey), userData: hexOf(userData), nonce: hexOf(nonce) };
  return JSON.stringify({ valid: true, moduleId, timestamp, debug, pcrs, ...optional, certificate }, null, 2);
}

function text(verified: VerifiedAttestation, pcrs: readonly PcrSet[] | 'any'): string {
  const { moduleId, timestamp, debug, certificate } = verified;
  const measured = [...verified.pcrs].filter(([, value]) => value.some((byte) => byte !== 0));
  return [
    'valid: signed by the Nitro system',
    pcrs === 'any' ? 'no measurement was asked for: any image would pass' : 'measurements: as asked for',
    ...(debug ? ['DEBUG MODE: the host can read this enclave'] : []),
    `module     ${moduleId}`,
    `time       ${timestamp.toISOString()}`,
    `valid      ${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`,
    ...measured.map(([register, value]) => `PCR${String(register).padEnd(8)}${hex(value)}`),
    ...(['publicKey', 'userData', 'nonce'] as const).map(
      (name) => `${name.padEnd(11)}${hexOf(verified[name]) ?? 'none'}`,
    ),
  ].join('\n');
}

function hexOf(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : hex(bytes);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
