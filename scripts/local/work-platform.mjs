// Works the deployed platform as its users do: a dataset is delivered, sealed and verified, a model is registered and
// approved by a second person, the gateway answers, and the audit record is read back. Each step throws when it does
// not hold; some steps hold only when something is refused.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateModelPackageGroupCommand, SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { loanBook } from './datasets.mjs';
import { clientSettings } from './environment.mjs';
import { invoke } from './invoke.mjs';
import { mixedRequests } from './mixed-requests.mjs';
import { proveRecords } from './records.mjs';
import { tarball } from './tarball.mjs';

const DATASET = { dataset: 'loan-performance', version: '2026-10' };
const LOAN = '12000,36,54000,41,12';
const METRICS = { auc: 0.81, demographic_parity_difference: 0.04 };
/** The frame of a model that XGBoost saves as JSON. */
const BOOSTER = JSON.stringify({ learner: { gradient_booster: { name: 'gbtree' } }, version: [1, 7, 6] });
/** Who changes model packages here: local_aws.py says so. */
const APPROVER = 'arn:aws:sts::123456789012:assumed-role/AiApprover/ai.approval@example.com';
const REQUESTER = 'arn:aws:sts::123456789012:assumed-role/DataScientist/sam@example.com';

export async function workPlatform(environment, deployment, { say, redeploy, setFlag }) {
  const aws = {
    environment,
    s3: new S3Client({ ...clientSettings(environment), forcePathStyle: true }),
    sageMaker: new SageMakerClient(clientSettings(environment)),
    ssm: new SSMClient(clientSettings(environment)),
  };
  // moto's CloudFormation does not know this type; its SageMaker does.
  const ModelPackageGroupName = 'dev-credit-scoring';
  await aws.sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));

  const sealed = await sealDataset(aws, deployment, say);
  await noticeTampering(aws, deployment, say);
  await refusePickle(aws, deployment, say);

  const early = await askGateway(aws, deployment, { input: LOAN });
  assert.equal(early.code, 'PALISADE-W005');
  say('before approval the gateway answers 503: no model');

  const { modelPackageArn } = await registerModel(aws, deployment, sealed, REQUESTER, say);
  const decision = await approve(aws, deployment, modelPackageArn);
  assert.equal(decision.decision, 'approved', JSON.stringify(decision));
  assert.equal(await approvedPackage(aws), modelPackageArn);
  say('a second person approves: signed, recorded, named as the one to deploy');

  const own = await registerModel(aws, deployment, sealed, APPROVER, say);
  const refused = await approve(aws, deployment, own.modelPackageArn);
  assert.equal(refused.code, 'PALISADE-R102', JSON.stringify(refused));
  assert.equal(await approvedPackage(aws), modelPackageArn);
  say('the requester approves: turned into a rejection');

  const redeployed = await redeploy('dev/credit-scoring-inference');
  const answer = await askGateway(aws, redeployed, { input: LOAN });
  assert.equal(answer.statusCode, 200, JSON.stringify(answer));
  say(`the gateway answers: ${answer.output}`);

  const outcomes = await mixedRequests(environment, redeployed, say);
  await proveRecords(environment, redeployed, outcomes, say);

  setFlag(true);
  const halted = await askGateway(aws, redeployed, { input: LOAN });
  assert.equal(halted.code, 'PALISADE-W015', JSON.stringify(halted));
  setFlag(false);
  say('somebody sets the flag: the gateway answers 503');
}

async function sealDataset(aws, deployment, say) {
  const bucket = deployment.id('credit-scoring-data/Vault/Bucket/Resource');
  const csv = loanBook(60_000);
  await put(aws, bucket, `quarantine/${DATASET.dataset}/${DATASET.version}/loans.csv`, csv);
  say(`delivered ${(csv.length / 2 ** 20).toFixed(1)} MB of loans to quarantine`);

  const seal = await call(aws, deployment, 'credit-scoring-data/Vault/Seal/Resource', DATASET);
  assert.equal(seal.objects, 1);
  say(`sealed: root ${seal.manifestRoot.slice(0, 16)}`);

  const verification = await call(aws, deployment, 'credit-scoring-data/Vault/Verify/Resource', DATASET);
  assert.equal(verification.verified, true);
  assert.equal(verification.manifestRoot, seal.manifestRoot);
  say('the seal verifies');

  const gate = 'credit-scoring-training/Training/Gates/Quality/Resource';
  const quality = await call(aws, deployment, gate, { request: runRequest(), prefix: verification.prefix });
  assert.equal(quality.passed, true, JSON.stringify(quality));
  say(`quality gate: ${quality.rows} rows pass`);
  return verification;
}

/** A sealed object cannot be changed through the bucket's policy; if it were, verification would say so. */
async function noticeTampering(aws, deployment, say) {
  const bucket = deployment.id('credit-scoring-data/Vault/Bucket/Resource');
  const copy = { ...DATASET, version: '2026-11' };
  await put(aws, bucket, `quarantine/${copy.dataset}/${copy.version}/loans.csv`, loanBook(100));
  const { prefix } = await call(aws, deployment, 'credit-scoring-data/Vault/Seal/Resource', copy);
  await put(aws, bucket, `${prefix}loans.csv`, loanBook(101));
  await assert.rejects(call(aws, deployment, 'credit-scoring-data/Vault/Verify/Resource', copy), {
    name: 'DatasetNotSealed',
  });
  say('a changed object is noticed');
}

/**
 * Stands where SageMaker would have trained: puts a run's artifact and metrics where a training job leaves them. The
 * gates and the registration are the deployed ones.
 */
async function registerModel(aws, deployment, sealed, requestedBy, say) {
  const runs = deployment.id('credit-scoring-training/Training/Runs/Resource');
  const name = `local-${createHash('sha256').update(requestedBy).digest('hex').slice(0, 12)}`;
  const key = `runs/${name}/output/model.tar.gz`;
  await put(aws, runs, key, tarball({ 'xgboost-model': BOOSTER }));
  await put(aws, runs, `runs/${name}/output/output.tar.gz`, tarball({ 'evaluation.json': JSON.stringify(METRICS) }));
  const gates = 'credit-scoring-training/Training/Gates';
  const scan = await call(aws, deployment, `${gates}/ArtifactScan/Resource`, { artifact: `s3://${runs}/${key}` });
  assert.equal(scan.passed, true, JSON.stringify(scan));
  const evaluation = await call(aws, deployment, `${gates}/Evaluation/Resource`, { trainingJob: name });
  assert.equal(evaluation.passed, true, JSON.stringify(evaluation));
  const { region } = deployment;
  const registration = await call(aws, deployment, `${gates}/Register/Resource`, {
    request: { ...runRequest(), requestedBy },
    manifestRoot: sealed.manifestRoot,
    trainingJob: { name, arn: `arn:aws:sagemaker:${region}:123456789012:training-job/${name}` },
    scan,
    evaluation,
    execution: 'local',
  });
  say(`scanned, evaluated and registered ${registration.modelPackageArn.split(':').at(-1)}`);
  return registration;
}

async function refusePickle(aws, deployment, say) {
  const runs = deployment.id('credit-scoring-training/Training/Runs/Resource');
  const key = 'runs/local-pickle/output/model.tar.gz';
  // Protocol 4, a global, a call: what a pickle that runs code starts with. Nothing ever loads it.
  await put(aws, runs, key, tarball({ 'model.json': Buffer.from("\x80\x04cos\nsystem\n(S'true'\ntR.", 'latin1') }));
  const gate = 'credit-scoring-training/Training/Gates/ArtifactScan/Resource';
  const scan = await call(aws, deployment, gate, { artifact: `s3://${runs}/${key}` });
  assert.equal(scan.passed, false);
  say(`a pickle under another name is ${scan.verdict}`);
}

/** Sets the status as a person would; EventBridge would then call the function that decides. */
async function approve(aws, deployment, ModelPackageArn) {
  await aws.sageMaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }));
  return call(aws, deployment, 'credit-scoring-data/Registry/Approval/Resource', { detail: { ModelPackageArn } });
}

async function approvedPackage(aws) {
  const Name = '/palisade/dev/credit-scoring/approved-model-package';
  return (await aws.ssm.send(new GetParameterCommand({ Name }))).Parameter.Value;
}

async function askGateway(aws, deployment, input) {
  const { statusCode, body } = await call(aws, deployment, 'credit-scoring-inference/Inference/Gateway/Resource', {
    httpMethod: 'POST',
    path: '/invoke',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(input),
    requestContext: { requestId: 'local-request-1', identity: { userArn: REQUESTER } },
  });
  return { statusCode, ...JSON.parse(body) };
}

function runRequest() {
  return {
    dataset: { name: DATASET.dataset, version: DATASET.version },
    commit: createHash('sha1').update('local').digest('hex'),
    seeds: { train: 7 },
    hyperparameters: { max_depth: '5' },
    requestedBy: REQUESTER,
  };
}

async function put({ s3 }, Bucket, Key, Body) {
  const ChecksumAlgorithm = 'SHA256';
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm }));
}

function call({ environment }, deployment, construct, event) {
  return invoke(environment, deployment, deployment.id(construct), event);
}
