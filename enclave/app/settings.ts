import * as z from 'zod';
import { PalisadeError } from '../../runtime/errors';
import { type Address, parseAddress } from '../vsock';

const address = (preset: string) =>
  z
    .string()
    .default(preset)
    .transform((text): Address => parseAddress(text));

const count = (preset: number, maximum: number) => z.coerce.number().int().min(1).max(maximum).default(preset);

const command = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string().min(1)).min(1));

const schema = z.object({
  SYSTEM: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'is not the id of an AI system'),
  REGION: z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'is not a Region'),
  // Its ARN, not an alias: who may move an alias would choose the key.
  KEY_ARN: z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'is not the ARN of a key'),
  MODEL_COMMAND: command,
  MODEL_DIRECTORY: z.string().startsWith('/').default('/opt/ml/model'),
  MODEL_PORT: count(8080, 65_535),
  MODEL_USER: count(1000, 65_534),
  MODEL_START_SECONDS: count(120, 3600),
  LISTEN: address('vsock:any:5005'),
  KMS_PROXY: address('vsock:3:8000'),
  AGENT: address('vsock:3:8001'),
  MAXIMUM_REQUEST: count(4 * 1024 * 1024, 64 * 1024 * 1024),
  MAXIMUM_CONCURRENCY: count(64, 10_000),
  ANSWER_SECONDS: count(60, 3600),
});

/** What the environment of an enclave says. All of it is measured: it is a part of the image. */
export interface EnclaveSettings {
  readonly system: string;
  readonly region: string;
  /** CMK that the model's data key was encrypted with: no other opens a model here. */
  readonly keyArn: string;
  /** Program and arguments of the model server; no shell reads them. */
  readonly modelCommand: readonly string[];
  /** Where the model server finds the model. */
  readonly modelDirectory: string;
  /** Port of the model server on loopback. */
  readonly modelPort: number;
  /** User id of the model server: never root's. */
  readonly modelUser: number;
  /** Longest wait for the model server to say that it is there. */
  readonly modelStartSeconds: number;
  readonly listen: Address;
  /** Where connections to KMS go. */
  readonly kmsProxy: Address;
  /** Where the agent of the parent listens. */
  readonly agent: Address;
  /** Longest body of an opened request, in bytes. */
  readonly maximumRequest: number;
  /** Requests that are answered at once. */
  readonly maximumConcurrency: number;
  /** Longest time from a request to the end of its answer. */
  readonly answerSeconds: number;
}

/** Reads the environment. Throws PALISADE-E350 for a variable that is missing or not as it should be, E300 for an address. */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): EnclaveSettings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    const variable = String(path[0]);
    throw new PalisadeError({
      code: 'PALISADE-E350',
      where: `environment of the enclave: ${variable}`,
      problem: environment[variable] === undefined ? 'is missing' : message,
      fix: 'set it in the Dockerfile with ENV; docs/enclave-app.md lists them all',
    });
  }
  const { data } = parsed;
  return {
    system: data.SYSTEM,
    region: data.REGION,
    keyArn: data.KEY_ARN,
    modelCommand: data.MODEL_COMMAND,
    modelDirectory: data.MODEL_DIRECTORY,
    modelPort: data.MODEL_PORT,
    modelUser: data.MODEL_USER,
    modelStartSeconds: data.MODEL_START_SECONDS,
    listen: data.LISTEN,
    kmsProxy: data.KMS_PROXY,
    agent: data.AGENT,
    maximumRequest: data.MAXIMUM_REQUEST,
    maximumConcurrency: data.MAXIMUM_CONCURRENCY,
    answerSeconds: data.ANSWER_SECONDS,
  };
}
