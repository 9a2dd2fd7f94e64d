// A thousand requests of all kinds through the deployed gateways, several at a time. What becomes of each class stands beside its texts
// (request-texts.mjs); a class of which something else becomes fails the run.
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from './environment.mjs';
import { startInstance } from './invoke.mjs';
import { CLASSES, shuffled } from './request-texts.mjs';

/** Instances of each gateway's function, as Lambda would start them. */
const INSTANCES = { 'support-assistant': 3, 'credit-scoring': 1 };
const READERS = 16;
/** Blocked for what was asked or answered, and not for how. */
const BLOCKED = ['PALISADE-W003', 'PALISADE-W004', 'PALISADE-W025'];

/** Sends them and prints the table. Resolves to what was asked and what became of it. */
export async function mixedRequests(environment, deployment, say) {
  const requests = CLASSES.flatMap((kind) => Array.from({ length: kind.count }, () => ({ kind, ...kind.make() })));
  const numbered = requests.map((request, index) => ({
    ...request,
    requestId: `mixed-${String(index).padStart(4, '0')}`,
  }));
  const started = Date.now();
  const mixed = shuffled(numbered.filter(({ kind }) => !kind.burst));
  const outcomes = await sendAll(environment, deployment, [...mixed, ...numbered.filter(({ kind }) => kind.burst)]);
  const seconds = (Date.now() - started) / 1000;
  say(`${outcomes.length} requests answered by the deployed gateways in ${seconds.toFixed(0)} s`);
  await addRecords(environment, deployment, outcomes);
  const tallies = CLASSES.map((kind) =>
    tallyOf(
      kind,
      outcomes.filter((outcome) => outcome.kind === kind),
    ),
  );
  console.log(table(tallies));
  const failed = tallies.filter(({ ok }) => !ok);
  if (failed.length > 0) {
    throw new Error(`not as expected: ${failed.map(({ name }) => name).join(', ')}`);
  }
  return outcomes;
}

/** Each instance takes the next request of its gateway when it has answered one. */
async function sendAll(environment, deployment, requests) {
  const ofGateways = Object.entries(INSTANCES).map(async ([gateway, count]) => {
    const name = deployment.id(`${gateway}-inference/Inference/Gateway/Resource`);
    const waiting = requests.filter((request) => request.gateway === gateway);
    const work = async () => {
      const instance = await startInstance(environment, deployment, name);
      const outcomes = [];
      try {
        for (let request = waiting.shift(); request; request = waiting.shift()) {
          outcomes.push(outcomeOf(request, await instance.invoke(eventOf(request))));
        }
      } finally {
        instance.stop();
      }
      return outcomes;
    };
    return Promise.all(Array.from({ length: count }, work));
  });
  return (await Promise.all(ofGateways)).flat(2);
}

/** As the private API passes it on. */
function eventOf({ path, contentType, body, caller, requestId }) {
  return {
    httpMethod: 'POST',
    path,
    headers: { 'Content-Type': contentType },
    body,
    requestContext: { requestId, identity: { userArn: caller || null } },
  };
}

function outcomeOf(request, { statusCode, headers, body }) {
  const code = headers['x-palisade-code'];
  return {
    ...request,
    statusCode,
    code: code ?? (statusCode === 200 ? undefined : String(statusCode)),
    wanted: request.code,
    answer: body,
  };
}

/** The record of each call that has one. */
async function addRecords(environment, deployment, outcomes) {
  const s3 = new S3Client({ ...clientSettings(environment), forcePathStyle: true });
  const Bucket = deployment.id('foundation/Audit/Evidence/Resource');
  const keys = new Map();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: 'records/' })) {
    for (const { Key } of Contents) {
      keys.set(Key.slice(Key.lastIndexOf('/') + 1, -'.json'.length), Key);
    }
  }
  const waiting = outcomes.filter(({ requestId }) => keys.has(requestId));
  const read = async () => {
    for (let outcome = waiting.shift(); outcome; outcome = waiting.shift()) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: keys.get(outcome.requestId) }));
      outcome.recordText = await Body.transformToString();
      outcome.record = JSON.parse(outcome.recordText);
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
}

function tallyOf(kind, outcomes) {
  const served = outcomes.filter(({ code }) => code === undefined);
  const refused = outcomes.filter(({ code }) => code !== undefined && !BLOCKED.includes(code));
  const tally = {
    name: kind.name,
    expected: kind.expected,
    sent: outcomes.length,
    served: served.length,
    annotated: served.filter(({ record }) => record?.reasons?.some((reason) => reason.includes('@'))).length,
    blocked: outcomes.length - served.length - refused.length,
    refused: refused.length,
    codes: counted(outcomes.flatMap(({ code }) => code ?? [])),
    unlike: outcomes.filter(({ code, wanted }) => code !== wanted).length,
    leaked: outcomes.filter(({ answer, neverAnswered = [] }) => neverAnswered.some((text) => answer.includes(text)))
      .length,
    unrecorded: outcomes.filter(({ record }) => record === undefined).length,
    perMinute: perMinute(outcomes),
  };
  return { ...tally, ok: tally.leaked === 0 && tally.unrecorded === 0 && kind.holds(tally) };
}

/** By the minute in which the gateway took each. */
function perMinute(outcomes) {
  const minutes = {};
  for (const { record, code } of outcomes.filter((outcome) => outcome.record)) {
    const minute = record.time.slice(0, 'yyyy-mm-ddThh:mm'.length);
    minutes[minute] ??= { asked: 0, served: 0 };
    minutes[minute].asked += 1;
    minutes[minute].served += code === undefined ? 1 : 0;
  }
  return Object.values(minutes);
}

function counted(codes) {
  const counts = {};
  for (const code of codes.sort()) {
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

function table(tallies) {
  const codes = (tally) =>
    Object.entries(tally.codes)
      .map(([code, count]) => `${code.slice(-4)} x${count}`)
      .join(' ');
  const rows = tallies.map((tally) => [
    ...[
      tally.name,
      tally.sent,
      tally.served,
      tally.annotated,
      tally.blocked,
      tally.refused,
      codes(tally),
      tally.expected,
    ].map(String),
    tally.ok ? 'yes' : 'NO',
  ]);
  const head = ['class', 'sent', 'served', 'annotated', 'blocked', 'refused', 'codes', 'expected', 'as expected'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [head, ...rows]
    .map(
      (row) =>
        `        ${row
          .map((cell, column) => cell.padEnd(widths[column]))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}
