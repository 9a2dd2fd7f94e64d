import * as fs from 'node:fs';
import * as z from 'zod';
import { PalisadeError } from '../errors';

const pcr = z.string().regex(/^[0-9a-f]{96}$/, 'not a SHA-384 in lower-case hexadecimal');

/** More images than this side by side is a rollout that nobody finished; it also keeps key policies within KMS's limit. */
const MAXIMUM_GENERATIONS = 10;

const generationSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'not a name of letters, digits, dots and hyphens'),
  image: z.string().min(1).max(512),
  eifSha256: z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in lower-case hexadecimal'),
  builtOn: z.iso.date(),
  PCR0: pcr,
  PCR1: pcr,
  PCR2: pcr,
  PCR8: pcr.optional(),
});

const fileSchema = z.strictObject({
  system: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'not the id of an AI system'),
  generations: z.array(generationSchema).min(1).max(MAXIMUM_GENERATIONS),
});

/** One image that may serve, and what it measures. */
export interface Generation {
  /** Name of the build, such as a date or a version. */
  readonly name: string;
  /** The container image that it was built from, by digest. */
  readonly image: string;
  /** SHA-256 of the enclave image file, in hexadecimal. */
  readonly eifSha256: string;
  /** Day of the build, `YYYY-MM-DD`. */
  readonly builtOn: string;
  /** Measurement of the whole image; SHA-384 in lower-case hexadecimal, as all that follow. */
  readonly pcr0: string;
  /** Of kernel, command line and first ramdisk. */
  readonly pcr1: string;
  /** Of the application's ramdisks. */
  readonly pcr2: string;
  /** Of the certificate that signed the image. @default - the image is not signed */
  readonly pcr8?: string;
}

/** The reviewed measurements of an AI system's enclave: newest first, several while an image rolls out. */
export interface EnclaveMeasurements {
  readonly system: string;
  readonly generations: readonly Generation[];
}

/**
 * Reads `enclave/measurements/<system>.json`.
 *
 * Throws PALISADE-E150 for a file that cannot be read, and what `parseMeasurements` throws.
 */
export function loadMeasurements(file: string): EnclaveMeasurements {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw refused('E150', file, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  return parseMeasurements(text, file);
}

/**
 * Reads measurements from JSON.
 *
 * Throws PALISADE-E151 for what is not JSON or has not the form of measurements, PALISADE-E152 for a measurement of
 * zeros, which every enclave in debug mode has, and PALISADE-E153 for two generations with one name or one image.
 *
 * @param where name of the file, for messages
 */
export function parseMeasurements(text: string, where: string): EnclaveMeasurements {
  const { system, generations } = parse(text, where);
  for (const { name, ...measured } of generations) {
    const zero = (['PCR0', 'PCR1', 'PCR2', 'PCR8'] as const).find((register) => /^0+$/.test(measured[register] ?? 'f'));
    if (zero) {
      throw refused('E152', `${where}: ${name}`, `${zero} is zero, as in debug mode`);
    }
  }
  for (const field of ['name', 'PCR0', 'eifSha256'] as const) {
    const values = generations.map((generation) => generation[field]);
    const twice = values.find((value, index) => values.indexOf(value) < index);
    if (twice !== undefined) {
      throw refused('E153', where, `${field} ${twice.slice(0, 20)} stands twice`);
    }
  }
  return { system, generations: generations.map(generationOf) };
}

/** The text of a file of measurements: what `parseMeasurements` reads. */
export function measurementsText({ system, generations }: EnclaveMeasurements): string {
  const entries = generations.map(({ pcr0: PCR0, pcr1: PCR1, pcr2: PCR2, pcr8: PCR8, ...rest }) => ({
    ...rest,
    PCR0,
    PCR1,
    PCR2,
    ...(PCR8 && { PCR8 }),
  }));
  return JSON.stringify({ system, generations: entries }, undefined, 2);
}

function parse(text: string, where: string): z.infer<typeof fileSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('E151', where, 'is not JSON');
  }
  const result = fileSchema.safeParse(value);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    throw refused('E151', where, `${path.join('.') || 'the file'}: ${message}`);
  }
  return result.data;
}

function generationOf({ PCR0, PCR1, PCR2, PCR8, ...rest }: z.infer<typeof generationSchema>): Generation {
  return { ...rest, pcr0: PCR0, pcr1: PCR1, pcr2: PCR2, ...(PCR8 && { pcr8: PCR8 }) };
}

function refused(code: string, where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: `PALISADE-${code}`,
    where,
    problem,
    fix: 'take the manifest that the image pipeline published and signed, or `palisade eif measure`, after review',
  });
}
