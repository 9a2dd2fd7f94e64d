import * as z from 'zod';
import { PalisadeError } from '../errors';
import { parseMeasurements } from '../measurements';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'not lower-case kebab case of at most 40 characters');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in lower-case hexadecimal');
const file = z.string().regex(/^\/[\w./-]{1,200}$/, 'not an absolute path');
const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'not an IPv4 CIDR');

const schema = z.strictObject({
  system: name,
  stage: name,
  region: z.string().min(1),
  measurements: z.unknown(),
  enclave: z.strictObject({
    image: file,
    imageSha256: sha256,
    // A core, which on Graviton is one.
    cpus: z.int().min(1),
    memoryMiB: z.int().min(64),
    cid: z.int().min(4).max(0xffff_fffe),
  }),
  model: z.strictObject({ file, sha256 }),
  keyArn: z.string().min(1),
  port: z.int().min(1).max(65_535),
  fleet: z.array(cidr).min(1),
  maximumBody: z.int().min(1024),
  maximumConcurrency: z.int().min(1),
  restartBudget: z.strictObject({ restarts: z.int().min(0), seconds: z.int().min(60) }),
  metricNamespace: z.string().min(1),
  autoScaling: z.strictObject({ group: z.string().min(1), terminationHook: z.string().min(1) }),
  logGroup: z.string().min(1),
  records: z.strictObject({ bucket: z.string().min(3), prefix: z.string().regex(/^[\w./=-]+\/$/) }),
});

/** What the programs beside an enclave know of their host. `EnclaveInference` writes it to `/etc/palisade/host.json`. */
export interface EnclaveHostSettings extends Omit<z.infer<typeof schema>, 'measurements'> {
  /** Images that the host may run: the agent calls an enclave healthy only when it proves to be one of them. */
  readonly measurements: ReturnType<typeof parseMeasurements>;
}

/**
 * Reads the settings of a host.
 *
 * Throws PALISADE-E450 for text that is no such settings, and what `parseMeasurements` throws.
 */
export function parseHostSettings(text: string, where: string): EnclaveHostSettings {
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new PalisadeError({
      code: 'PALISADE-E450',
      where,
      problem: `${path.join('.') || 'the text'}: ${message}`,
      fix: 'deploy the fleet again, or replace the host: user data writes the file at the first start',
    });
  }
  const { measurements } = parsed.data;
  return { ...parsed.data, measurements: parseMeasurements(JSON.stringify(measurements), `${where} measurements`) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
