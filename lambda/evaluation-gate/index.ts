import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { type EvaluationDecision, judgeRun, type MetricThreshold } from '../../runtime/training';
import { BucketStore } from '../support/object-store';
import { setting } from '../support/settings';

const client = new S3Client({});

/** A training job's name; its output lies under `runs/<name>/`. */
const EVENT = z.object({ trainingJob: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/) });

/** Compares the metrics of a training job with the thresholds of the environment. */
export async function handler(event: unknown): Promise<EvaluationDecision> {
  const { trainingJob } = EVENT.parse(event);
  const thresholds: MetricThreshold[] = JSON.parse(setting('THRESHOLDS'));
  const store = new BucketStore(client, setting('TRAINING_BUCKET'), setting('ACCOUNT'));
  return judgeRun(store, `runs/${trainingJob}/output/output.tar.gz`, thresholds);
}
