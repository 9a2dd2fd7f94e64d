// Works the deployed platform as its users and its attackers do, from a dataset to a rollback. Each step throws when it does not hold; some
// steps hold only when something is refused.
import assert from 'node:assert/strict';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateModelPackageGroupCommand, SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { proveRollback } from './drift.mjs';
import { clientSettings } from './environment.mjs';
import { invoke } from './invoke.mjs';
import { proveLedger } from './ledger.mjs';
import { mixedRequests } from './mixed-requests.mjs';
import { proveRecords } from './records.mjs';
import { refuseMaliciousModel, refusePoisonedDataset, registerModel, sealDataset } from './training.mjs';

const LOAN = '12000,36,54000,41,12';
/** Who changes model packages here: local_aws.py says so. */
const APPROVER = 'arn:aws:sts::123456789012:assumed-role/AiApprover/ai.approval@example.com';
const REQUESTER = 'arn:aws:sts::123456789012:assumed-role/DataScientist/sam@example.com';
const ANOTHER_REQUESTER = 'arn:aws:sts::123456789012:assumed-role/DataScientist/kim@example.com';

export async function workPlatform(environment, deployment, { say, redeploy, setFlag, events, workspace }) {
  const aws = {
    environment,
    s3: new S3Client({ ...clientSettings(environment), forcePathStyle: true }),
    sageMaker: new SageMakerClient(clientSettings(environment)),
    ssm: new SSMClient(clientSettings(environment)),
  };
  // moto's CloudFormation does not know this type; its SageMaker does.
  const ModelPackageGroupName = 'dev-credit-scoring';
  await aws.sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));

  await sealDataset(aws, deployment, say);
  await refusePoisonedDataset(aws, deployment, say);
  await refuseMaliciousModel(aws, deployment, ModelPackageGroupName, say);

  const early = await askGateway(aws, deployment, { input: LOAN });
  assert.equal(early.code, 'PALISADE-W005');
  say('before approval the gateway answers 503: no model');

  const modelPackageArn = await registerModel(aws, deployment, REQUESTER, say);
  const decision = await approve(aws, deployment, modelPackageArn);
  assert.equal(decision.decision, 'approved', JSON.stringify(decision));
  assert.equal(await approvedPackage(aws), modelPackageArn);
  say('a second person approves: signed, recorded, named as the one to deploy');

  const own = await registerModel(aws, deployment, APPROVER, say);
  const refused = await approve(aws, deployment, own);
  assert.equal(refused.code, 'PALISADE-R102', JSON.stringify(refused));
  assert.equal(await approvedPackage(aws), modelPackageArn);
  say('the requester approves: turned into a rejection');

  const redeployed = await redeploy('dev/credit-scoring-inference');
  const answer = await askGateway(aws, redeployed, { input: LOAN });
  assert.equal(answer.statusCode, 200, JSON.stringify(answer));
  say(`the gateway answers: ${answer.output.trim()}`);

  const outcomes = await mixedRequests(environment, redeployed, say);
  await proveRecords(environment, redeployed, outcomes, say);

  setFlag(true);
  const halted = await askGateway(aws, redeployed, { input: LOAN });
  assert.equal(halted.code, 'PALISADE-W015', JSON.stringify(halted));
  setFlag(false);
  say('somebody sets the flag: the gateway answers 503');

  const second = await registerModel(aws, redeployed, ANOTHER_REQUESTER, say);
  assert.equal((await approve(aws, redeployed, second)).decision, 'approved');
  const smoke = { input: LOAN, expected: [Number(answer.output)], tolerance: 0.001 };
  await proveRollback(environment, redeployed, { secondPackage: second, smoke, events, say });
  await proveLedger(environment, redeployed, workspace, say);
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

function call({ environment }, deployment, construct, event) {
  return invoke(environment, deployment, deployment.id(construct), event);
}
