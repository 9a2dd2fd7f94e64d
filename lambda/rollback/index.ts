import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { DRIFT_EVENT, type DriftEvent, rollBack } from '../../runtime/drift/rollback';
import { PalisadeError } from '../../runtime/errors';
import { DriftBucket } from '../support/drift-bucket';
import { KmsSigner } from '../support/kms-signer';
import { recorder } from '../support/ledger-client';
import { registrySettings } from '../support/registry-settings';
import { setting } from '../support/settings';
import { AwsRollback } from './aws-rollback';
import { packageSource } from './package-source';

const clients = {
  events: new EventBridgeClient({}),
  runtime: new SageMakerRuntimeClient({}),
  sageMaker: new SageMakerClient({}),
  ssm: new SSMClient({}),
};
const kms = new KMSClient({});
const lambda = new LambdaClient({});
const s3 = new S3Client({});

const EVENT = z.discriminatedUnion('detail-type', [
  z.object({ 'detail-type': z.literal('Model Drift Detected'), detail: DRIFT_EVENT }),
  z.object({
    'detail-type': z.literal('SageMaker Endpoint State Change'),
    detail: z.object({ EndpointName: z.string() }),
  }),
]);

/** Starts a rollback when a model's answers drifted, and goes on with it when the endpoint has changed. */
export async function handler(event: unknown): Promise<{ outcome: string }> {
  const endpointName = setting('ENDPOINT_NAME');
  const drift = driftIn(event, endpointName);
  const registry = registrySettings(process.env);
  const ports = new AwsRollback(
    clients,
    new DriftBucket(s3, setting('DRIFT_BUCKET'), registry.account),
    { endpointName, group: registry.group, stopRunbook: process.env.STOP_RUNBOOK },
    packageSource(s3, clients.sageMaker, registry),
    new KmsSigner(kms, registry.sealKey),
    recorder(lambda),
  );
  return { outcome: (await rollBack(ports, drift)) ?? 'open' };
}

/**
 * The drift that starts a rollback; undefined for a change of the endpoint. Throws PALISADE-F106 for anything else: another
 * endpoint's drift must not move this one.
 */
function driftIn(event: unknown, endpointName: string): DriftEvent | undefined {
  const { data, error } = EVENT.safeParse(event);
  const drift = data?.['detail-type'] === 'Model Drift Detected' ? data.detail : undefined;
  const changed = data?.['detail-type'] === 'SageMaker Endpoint State Change' ? data.detail.EndpointName : undefined;
  if ((drift?.endpointName ?? changed) !== endpointName) {
    throw new PalisadeError({
      code: 'PALISADE-F106',
      where: 'event',
      problem: error ? `not an event of a rollback: ${error.message.slice(0, 300)}` : 'of another endpoint',
      fix: 'let the rules of the DriftMonitor construct start the function',
    });
  }
  return drift;
}
