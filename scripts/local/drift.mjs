// A model whose answers drift: the deployed monitor sees it in what the endpoint captured, and the deployed rollback puts the version back that
// served before. SageMaker's part is stood in for: who serves is a field of moto's endpoint, and what it captured is written here.
import assert from 'node:assert/strict';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { seeded } from '../screening/corpus/grammar.mjs';
import { clientSettings } from './environment.mjs';
import { takes } from './event-bus.mjs';
import { invoke } from './invoke.mjs';

const HOUR_MS = 3_600_000;
/** What DriftMonitor learns from unless it is told otherwise, and what comes then. */
const BASELINE_HOURS = 72;
const STEADY_HOURS = 4;
const DRIFTED_HOURS = 6;
/** Hours that the monitor catches up with in one run. */
const HOURS_OF_A_RUN = 24;
const ROWS_OF_AN_HOUR = 40;
const INFERENCE = 'credit-scoring-inference';

/**
 * Proves it, from the second approved version on.
 *
 * @param secondPackage ARN of the version that takes over and drifts
 * @param smoke a question, and the answer that every version gives
 */
export async function proveRollback(environment, deployment, { secondPackage, smoke, events, say }) {
  const place = placesOf(environment, deployment);
  const hours = (ahead) => run(environment, deployment, 'Monitor', {}, ahead);
  await put(place, place.records, 'smoke/set.jsonl', JSON.stringify(smoke));
  await hours(0);
  const first = await serving(place);
  const second = await takeOver(place, first, secondPackage);
  const total = BASELINE_HOURS + STEADY_HOURS + DRIFTED_HOURS;
  await writeCaptures(place, total);
  let windows = 0;
  for (let ahead = HOURS_OF_A_RUN; ahead < total + HOURS_OF_A_RUN; ahead += HOURS_OF_A_RUN) {
    // An hour is complete when the next one is over.
    windows += (await hours(Math.min(ahead, total) + 2)).windows;
  }
  assert.equal(windows, total);
  const drift = events.find((event) => event['detail-type'] === 'Model Drift Detected');
  assert.equal(drift?.detail.configuration, second, JSON.stringify(events));
  const hoursLate = (Date.parse(drift.detail.window) - place.start) / HOUR_MS - BASELINE_HOURS - STEADY_HOURS;
  assert.ok(hoursLate >= 0, `a false alarm at ${drift.detail.window}`);
  say(
    `drift: the monitor took ${windows} hours of captures, with its clock set ahead, and raised its event ${hoursLate + 1} h after answers moved`,
  );

  await deliver(environment, deployment, 'OnDrift', drift);
  assert.equal(await serving(place), first);
  const changed = {
    source: 'aws.sagemaker',
    'detail-type': 'SageMaker Endpoint State Change',
    detail: { EndpointName: place.endpoint },
  };
  assert.deepEqual(await deliver(environment, deployment, 'OnChange', changed), { outcome: 'rolled-back' });
  const { packageArn } = await quarantined(place);
  assert.equal(packageArn, secondPackage);
  say(
    `rollback: ${first} serves again, passed the smoke set; version ${packageArn.split('/').at(-1)} is in quarantine`,
  );
}

function placesOf(environment, deployment) {
  const settings = clientSettings(environment);
  const { EndpointName } = deployment.resource(`${INFERENCE}/Inference/Endpoint/Endpoint`).Properties;
  return {
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sageMaker: new SageMakerClient(settings),
    records: deployment.id(`${INFERENCE}/Drift/Records/Resource`),
    captures: deployment.id(`${INFERENCE}/Inference/Endpoint/Captures/Resource`),
    endpoint: EndpointName,
    // The first hour that begins after now.
    start: Math.ceil(Date.now() / HOUR_MS) * HOUR_MS,
  };
}

async function serving({ sageMaker, endpoint }) {
  return (await sageMaker.send(new DescribeEndpointCommand({ EndpointName: endpoint }))).EndpointConfigName;
}

/** What CloudFormation does when the registry's parameter names another version: moto replaces no endpoint configuration. */
async function takeOver({ sageMaker, endpoint }, first, ModelPackageName) {
  const configuration = await sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: first }));
  const [variant] = configuration.ProductionVariants;
  const { ExecutionRoleArn, VpcConfig } = await sageMaker.send(
    new DescribeModelCommand({ ModelName: variant.ModelName }),
  );
  const ModelName = `${endpoint}-second`;
  const EndpointConfigName = `${endpoint}-second`;
  await sageMaker.send(
    new CreateModelCommand({ ModelName, ExecutionRoleArn, VpcConfig, PrimaryContainer: { ModelPackageName } }),
  );
  await sageMaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants: [{ ...variant, ModelName }] }),
  );
  await sageMaker.send(new UpdateEndpointCommand({ EndpointName: endpoint, EndpointConfigName }));
  return EndpointConfigName;
}

/** Scores around 0.3, and from one hour on around 0.6. */
async function writeCaptures(place, total) {
  const random = seeded(20261127);
  for (let hour = 0; hour < total; hour += 1) {
    const level = hour < BASELINE_HOURS + STEADY_HOURS ? 0.3 : 0.6;
    const rows = Array.from({ length: ROWS_OF_AN_HOUR }, () => captured(random() * 100, level + (random() - 0.5) / 5));
    const folder = new Date(place.start + hour * HOUR_MS)
      .toISOString()
      .slice(0, 'yyyy-mm-ddThh'.length)
      .replaceAll(/[-T]/g, '/');
    await put(place, place.captures, `captures/${place.endpoint}/AllTraffic/${folder}/captured.jsonl`, rows.join('\n'));
  }
}

/** A line as SageMaker writes it (Amazon SageMaker AI Developer Guide, "Capture data from real-time endpoint"). */
function captured(input, output) {
  const side = { observedContentType: 'text/csv', encoding: 'CSV' };
  return JSON.stringify({
    captureData: {
      endpointInput: { ...side, mode: 'INPUT', data: input.toFixed(3) },
      endpointOutput: { ...side, mode: 'OUTPUT', data: output.toFixed(5) },
    },
    eventMetadata: { eventId: 'local', inferenceTime: '2026-11-27T00:00:00Z' },
    eventVersion: '0',
  });
}

/** What the rule would do with the event, if the rule takes it. */
function deliver(environment, deployment, rule, event) {
  assert.ok(
    takes(deployment.resource(`${INFERENCE}/Drift/${rule}/Resource`).Properties, event),
    `${rule} does not take the event`,
  );
  return run(environment, deployment, 'Rollback', event);
}

function run(environment, deployment, name, event, hoursAhead = 0) {
  const later = { ...environment, CLOCK_AHEAD_MS: String(hoursAhead * HOUR_MS) };
  return invoke(later, deployment, deployment.id(`${INFERENCE}/Drift/${name}/Resource`), event);
}

async function quarantined({ s3, records: Bucket }) {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'quarantine/' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: Contents[0].Key }));
  return JSON.parse(await Body.transformToString());
}

async function put({ s3 }, Bucket, Key, Body) {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm: 'SHA256' }));
}
