import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { KmsSigner } from '../support/kms-signer';
import { recorder } from '../support/ledger-client';
import { packageArnIn, registrySetting, registrySettings } from '../support/registry-settings';
import { AwsApproval } from './aws-approval';
import { type ApprovalDecision, decide } from './decide';

const clients = {
  events: new EventBridgeClient({}),
  s3: new S3Client({}),
  sageMaker: new SageMakerClient({}),
  ssm: new SSMClient({}),
};
const kms = new KMSClient({});
const lambda = new LambdaClient({});

/** The part of EventBridge's "SageMaker Model Package State Change" event that is read here. Not validated. */
interface StateChange {
  readonly detail?: { readonly ModelPackageArn?: unknown };
}

/** Answers a change of a package's status. */
export async function handler(event?: StateChange): Promise<ApprovalDecision> {
  const settings = registrySettings(process.env);
  const { APPROVERS } = process.env;
  const effects = new AwsApproval(clients, {
    ...settings,
    parameter: registrySetting(process.env, 'PARAMETER'),
    signer: new KmsSigner(kms, settings.sealKey),
    record: recorder(lambda),
  });
  const rules = { group: settings.group, approvers: APPROVERS ? JSON.parse(APPROVERS) : undefined };
  return decide(packageArnIn(settings.group, event?.detail?.ModelPackageArn), rules, effects);
}
