import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type EnclaveHostSettings, parseHostSettings } from '../../runtime/enclave-host';
import { logTo, nameOf } from '../log';
import { CID_ANY, connect } from '../vsock';
import { startAgent } from './agent';
import { InstanceMetadata } from './imds';
import type { MetricLine } from './metrics';
import type { ReceiptRecord } from './services';
import { Watchdog } from './watchdog';

const SETTINGS = '/etc/palisade/host.json';
/** Gone with the host, and not with the watchdog. */
const STARTS = '/run/palisade/starts.json';

const log = logTo(process.stdout);
const run = async (program: string, args: readonly string[]) => (await promisify(execFile)(program, args)).stdout;

async function agent(settings: EnclaveHostSettings): Promise<void> {
  const metadata = new InstanceMetadata();
  const instanceId = await metadata.instanceId();
  await startAgent(settings, {
    enclave: () => connect({ kind: 'vsock', cid: settings.enclave.cid, port: 5005 }),
    services: { kind: 'vsock', cid: CID_ANY, port: 8001 },
    metadata,
    record: recorder(settings),
    report: await reporter(settings, instanceId),
    completeTermination: async () => {
      const { group, terminationHook } = settings.autoScaling;
      await run('aws', [
        ...['autoscaling', 'complete-lifecycle-action', '--lifecycle-action-result', 'CONTINUE'],
        ...['--auto-scaling-group-name', group, '--lifecycle-hook-name', terminationHook],
        ...['--instance-id', instanceId, '--region', settings.region],
      ]);
    },
    restarts: () => Math.max(0, startsOf().length - 1),
    now: Date.now,
    log,
  });
}

/** Receipts beside the records of the gateways. An object that is there already is not written again. */
function recorder({ region, records }: EnclaveHostSettings): (receipt: ReceiptRecord) => Promise<void> {
  const s3 = new S3Client({ region });
  return async (receipt) => {
    const day = receipt.time.slice(0, 10).replaceAll('-', '/');
    const command = new PutObjectCommand({
      Bucket: records.bucket,
      Key: `${records.prefix}receipts/${day}/${receipt.requestId}.json`,
      Body: JSON.stringify(receipt),
      ContentType: 'application/json',
      IfNoneMatch: '*',
    });
    await s3.send(command, { abortSignal: AbortSignal.timeout(5_000) });
  };
}

async function reporter({ region, logGroup }: EnclaveHostSettings, instanceId: string) {
  const logs = new CloudWatchLogsClient({ region });
  const stream = { logGroupName: logGroup, logStreamName: instanceId };
  await logs.send(new CreateLogStreamCommand(stream)).catch((error: Error) => {
    if (error.name !== 'ResourceAlreadyExistsException') {
      throw error;
    }
  });
  return async (line: MetricLine) => {
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [line] }));
  };
}

async function watchdog(settings: EnclaveHostSettings): Promise<void> {
  await new Watchdog(settings, {
    run,
    proved: async () => {
      const answer = await fetch(`http://127.0.0.1:${settings.port}/proved`).catch(() => undefined);
      return answer?.ok ?? false;
    },
    starts: { read: startsOf, write: (times) => fs.writeFileSync(STARTS, JSON.stringify(times)) },
    wait: async (milliseconds) => {
      await wait(milliseconds);
    },
    now: Date.now,
    log,
  }).guard();
}

function startsOf(): number[] {
  return fs.existsSync(STARTS) ? JSON.parse(fs.readFileSync(STARTS, 'utf8')) : [];
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
