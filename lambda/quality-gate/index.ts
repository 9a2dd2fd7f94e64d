import { S3Client } from '@aws-sdk/client-s3';
import { judgeDataset, parseRunRequest, type QualityDecision, type QualitySettings } from '../../runtime/training';
import { BucketStore } from '../support/object-store';
import { setting } from '../support/settings';

const client = new S3Client({});

/** Checks the input of a run and the quality of the sealed dataset under `prefix`. */
export async function handler(event: { request: unknown; prefix: string }): Promise<QualityDecision> {
  parseRunRequest(event.request);
  const settings: QualitySettings = JSON.parse(setting('QUALITY'));
  return judgeDataset(new BucketStore(client, setting('DATA_BUCKET'), setting('ACCOUNT')), event.prefix, settings);
}
