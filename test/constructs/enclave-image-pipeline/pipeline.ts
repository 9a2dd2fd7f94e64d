import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { KeyRing, Purpose, PurposeKey, WorkloadRole } from '../../../constructs';
import { EnclaveImagePipeline, type EnclaveImagePipelineProps } from '../../../constructs/enclave-image-pipeline';
import { appWith } from '../audit-trail/app';
import { ENV } from '../dataset-vault/simulate';

export const DIGEST = `sha256:${'ab'.repeat(32)}`;
export const DOCKERFILE = ['ARG REGISTRY', `FROM \${REGISTRY}/node@${DIGEST}`, 'CMD ["node"]', ''].join('\n');

const sources: string[] = [];
afterAll(() => {
  for (const folder of sources.splice(0)) {
    fs.rmSync(folder, { recursive: true });
  }
});

/** A source folder with these files, until the tests of the file are over. */
export function sourceWith(files: Record<string, string> = { Dockerfile: DOCKERFILE }): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'enclave-source-'));
  sources.push(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** A pipeline with what it needs, in one stack. */
export function pipelineIn(
  props: Partial<EnclaveImagePipelineProps> | ((stack: Stack) => Partial<EnclaveImagePipelineProps>) = {},
) {
  const app = appWith();
  const stack = new Stack(app, 'Stack', { env: ENV });
  const keys = new KeyRing(stack, 'Keys', {
    system: 'clinical-notes',
    stage: 'prod',
    purposes: [Purpose.MODEL, Purpose.LOGS],
  });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  const securityGroup = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
  const pipeline = new EnclaveImagePipeline(stack, 'Pipeline', {
    keys,
    source: sourceWith(),
    builder: { repository: ecr.Repository.fromRepositoryName(stack, 'Builder', 'enclave-builder'), digest: DIGEST },
    baseImages: [ecr.Repository.fromRepositoryName(stack, 'Node', 'node')],
    network: { vpc, securityGroup },
    alarmTopic: sns.Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:eu-west-1:${ENV.account}:alarms`),
    ...(typeof props === 'function' ? props(stack) : props),
  });
  return { app, stack, keys, pipeline };
}

/** A role without permissions. */
export function roleIn(stack: Stack, id: string): WorkloadRole {
  return new WorkloadRole(stack, id, { assumedBy: new iam.AccountRootPrincipal(), description: 'Test' });
}

/** A key that signs images. */
export function signingKey(stack: Stack): PurposeKey {
  return new PurposeKey(stack, 'Signing', {
    description: 'Signs enclave images',
    aliasName: 'palisade/prod/clinical-notes/image-signing',
    keySpec: kms.KeySpec.ECC_NIST_P384,
    keyUsage: kms.KeyUsage.SIGN_VERIFY,
  });
}
