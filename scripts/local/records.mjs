// What is kept of the mixed requests: who, when and what was decided lies open and names nobody; what was said lies encrypted, and one role opens it.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { accessOf } from './access.mjs';
import { ACCOUNT, clientSettings } from './environment.mjs';

const SYSTEM = 'support-assistant';
const READERS = 16;
/** HMAC-SHA-384 in base64url. */
const PSEUDONYM = /^[\w-]{64}$/;

/** Proves it for the requests that were served. */
export async function proveRecords(environment, deployment, outcomes, say) {
  const served = outcomes.filter(({ code }) => code === undefined);
  const bodies = await bodiesOf(environment, deployment, served);
  for (const outcome of served) {
    nothingOpen(outcome, outcome.recordText);
    nothingOpen(outcome, bodies.get(outcome.requestId));
    assert.match(outcome.record.caller, PSEUDONYM);
    assert.equal(outcome.record.bodiesSha256, sha256(bodies.get(outcome.requestId)), outcome.requestId);
  }
  onePseudonymEach(served);
  say(`records of ${served.length} served requests: no text and no name in them, texts encrypted`);
  const breakGlass = deployment.resource('break-glass/Role/Resource');
  await onlyBreakGlassOpens(deployment, breakGlass, say);
  await openAsBreakGlass(
    environment,
    deployment,
    breakGlass,
    served.find(({ gateway }) => gateway === SYSTEM),
    say,
  );
}

/** What was said, what came back, and who said it. */
function nothingOpen({ requestId, caller, said, answer }, stored) {
  const [role, session] = caller.split('/').slice(-2);
  const open = [...said, answer, caller, role, session].filter((text) => text?.length > 3 && stored.includes(text));
  assert.deepEqual(open, [], `${requestId} lies open`);
}

/** The same caller has the same one in one AI system, and another in every other: nobody else has it. */
function onePseudonymEach(served) {
  const callers = new Set(served.map(({ gateway, caller }) => `${gateway} ${caller}`));
  const pairs = new Set(served.map(({ gateway, caller, record }) => `${gateway} ${caller} ${record.caller}`));
  const pseudonyms = new Set(served.map(({ record }) => record.caller));
  assert.deepEqual([pairs.size, pseudonyms.size], [callers.size, callers.size]);
}

async function bodiesOf(environment, deployment, outcomes) {
  const s3 = new S3Client({ ...clientSettings(environment), forcePathStyle: true });
  const found = new Map();
  const waiting = [...outcomes];
  const read = async () => {
    for (let outcome = waiting.shift(); outcome; outcome = waiting.shift()) {
      const { Body } = await s3.send(new GetObjectCommand(placeOf(deployment, outcome)));
      found.set(outcome.requestId, await Body.transformToString());
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return found;
}

function placeOf(deployment, { gateway, record, requestId }) {
  const hour = record.time.slice(0, 'yyyy-mm-ddThh'.length).replaceAll(/[-T]/g, '/');
  return {
    Bucket: deployment.id(`${gateway}-inference/Inference/Bodies/Bucket/Resource`),
    Key: `bodies/${gateway}/${hour}/${requestId}.json`,
  };
}

/** Whoever breaks the glass of one system opens nothing of another, and an administrator opens nothing. */
async function onlyBreakGlassOpens(deployment, breakGlass, say) {
  const { roles, whoMay } = await accessOf(deployment.assembly);
  const decrypt = (system, named = system) =>
    whoMay({
      action: 'kms:Decrypt',
      resource: `${system}-inference/Inference/Bodies/Key`,
      context: { 'kms:EncryptionContext:system': named, 'kms:EncryptionContext:purpose': 'inference-record' },
    });
  const role = breakGlass.construct.replace('/Resource', '');
  assert.deepEqual(await decrypt(SYSTEM), [role]);
  assert.deepEqual(await decrypt(SYSTEM, 'credit-scoring'), []);
  assert.deepEqual(await decrypt('credit-scoring'), []);
  say(
    `of ${roles.length} roles and an administrator, by the policies deployed, ${role} alone opens texts of ${SYSTEM}, and nobody those of credit-scoring`,
  );
}

/** As a person does it. moto hands out the role's keys and checks no policy: that only this role may, the evaluation says. */
async function openAsBreakGlass(environment, deployment, breakGlass, outcome, say) {
  if (spawnSync('aws', ['--version'], { stdio: 'ignore' }).status !== 0) {
    say('skipped: palisade record show needs the AWS CLI, which is not installed');
    return;
  }
  const sts = new STSClient(clientSettings(environment));
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${breakGlass.id}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'inquiry-17' }));
  const { Bucket, Key } = placeOf(deployment, outcome);
  const show = ['dist/bin/palisade.js', 'record', 'show', '--bucket', Bucket, '--key', Key];
  const { stdout } = await promisify(execFile)(process.execPath, show, {
    env: {
      ...environment,
      AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials.SessionToken,
    },
  });
  assert.equal(JSON.parse(stdout).request, outcome.body);
  say(`palisade record show opens ${outcome.requestId} as that role`);
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
