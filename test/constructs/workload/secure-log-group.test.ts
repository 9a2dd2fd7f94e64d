import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SecureLogGroup } from '../../../constructs/workload';

function logGroup(removalPolicy?: RemovalPolicy) {
  const stack = new Stack();
  new SecureLogGroup(stack, 'Log', { encryptionKey: new kms.Key(stack, 'Key'), removalPolicy });
  return Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'))[0];
}

test.each([undefined, RemovalPolicy.RETAIN])('is retained and protected, for %p', (removalPolicy) => {
  expect(logGroup(removalPolicy)).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { DeletionProtectionEnabled: true, KmsKeyId: expect.anything(), RetentionInDays: 180 },
  });
});

test('lifts the protection when it may go with its stack, or its deletion would fail', () => {
  expect(logGroup(RemovalPolicy.DESTROY)).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: { DeletionProtectionEnabled: false },
  });
});
