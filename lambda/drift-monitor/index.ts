import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  type DriftDetected,
  driftMetricsLine,
  type MonitorPorts,
  monitor,
  type Serving,
} from '../../runtime/drift/monitor';
import { PalisadeError } from '../../runtime/errors';
import { DriftBucket } from '../support/drift-bucket';
import { servingOf } from '../support/endpoint-serving';
import { digestOf, recorder } from '../support/ledger-client';
import { BucketStore } from '../support/object-store';
import { setting } from '../support/settings';

const events = new EventBridgeClient({});
const lambda = new LambdaClient({});
const s3 = new S3Client({});
const sageMaker = new SageMakerClient({});

/** Takes the hours of captures that became complete. What it is called with does not matter: the clock says which they are. */
export async function handler(): Promise<{ windows: number }> {
  const endpointName = setting('ENDPOINT_NAME');
  const settings = {
    endpointName,
    captures: setting('CAPTURES'),
    baselineWindows: Number(setting('BASELINE_WINDOWS')),
    minimumRows: Number(setting('MINIMUM_ROWS')),
    arl0: Number(setting('ARL0')),
  };
  return { windows: await monitor(ports(endpointName), settings, new Date()) };
}

function ports(endpointName: string): MonitorPorts {
  const own = new DriftBucket(s3, setting('DRIFT_BUCKET'), setting('ACCOUNT'));
  return {
    captures: new BucketStore(s3, setting('CAPTURE_BUCKET'), setting('ACCOUNT')),
    serving: async () => {
      const serving = await servingOf(sageMaker, endpointName);
      if (serving?.status === 'InService') {
        await noteDeployment(own, endpointName, serving);
      }
      return serving;
    },
    read: (key) => own.read(key),
    write: (key, body, replacing) => own.replace(key, body, replacing),
    draw: (key, svg) => own.overwrite(key, svg, 'image/svg+xml'),
    // Not the console, which puts a time and a request before the line: CloudWatch reads metrics from pure JSON only.
    report: (report) => {
      process.stdout.write(`${driftMetricsLine(report, endpointName, Date.now())}\n`);
    },
    raise,
  };
}

/** What a rollback may go back to. The ledger has it once, however often it is told: a run may have ended in between. */
async function noteDeployment(own: DriftBucket, endpointName: string, serving: Serving): Promise<void> {
  const { configuration, since } = serving;
  const subject = `deployments/${configuration}`;
  const stored = await own.writeOnce(`${subject}.json`, JSON.stringify({ endpointName, configuration, since }));
  const digest = digestOf(stored);
  await recorder(lambda)?.({ kind: 'deployment', outcome: 'deployed', subject, digest, request: subject });
}

/** PutEvents answers with success for entries that it refused. */
async function raise(drift: DriftDetected): Promise<void> {
  const { FailedEntryCount = 0, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'palisade.drift-monitor', DetailType: 'Model Drift Detected', Detail: JSON.stringify(drift) },
      ],
    }),
  );
  if (FailedEntryCount > 0) {
    throw new PalisadeError({
      code: 'PALISADE-F105',
      where: drift.endpointName,
      problem: `the event bus did not take the drift: ${Entries?.[0]?.ErrorCode ?? 'no reason given'}`,
      fix: 'Lambda repeats the window; if that fails too, the alarm on silence goes off',
    });
  }
}
