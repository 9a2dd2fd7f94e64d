import { createHash } from 'node:crypto';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  type SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { type SSMClient, StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import type { Serving, Versioned } from '../../runtime/drift/monitor';
import {
  answersAsExpected,
  type Candidate,
  INCIDENT_KEY,
  parseSmokeSet,
  type RollbackDecision,
  type RollbackPorts,
  type SmokeRecord,
} from '../../runtime/drift/rollback';
import { PalisadeError } from '../../runtime/errors';
import type { SignatureVerifier } from '../../runtime/integrity';
import { type PackageSource, verifyPackage } from '../model-package-verification/verify-package';
import type { DriftBucket } from '../support/drift-bucket';
import { isMissing, servingOf } from '../support/endpoint-serving';
import { digestOf, type OwnEvent } from '../support/ledger-client';
import { packageArnIn } from '../support/registry-settings';

/** Clients that a rollback calls. */
export interface RollbackClients {
  readonly events: EventBridgeClient;
  readonly runtime: SageMakerRuntimeClient;
  readonly sageMaker: SageMakerClient;
  readonly ssm: SSMClient;
}

/** What it works on. */
export interface RollbackPlace {
  readonly endpointName: string;
  /** Name of the model package group that the endpoint is served from. */
  readonly group: string;
  /** Runbook that stops the gateway. @default - nobody stops it: people are told */
  readonly stopRunbook?: string;
}

/** Where the smoke set lies. */
export const SMOKE_KEY = 'smoke/set.jsonl';
/** Deployments that are looked at: those before have been served over by as many approved ones. */
const MOST_DEPLOYMENTS = 20;
/** Longest answer to a question of the smoke set. */
const LONGEST_ANSWER = 1024 * 1024;

/** Rolls an endpoint back on AWS. */
export class AwsRollback implements RollbackPorts {
  constructor(
    private readonly clients: RollbackClients,
    private readonly bucket: DriftBucket,
    private readonly place: RollbackPlace,
    private readonly registry: PackageSource,
    private readonly verifier: SignatureVerifier,
    /** Records an event in the ledger. @default - there is no ledger */
    private readonly record?: (event: OwnEvent) => Promise<unknown>,
  ) {}

  serving(): Promise<Serving | undefined> {
    return servingOf(this.clients.sageMaker, this.place.endpointName);
  }

  async deployed(): Promise<readonly string[]> {
    const found = await this.bucket.list('deployments/');
    return found
      .sort((one, other) => other.written.getTime() - one.written.getTime())
      .slice(0, MOST_DEPLOYMENTS)
      .map(({ key }) => key.slice('deployments/'.length, -'.json'.length));
  }

  async candidate(configuration: string): Promise<Candidate | undefined> {
    const packageArn = await this.packageOf(configuration);
    return packageArn === undefined
      ? undefined
      : { packageArn, configuration, approved: await this.isApproved(packageArn) };
  }

  async quarantined(): Promise<ReadonlySet<string>> {
    const found = await this.bucket.list('quarantine/');
    const bodies = await Promise.all(found.map(({ key }) => this.bucket.read(key)));
    return new Set(bodies.flatMap((stored) => (stored ? String(JSON.parse(stored.body).packageArn) : [])));
  }

  async quarantine(packageArn: string, reason: string): Promise<void> {
    const version = packageArn.slice(packageArn.lastIndexOf('/') + 1);
    await this.bucket.writeOnce(`quarantine/${version}.json`, JSON.stringify({ packageArn, reason }));
  }

  /** With the canary, the alarms and the number of instances that the endpoint has; what is captured is the configuration's. */
  async switchTo(configuration: string): Promise<void> {
    await this.clients.sageMaker.send(
      new UpdateEndpointCommand({
        EndpointName: this.place.endpointName,
        EndpointConfigName: configuration,
        RetainAllVariantProperties: true,
        ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
        RetainDeploymentConfig: true,
      }),
    );
  }

  async provable(): Promise<boolean> {
    return (await this.bucket.read(SMOKE_KEY)) !== undefined;
  }

  async smoke(): Promise<'passed' | 'failed'> {
    const stored = await this.bucket.read(SMOKE_KEY);
    for (const record of stored ? parseSmokeSet(stored.body, SMOKE_KEY) : []) {
      if (!(await this.answers(record))) {
        return 'failed';
      }
    }
    return stored ? 'passed' : 'failed';
  }

  /** The token makes a second start of the same stop the first one. */
  async fallBack(incident: string): Promise<void> {
    const { stopRunbook, endpointName } = this.place;
    if (stopRunbook) {
      await this.clients.ssm.send(
        new StartAutomationExecutionCommand({
          DocumentName: stopRunbook,
          ClientToken: uuidOf(`${endpointName} ${incident}`),
        }),
      );
    }
  }

  load(): Promise<Versioned | undefined> {
    return this.bucket.read(INCIDENT_KEY);
  }

  save(body: string, replacing: string | undefined): Promise<void> {
    return this.bucket.replace(INCIDENT_KEY, body, replacing);
  }

  /** In the bucket, once, in the ledger, and on the event bus. PutEvents answers with success for entries that it refused. */
  async recordDecision(decision: RollbackDecision): Promise<void> {
    const stored = await this.bucket.writeOnce(`decisions/${decision.id}.json`, JSON.stringify(decision));
    const subject = `decisions/${decision.id}`;
    await this.record?.({ ...eventOf(decision), subject, digest: digestOf(stored), request: subject });
    const { FailedEntryCount = 0 } = await this.clients.events.send(
      new PutEventsCommand({
        Entries: [{ Source: 'palisade.rollback', DetailType: 'Rollback Decided', Detail: JSON.stringify(decision) }],
      }),
    );
    if (FailedEntryCount > 0) {
      throw new PalisadeError({
        code: 'PALISADE-F107',
        where: decision.id,
        problem: 'the event bus did not take the decision',
        fix: 'Lambda repeats it; if that fails too, it is in the dead-letter queue',
      });
    }
  }

  /** The package of the one model of a configuration; undefined where either is gone. */
  private async packageOf(configuration: string): Promise<string | undefined> {
    const { sageMaker } = this.clients;
    try {
      const { ProductionVariants = [] } = await sageMaker.send(
        new DescribeEndpointConfigCommand({ EndpointConfigName: configuration }),
      );
      const [{ ModelName } = { ModelName: undefined }] = ProductionVariants;
      const model = await sageMaker.send(new DescribeModelCommand({ ModelName }));
      return ProductionVariants.length === 1 ? model.PrimaryContainer?.ModelPackageName : undefined;
    } catch (error) {
      if (isMissing(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** As a deployment holds it: approved now, by a second person's signed record of this artifact. A failing service is neither. */
  private async isApproved(packageArn: string): Promise<boolean> {
    try {
      await verifyPackage(packageArnIn(this.place.group, packageArn), this.place.group, this.registry, this.verifier);
      return true;
    } catch (error) {
      if (error instanceof PalisadeError) {
        return false;
      }
      throw error;
    }
  }

  private async answers(record: SmokeRecord): Promise<boolean> {
    try {
      const { Body } = await this.clients.runtime.send(
        new InvokeEndpointCommand({
          EndpointName: this.place.endpointName,
          ContentType: 'text/csv',
          Accept: 'text/csv',
          Body: Buffer.from(record.input),
        }),
      );
      return !!Body && Body.length <= LONGEST_ANSWER && answersAsExpected(record, Buffer.from(Body).toString('utf8'));
    } catch (error) {
      if (error instanceof Error && error.name === 'ModelError') {
        return false;
      }
      throw error;
    }
  }
}

/** What a step of a rollback is to the ledger. */
function eventOf({ step, result }: RollbackDecision): Pick<OwnEvent, 'kind' | 'outcome'> {
  switch (step) {
    case 'switch':
      return { kind: 'deployment', outcome: 'rolled-back' };
    case 'fall-back':
      return { kind: 'deployment', outcome: 'stopped' };
    case 'smoke':
      return { kind: 'review', outcome: result ?? 'failed' };
    case 'quarantine':
      return { kind: 'incident', outcome: 'contained' };
    case 'done':
    case 'ignore':
      return { kind: 'incident', outcome: 'closed' };
  }
}

/** Systems Manager takes tokens of this form only. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
