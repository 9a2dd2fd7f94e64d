import { createHash } from 'node:crypto';
import * as z from 'zod';
import { PalisadeError } from '../errors';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 digest in hexadecimal');

const RUN_LOCK = z.strictObject({
  schema: z.literal('palisade/run-lock/1'),
  /** Git commit of the training code, in full. */
  commit: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'not a full Git commit id'),
  /** Image by digest: `<repository URI>@sha256:<hex>`. */
  image: z.string().regex(/^[a-z0-9./_-]+(:\d+)?[a-z0-9./_-]*@sha256:[0-9a-f]{64}$/, 'not an image by digest'),
  /** Sealed datasets that the run read. */
  datasets: z
    .array(z.strictObject({ name: z.string().min(1), version: z.string().min(1), manifestRoot: z.string().min(1) }))
    .min(1),
  /** Seeds by the name that the code knows them by. */
  seeds: z.record(z.string(), z.int()).refine((seeds) => Object.keys(seeds).length > 0, 'no seed'),
  /** Hyperparameters as SageMaker passes them: strings. */
  hyperparameters: z.record(z.string(), z.string()),
  /** What ran: ARN of the training job, and instances it ran on. */
  run: z.strictObject({
    trainingJob: z.string().min(1),
    instanceType: z.string().min(1),
    instanceCount: z.int().min(1),
  }),
  /** What came out. */
  artifact: z.strictObject({ sha256, bytes: z.int().min(1) }),
});

/** Everything that is needed to repeat a training run and to recognise its result. */
export type RunLock = z.infer<typeof RUN_LOCK>;

/** A run lock in its one written form, with the hash of that form. */
export interface WrittenRunLock {
  /** Canonical JSON: keys sorted at every level, no white space, a line feed at the end. */
  readonly text: string;
  /** SHA-256 of `text` in UTF-8, in hexadecimal. */
  readonly sha256: string;
}

/** Checks a run lock and writes it. The same lock gives the same bytes. Throws PALISADE-T010. */
export function writeRunLock(lock: Omit<RunLock, 'schema'>, where = 'run.lock.json'): WrittenRunLock {
  const text = `${canonical(check({ ...lock, schema: 'palisade/run-lock/1' }, where))}\n`;
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

/** Reads a run lock, and refuses one that is not in its written form. Throws PALISADE-T010. */
export function readRunLock(text: string, where = 'run.lock.json'): RunLock {
  const lock = check(parse(text, where), where);
  if (`${canonical(lock)}\n` !== text) {
    throw invalid(where, 'not in canonical form');
  }
  return lock;
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(where, 'not JSON');
  }
}

function check(value: unknown, where: string): RunLock {
  const result = RUN_LOCK.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalid(where, `${issue.path.join('.') || 'lock'}: ${issue.message}`);
  }
  return result.data;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

function invalid(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-T010',
    where,
    problem,
    fix: 'give the full commit, the image by digest, sealed dataset versions, seeds and hyperparameters of the run',
  });
}
