import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import * as bedrock from 'aws-cdk-lib/aws-bedrock';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { findingsOf } from '../../lib/evidence/validation-report';
import { buildPlatform } from '../../lib/platform';
import { AS_OF, manifestsWith, PACKAGE, temporaryFolder } from './support';

/** Everything that the packs exist to find, in one stack. */
class Canary extends Stack {
  constructor(scope: Construct) {
    super(scope, 'Canary', { env: { region: 'eu-west-1' } });
    new s3.CfnBucket(this, 'PublicBucket', { versioningConfiguration: { status: 'Sometimes' } });
    new iam.CfnRole(this, 'Admin', {
      assumeRolePolicyDocument: document({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }),
      policies: [{ policyName: 'all', policyDocument: document({ Action: '*', Resource: '*' }) }],
    });
    new ec2.CfnSecurityGroup(this, 'World', {
      groupDescription: 'Open to the world',
      securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' }],
    });
    new ec2.CfnInternetGateway(this, 'Internet');
    new bedrock.CfnGuardrail(this, 'Guardrail', {
      name: 'canary',
      blockedInputMessaging: 'No',
      blockedOutputsMessaging: 'No',
      contentPolicyConfig: { filtersConfig: [{ type: 'HATE', inputStrength: 'HIGH', outputStrength: 'HIGH' }] },
    });
    new kms.CfnKey(this, 'Key', {
      keyPolicy: document({
        Action: 'kms:*',
        Resource: '*',
        Principal: { AWS: `arn:${this.partition}:iam::${this.account}:root` },
      }),
    });
    new sagemaker.CfnModel(this, 'Model', { primaryContainer: { image: 'model' } });
    new sagemaker.CfnEndpointConfig(this, 'Endpoint', { productionVariants: [] });
    Validations.of(this.node.findChild('World')).acknowledge({
      id: 'AwsSolutions::AwsSolutions-EC23',
      reason: 'in code',
    });
  }
}

function document(statement: object): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}

/** A platform as `palisade synth` builds it, without AI systems, so that its own checks are the ones under test. */
function canaryFindings(): string[] {
  const folder = manifestsWith({ 'exceptions.yaml': () => 'exceptions: []\n' });
  fs.rmSync(path.join(folder, 'systems'), { recursive: true });
  fs.mkdirSync(path.join(folder, 'systems'));
  const { context } = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'cdk.json'), 'utf8'));
  const outdir = temporaryFolder();
  const app = new App({ outdir, context: { ...context, '@aws-cdk/core:failSynthOnValidationErrors': false } });
  buildPlatform(app, {
    manifestFolder: folder,
    enclaveFolder: path.join(PACKAGE, 'enclave'),
    stage: 'dev',
    asOf: AS_OF,
  });
  new Canary(app);
  process.env.CDK_VALIDATION = 'true';
  app.synth();
  const report = JSON.parse(fs.readFileSync(path.join(outdir, 'validation-report.json'), 'utf8'));
  return findingsOf(report)
    .filter(({ constructPath }) => constructPath.startsWith('Canary'))
    .map(({ severity, pack, rule, constructPath }) => `${severity} ${pack} ${rule} ${constructPath}`)
    .filter((finding, index, all) => all.indexOf(finding) === index);
}

/** All that the packs of others find in the stack: one that is switched off takes its lines with it. */
const PLANTED = [
  'error AwsSolutions AwsSolutions-EC23 Canary/World',
  'error AwsSolutions AwsSolutions-IAM5[Action::*] Canary/Admin',
  'error AwsSolutions AwsSolutions-IAM5[Resource::*] Canary/Admin',
  'error AwsSolutions AwsSolutions-KMS5 Canary/Key',
  'error AwsSolutions AwsSolutions-S1 Canary/PublicBucket',
  'error AwsSolutions AwsSolutions-S10 Canary/PublicBucket',
  'error CloudFormation Validate F3032 Canary/Endpoint',
  'error NIST.800.53.R5 NIST.800.53.R5-EC2RestrictedSSH Canary/World',
  'error NIST.800.53.R5 NIST.800.53.R5-IAMNoInlinePolicy Canary/Admin',
  'error NIST.800.53.R5 NIST.800.53.R5-KMSBackingKeyRotationEnabled Canary/Key',
  'error NIST.800.53.R5 NIST.800.53.R5-S3BucketLoggingEnabled Canary/PublicBucket',
  'error NIST.800.53.R5 NIST.800.53.R5-S3BucketPublicReadProhibited Canary/PublicBucket',
  'error NIST.800.53.R5 NIST.800.53.R5-S3BucketPublicWriteProhibited Canary/PublicBucket',
  'error NIST.800.53.R5 NIST.800.53.R5-S3BucketReplicationEnabled Canary/PublicBucket',
  'error NIST.800.53.R5 NIST.800.53.R5-S3BucketSSLRequestsOnly Canary/PublicBucket',
  'error NIST.800.53.R5 NIST.800.53.R5-S3DefaultEncryptionKMS Canary/PublicBucket',
  'error NIST.800.53.R5 NIST.800.53.R5-SageMakerEndpointConfigurationKMSKeyConfigured Canary/Endpoint',
  'fatal ExceptionRegister ExceptionUnregistered Canary/World',
  'warning CloudFormation Validate W2508 Canary/World',
  'warning CloudFormation Validate W3030 Canary/PublicBucket',
];

/** What the own pack finds at least. It grows by rules that each carry their own proof, so more is no surprise. */
const PLANTED_FOR_ISO42001 = [
  'BedrockGuardrailCmk Canary/Guardrail',
  'BedrockGuardrailPromptAttack Canary/Guardrail',
  'IamNoAdminWildcards Canary/Admin',
  'IamPermissionsBoundary Canary/Admin',
  'KmsRotation Canary/Key',
  'NetworkNoInternetPath Canary/Internet',
  'NetworkSecurityGroupEgress Canary/World',
  'NetworkSecurityGroupIngress Canary/World',
  'S3CmkEncryption Canary/PublicBucket',
  'S3PublicAccessBlocked Canary/PublicBucket',
  'S3TlsOnly Canary/PublicBucket',
  'SageMakerModelNetworkIsolation Canary/Model',
].map((finding) => `error ISO42001 ISO42001-${finding}`);

test('every pack that the platform registers finds what was planted for it', () => {
  const findings = canaryFindings();
  expect(findings.filter((finding) => !finding.includes(' ISO42001 ')).sort()).toEqual(PLANTED);
  expect(PLANTED_FOR_ISO42001.filter((finding) => !findings.includes(finding))).toEqual([]);
}, 60_000);
