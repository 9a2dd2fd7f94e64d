import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type EnclaveHostSettings, parseHostSettings } from '../../runtime/enclave-host';
import { hourOf } from '../../runtime/inference-records/filing';
import { logTo, nameOf } from '../log';
import { CID_ANY, connect } from '../vsock';
import { startAgent } from './agent';
import { InstanceMetadata } from './imds';
import type { MetricLine } from './metrics';
import type { ReceiptRecord } from './services';
import { restartsIn, Starts } from './starts';
import { START_LIMIT, Watchdog } from './watchdog';

const SETTINGS = '/etc/palisade/host.json';
/** Gone with the host, and not with the watchdog. */
const starts = new Starts('/run/palisade/starts.json');
/** Longest wait for AWS, in milliseconds. */
const TIMEOUT = 5_000;

const log = logTo(process.stdout);
const run = async (program: string, args: readonly string[]) =>
  // Starting an enclave takes longest, and what hangs would hold everything else up.
  (await promisify(execFile)(program, args, { timeout: START_LIMIT, killSignal: 'SIGKILL' })).stdout;

async function agent(settings: EnclaveHostSettings): Promise<void> {
  const metadata = new InstanceMetadata();
  const instanceId = await metadata.instanceId();
  await startAgent(settings, {
    enclave: () => connect({ kind: 'vsock', cid: settings.enclave.cid, port: 5005 }),
    services: { kind: 'vsock', cid: CID_ANY, port: 8001 },
    metadata,
    record: recorder(settings),
    report: reporter(settings, instanceId),
    completeTermination: async () => {
      const { group, terminationHook } = settings.autoScaling;
      await run('aws', [
        ...['autoscaling', 'complete-lifecycle-action', '--lifecycle-action-result', 'CONTINUE'],
        ...['--auto-scaling-group-name', group, '--lifecycle-hook-name', terminationHook],
        ...['--instance-id', instanceId, '--region', settings.region],
      ]);
    },
    restarts: restartsIn(starts),
    now: Date.now,
    log,
  });
}

/** Receipts beside the records of the gateways. An object that is there already is not written again. */
function recorder({ region, records }: EnclaveHostSettings): (receipt: ReceiptRecord) => Promise<void> {
  const s3 = new S3Client({ region });
  return async (receipt) => {
    const command = new PutObjectCommand({
      Bucket: records.bucket,
      Key: `${records.prefix}receipts/${hourOf(receipt.time)}/${receipt.requestId}.json`,
      Body: JSON.stringify(receipt),
      ContentType: 'application/json',
      IfNoneMatch: '*',
    });
    await s3.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT) });
  };
}

/** One stream per instance, made with the first line: a host without its log still answers. */
function reporter({ region, logGroup }: EnclaveHostSettings, instanceId: string) {
  const logs = new CloudWatchLogsClient({ region });
  const stream = { logGroupName: logGroup, logStreamName: instanceId };
  let made = false;
  return async (line: MetricLine) => {
    const abortSignal = AbortSignal.timeout(TIMEOUT);
    if (!made) {
      await logs.send(new CreateLogStreamCommand(stream), { abortSignal }).catch((error: Error) => {
        if (error.name !== 'ResourceAlreadyExistsException') {
          throw error;
        }
      });
      made = true;
    }
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [line] }), { abortSignal });
  };
}

async function watchdog(settings: EnclaveHostSettings): Promise<void> {
  await new Watchdog(settings, {
    run,
    proved: async () => {
      const url = `http://127.0.0.1:${settings.port}/proved`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) }).catch(() => undefined);
      return answer?.ok ?? false;
    },
    starts,
    wait: async (milliseconds) => {
      await wait(milliseconds);
    },
    now: Date.now,
    log,
  }).guard();
}

const PROGRAMS: Readonly<Record<string, (settings: EnclaveHostSettings) => Promise<void>>> = { agent, watchdog };

async function main(name = ''): Promise<void> {
  if (!Object.hasOwn(PROGRAMS, name)) {
    throw new Error(`'${name}', allowed: ${Object.keys(PROGRAMS).join(', ')}`);
  }
  await PROGRAMS[name](parseHostSettings(fs.readFileSync(SETTINGS, 'utf8'), SETTINGS));
}

main(process.argv[2]).catch((error: Error) => {
  log('failed', { code: nameOf(error), message: error.message });
  process.exit(1);
});
