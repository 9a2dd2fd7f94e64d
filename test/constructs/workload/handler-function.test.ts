import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HandlerFunction, KeyRing, Purpose, packageRoot } from '../../../constructs';
import { nagErrors } from '../../support/nag';

const BUNDLE = path.join(packageRoot(), 'dist', 'lambda', 'inference-gateway');

function functionIn(stack: Stack, inVpc: boolean) {
  const keys = new KeyRing(stack, 'Keys', { system: 'credit-scoring', stage: 'dev', purposes: [Purpose.LOGS] });
  const vpc = inVpc
    ? new ec2.Vpc(stack, 'Vpc', {
        natGateways: 0,
        subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
        restrictDefaultSecurityGroup: false,
      })
    : undefined;
  return new HandlerFunction(stack, 'Function', {
    handler: 'inference-gateway',
    description: 'Test',
    encryptionKey: keys.key(Purpose.LOGS),
    network: vpc && {
      vpc,
      securityGroup: new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false, description: 'Test' }),
    },
  });
}

test('the bundle that the package ships is there', () => {
  expect(fs.existsSync(path.join(BUNDLE, 'index.js'))).toBe(true);
});

test('environment, log and dead letters use the key, concurrency is bounded, the role has a boundary', () => {
  const stack = new Stack();
  functionIn(stack, true);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    KmsKeyArn: Match.anyValue(),
    ReservedConcurrentExecutions: 5,
    DeadLetterConfig: { TargetArn: Match.anyValue() },
    VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: Match.anyValue() },
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue(), RetentionInDays: 180 });
  template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: Match.anyValue() });
  template.resourceCountIs('AWS::IAM::Policy', 0);
});

test('the key policy lets Logs and the deploying Lambda service in, and nothing without a condition', () => {
  const stack = new Stack();
  functionIn(stack, false);
  const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
  const sids = key.Properties.KeyPolicy.Statement.map((statement: { Sid: string }) => statement.Sid);
  expect(sids).toEqual(expect.arrayContaining(['CloudWatchLogs', 'ProvisionLambda', 'ProvisionGrantsLambda']));
});

test('cdk-nag finds only the wildcard resource of a boundary and of network interfaces', () => {
  const app = new App();
  functionIn(new Stack(app, 'Stack'), true);
  expect(nagErrors(app).filter((finding) => !finding.includes('VPC'))).toEqual([
    'AwsSolutions-IAM5[Resource::*] Stack/NetworkInterfaces/Resource',
    'AwsSolutions-IAM5[Resource::*] Stack/WorkloadBoundary/Resource',
  ]);
});
