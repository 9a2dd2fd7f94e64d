import * as z from 'zod';
import { PalisadeError } from '../errors';

/**
 * What starts a training run: the input of the pipeline.
 *
 * Limits are SageMaker's: 100 hyperparameters with keys of 256 and values of 2,500 characters, environment values of
 * 512 characters (API_CreateTrainingJob), and the characters of customer metadata values (API_CreateModelPackage).
 */
const RUN_REQUEST = z.strictObject({
  /** Sealed dataset version to train on. */
  dataset: z.strictObject({ name: z.string().min(1).max(128), version: z.string().min(1).max(128) }),
  /** Git commit of the training code, in full. */
  commit: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'not a full Git commit id'),
  /** Seeds by name; the container gets them as JSON in `PALISADE_SEEDS`. */
  seeds: z
    .record(z.string().min(1), z.int())
    .refine((seeds) => Object.keys(seeds).length > 0, 'no seed')
    .refine((seeds) => JSON.stringify(seeds).length <= 512, 'more than 512 characters of JSON'),
  /** Hyperparameters for the container. */
  hyperparameters: z
    .record(z.string().min(1).max(256), z.string().max(2500))
    .refine((parameters) => Object.keys(parameters).length <= 100, 'more than 100 hyperparameters'),
  /** ARN of who asked for the run; approval has to come from someone else. */
  requestedBy: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'a character that customer metadata does not accept'),
});

/** What starts a training run. */
export type RunRequest = z.infer<typeof RUN_REQUEST>;

/** Checks the input of a run. Throws PALISADE-T013. */
export function parseRunRequest(value: unknown): RunRequest {
  const result = RUN_REQUEST.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new PalisadeError({
      code: 'PALISADE-T013',
      where: `input.${issue.path.join('.')}`,
      problem: issue.message,
      fix: 'start the pipeline with {dataset: {name, version}, commit, seeds, hyperparameters, requestedBy}',
    });
  }
  return result.data;
}
