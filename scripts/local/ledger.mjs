// The ledger of the stage, as an auditor looks at it: copied to a folder and verified offline, with the public key and nothing else.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from './environment.mjs';
import { invoke } from './invoke.mjs';

/** What the run did before, by kind and outcome. */
const DONE = [
  'seal sealed',
  'approval approved',
  'approval rejected',
  'incident contained',
  'deployment rolled-back',
  'review passed',
  'inference digested',
];
const SYSTEM = 'support-assistant';
const HOUR_MS = 3_600_000;

/** Proves that the copy verifies, that it has the digest of the records of this hour, and that a flipped byte of any entry is found. */
export async function proveLedger(environment, deployment, workspace, say) {
  const folder = path.join(workspace, 'ledger');
  const digest = await digestRecords(environment, deployment, path.join(workspace, 'records'));
  await invoke(environment, deployment, deployment.id('ledger/Ledger/Checkpoint/Resource'), {});
  const key = await copyLedger(environment, deployment, folder);
  const names = readdirSync(path.join(folder, 'entries')).sort();
  const entries = names.map((name) => JSON.parse(readFileSync(path.join(folder, 'entries', name), 'utf8')));
  const { status, report } = verify(folder, key);
  assert.equal(status, 0, JSON.stringify(report));
  assert.deepEqual([report.valid, report.signed, report.covered], [true, true, names.length]);
  const counts = tally(entries);
  assert.deepEqual(
    DONE.filter((event) => !counts.has(event)),
    [],
  );
  const list = [...counts].map(([event, count]) => `${count} ${event}`).join(', ');
  say(`palisade ledger verify: ${names.length} entries (${list}), all under a signed checkpoint`);
  const digested = entries.filter(({ kind, system }) => kind === 'inference' && system === SYSTEM);
  assert.deepEqual(
    digested.map((entry) => entry.digest),
    [digest.digest],
  );
  say(`palisade record digest: ${digest.records} records of this hour are those that the ledger has the digest of`);
  for (const [sequence, name] of names.entries()) {
    findFlippedByte(folder, key, path.join(folder, 'entries', name), sequence);
  }
  say(`one byte flipped in any of ${names.length} entries: verification names that entry`);
}

/** What the deployed function does an hour from now, and the same from a copy of the records. */
async function digestRecords(environment, deployment, folder) {
  const now = Date.now();
  const time = new Date(now + HOUR_MS).toISOString();
  await invoke(environment, deployment, deployment.id(`ledger/Ledger/Digest-${SYSTEM}/Resource`), { time });
  const hour = new Date(now).toISOString().slice(0, 'yyyy-mm-ddThh'.length).replaceAll(/[-T]/g, '/');
  const evidence = deployment.id('foundation/Audit/Evidence/Resource');
  await copy(environment, evidence, `records/${SYSTEM}/${hour}/`, folder);
  return palisade('record', 'digest', path.join(folder, 'records', SYSTEM, ...hour.split('/'))).report;
}

async function copyLedger(environment, deployment, folder) {
  const bucket = deployment.id('ledger/Ledger/Bucket/Resource');
  await copy(environment, bucket, 'head.json', folder);
  await copy(environment, bucket, 'entries/', folder);
  await copy(environment, bucket, 'checkpoints/', folder);
  const KeyId = deployment.id('foundation/Keys/Ledger/Resource');
  const { PublicKey } = await new KMSClient(clientSettings(environment)).send(new GetPublicKeyCommand({ KeyId }));
  const key = path.join(folder, 'ledger.der');
  writeFileSync(key, PublicKey);
  return key;
}

/** As `aws s3 sync` does. */
async function copy(environment, Bucket, Prefix, folder) {
  const s3 = new S3Client({ ...clientSettings(environment), forcePathStyle: true });
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      mkdirSync(path.dirname(path.join(folder, Key)), { recursive: true });
      writeFileSync(path.join(folder, Key), await Body.transformToByteArray());
    }
  }
}

/** Somewhere in the entry, a place that differs from entry to entry; afterwards it is as it was. */
function findFlippedByte(folder, key, file, sequence) {
  const whole = readFileSync(file);
  const altered = Buffer.from(whole);
  altered[(sequence * 37 + 11) % whole.length] ^= 1;
  writeFileSync(file, altered);
  const { status, report } = verify(folder, key);
  writeFileSync(file, whole);
  assert.equal(status, 1);
  assert.equal(report.fault.entry, sequence, JSON.stringify(report));
}

function verify(folder, key) {
  return palisade('ledger', 'verify', folder, '--key', key);
}

function palisade(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/bin/palisade.js', ...args], {
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  return { status, report: JSON.parse(stdout) };
}

function tally(entries) {
  const counts = new Map();
  for (const { kind, outcome } of entries) {
    counts.set(`${kind} ${outcome}`, (counts.get(`${kind} ${outcome}`) ?? 0) + 1);
  }
  return counts;
}
