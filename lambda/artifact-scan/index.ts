import { S3Client } from '@aws-sdk/client-s3';
import { type ScanReport, scanArtifact } from '../../runtime/artifact-scan';
import { PalisadeError } from '../../runtime/errors';
import { BucketStore } from '../support/object-store';
import { setting } from '../support/settings';

const client = new S3Client({});

/** The report on one version of one object. */
export interface ArtifactScan extends ScanReport {
  /** Whether the artifact may go on: safe, not merely not unsafe. */
  readonly passed: boolean;
  readonly key: string;
  /** The version that was read, and that later steps must use. */
  readonly versionId: string;
}

/** Scans `artifact`, an S3 URI in the training bucket. */
export async function handler(event: { artifact: string }): Promise<ArtifactScan> {
  const bucket = setting('TRAINING_BUCKET');
  const key = keyIn(bucket, event.artifact);
  const object = await new BucketStore(client, bucket, setting('ACCOUNT')).open(key);
  if (!object?.versionId) {
    throw notAnArtifact(event.artifact, 'there is no such object, or its bucket keeps no versions');
  }
  const report = await scanArtifact(object.body, { size: object.bytes });
  return { ...report, passed: report.verdict === 'safe', key, versionId: object.versionId };
}

function keyIn(bucket: string, uri: string): string {
  const prefix = `s3://${bucket}/`;
  if (!uri.startsWith(prefix)) {
    throw notAnArtifact(uri, 'not in the training bucket');
  }
  return uri.slice(prefix.length);
}

function notAnArtifact(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-T015',
    where,
    problem,
    fix: 'scan the model artifact of a training job of this environment',
  });
}
