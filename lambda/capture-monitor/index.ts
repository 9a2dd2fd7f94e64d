import { S3Client } from '@aws-sdk/client-s3';
import { metricsLine, reportDay } from '../../runtime/drift';
import { setting } from '../support/settings';
import { CaptureBucket } from './bucket';
import { dayBefore } from './day';

const client = new S3Client({});

/** Reports on the UTC day before the event's `time`, which EventBridge gives and a retry keeps. */
export async function handler(event: unknown): Promise<{ day: string; requests: number }> {
  const day = dayBefore(event);
  const store = new CaptureBucket(client, setting('BUCKET'), setting('ACCOUNT'));
  const report = await reportDay(store, setting('CAPTURES'), day);
  // Not the console, which puts a time and a request before the line: CloudWatch reads metrics from pure JSON only.
  process.stdout.write(`${metricsLine(report, setting('ENDPOINT_NAME'), Date.now())}\n`);
  return { day, requests: report.profile.requests };
}
