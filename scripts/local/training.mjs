// From a delivered dataset to a registered model, through the pipeline as it was deployed; and what must not get through it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ListModelPackagesCommand } from '@aws-sdk/client-sagemaker';
import { loanBook } from './datasets.mjs';
import { ACCOUNT } from './environment.mjs';
import { invoke } from './invoke.mjs';
import { tarball } from './tarball.mjs';
import { runPipeline } from './training-pipeline.mjs';

const DATASET = { name: 'loan-performance', version: '2026-10' };
const POISONED = { ...DATASET, version: '2026-11' };
const METRICS = { auc: 0.81, demographic_parity_difference: 0.04 };
/** The frame of a model that XGBoost saves as JSON. */
const BOOSTER = JSON.stringify({ learner: { gradient_booster: { name: 'gbtree' } }, version: [1, 7, 6] });
/** A global and a call: what a pickle that runs code starts with. Nothing ever loads it. */
const PICKLE = Buffer.from("\x80\x04cos\nsystem\n(S'true'\ntR.", 'latin1');

/** Delivers loans to quarantine and seals them. */
export async function sealDataset(aws, deployment, say) {
  const csv = loanBook(60_000);
  const seal = await deliver(aws, deployment, DATASET, csv);
  assert.equal(seal.objects, 1);
  say(
    `delivered ${(csv.length / 2 ** 20).toFixed(1)} MB of loans, and sealed them: root ${seal.manifestRoot.slice(0, 16)}`,
  );
}

/** A sealed object cannot be changed through the bucket's policy, which moto does not enforce: here one row more is in it. */
export async function refusePoisonedDataset(aws, deployment, say) {
  const { prefix } = await deliver(aws, deployment, POISONED, loanBook(60_000));
  await put(aws, vaultOf(deployment), `${prefix}loans.csv`, loanBook(60_001));
  const { end, entered, found } = await train(aws, deployment, { dataset: POISONED, requestedBy: 'poisoner' });
  assert.equal(end, 'SealRejected');
  assert.equal(found.seal.Error, 'DatasetNotSealed', JSON.stringify(found.seal));
  assert.ok(!entered.includes('Train'), entered.join(' '));
  say(`a dataset poisoned after its seal: the pipeline ends in ${end}, and nothing was trained on it`);
}

/** A training job that leaves a pickle under a harmless name. */
export async function refuseMaliciousModel(aws, deployment, group, say) {
  const job = { dataset: DATASET, requestedBy: 'attacker', artifact: { 'model.json': PICKLE } };
  const { end, entered, found } = await train(aws, deployment, job);
  assert.equal(end, 'ArtifactRejected');
  assert.equal(found.scan.verdict, 'unsafe', JSON.stringify(found.scan));
  assert.ok(entered.includes('Train') && !entered.includes('Register'), entered.join(' '));
  assert.deepEqual(await packagesIn(aws, group), []);
  say(`a model that is a pickle under another name: the pipeline ends in ${end}, and the registry is empty`);
}

/** A training run as it should be. Resolves to the ARN of the model package. */
export async function registerModel(aws, deployment, requestedBy, say) {
  const { end, entered, found } = await train(aws, deployment, { dataset: DATASET, requestedBy });
  assert.equal(end, 'PendingApproval', JSON.stringify(found));
  const { modelPackageArn } = found.registration;
  say(`${entered.filter((state) => !state.endsWith('Decision')).join(', ')}: ${modelPackageArn.split(':').at(-1)}`);
  return modelPackageArn;
}

/** Puts artifact and metrics where a training job leaves them. The gates and the registration are the deployed ones. */
function train(aws, deployment, { dataset, requestedBy, artifact = { 'xgboost-model': BOOSTER } }) {
  const name = `local-${createHash('sha256').update(requestedBy).digest('hex').slice(0, 12)}`;
  const runs = deployment.id('credit-scoring-training/Training/Runs/Resource');
  const input = {
    dataset,
    commit: createHash('sha1').update('local').digest('hex'),
    seeds: { train: 7 },
    hyperparameters: { max_depth: '5' },
    requestedBy,
  };
  return runPipeline(aws.environment, deployment, input, async () => {
    const key = `runs/${name}/output/model.tar.gz`;
    await put(aws, runs, key, tarball(artifact));
    await put(aws, runs, `runs/${name}/output/output.tar.gz`, tarball({ 'evaluation.json': JSON.stringify(METRICS) }));
    const arn = `arn:aws:sagemaker:${aws.environment.AWS_REGION}:${ACCOUNT}:training-job/${name}`;
    return { name, arn, artifact: `s3://${runs}/${key}` };
  });
}

async function deliver(aws, deployment, { name, version }, csv) {
  await put(aws, vaultOf(deployment), `quarantine/${name}/${version}/loans.csv`, csv);
  const seal = deployment.id('credit-scoring-data/Vault/Seal/Resource');
  return invoke(aws.environment, deployment, seal, { dataset: name, version });
}

function vaultOf(deployment) {
  return deployment.id('credit-scoring-data/Vault/Bucket/Resource');
}

async function packagesIn({ sageMaker }, ModelPackageGroupName) {
  const { ModelPackageSummaryList = [] } = await sageMaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName }),
  );
  return ModelPackageSummaryList;
}

async function put({ s3 }, Bucket, Key, Body) {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm: 'SHA256' }));
}
