import { CfnResource, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApprovedModel } from '../../../constructs';
import { nagErrors } from '../../support/nag';
import { ENV } from '../dataset-vault/simulate';
import { registryIn } from './registry';

function approvedModel() {
  const { app, registry, stack: data } = registryIn();
  const stack = new Stack(app, 'Inference', { env: ENV });
  return { app, data, stack, model: new ApprovedModel(stack, 'Approved', { registry }) };
}

const { app, data, stack, model } = approvedModel();
const template = Template.fromStack(stack);
const [[parameter]] = Object.entries(template.findParameters('*', { Type: 'AWS::SSM::Parameter::Value<String>' }));
const [[condition]] = Object.entries(template.findConditions('*'));

test('the package is what the registry names when the stack is deployed', () => {
  template.hasParameter(parameter, { Default: '/palisade/dev/credit-scoring/approved-model-package' });
  expect(stack.resolve(model.packageArn)).toEqual({ Ref: parameter });
});

test('nothing that needs a model is made while there is none', () => {
  template.hasCondition(condition, { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: parameter }, 'none'] }] });
  template.hasResource('Custom::VerifiedModelPackage', { Condition: condition });
  const conditional = Object.values(template.toJSON().Resources as Record<string, { Condition?: string }>);
  expect(conditional.filter(({ Condition }) => Condition)).toHaveLength(1);
});

test('a changed package is verified, by a function that may already', () => {
  template.hasResource('Custom::VerifiedModelPackage', {
    Properties: { PackageArn: { Ref: parameter }, ServiceTimeout: '300' },
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ApprovedVerifierRolePermissions')]),
  });
});

test('what depends on the verification waits for it', () => {
  const own = approvedModel();
  const waiting = new CfnResource(own.stack, 'Model', { type: 'AWS::SageMaker::Model' });
  waiting.node.addDependency(own.model.verified);
  Template.fromStack(own.stack).hasResource('AWS::SageMaker::Model', {
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ApprovedVerification')]),
  });
});

test('the registry is deployed first', () => {
  expect(stack.dependencies).toContain(data);
});

test('the function verifies and cannot sign', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        ACCOUNT: ENV.account,
        BUCKET: Match.anyValue(),
        GROUP: 'dev-credit-scoring',
        SEAL_KEY: Match.anyValue(),
      },
    },
  });
  const policies = JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy'));
  expect(policies).toContain('kms:Verify');
  expect(policies).not.toContain('kms:Sign');
});

test('in the stack of its registry it could not be deployed', () => {
  const own = registryIn();
  expect(() => new ApprovedModel(own.stack, 'Approved', { registry: own.registry })).toThrow(
    expect.objectContaining({ code: 'PALISADE-R003' }),
  );
});

test('cdk-nag finds names that come later, and the missing network', () => {
  const bucket = 'Data:ExportsOutputFnGetAttRegistryModels63FD1888Arn0982B7A4';
  const packages = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/dev-credit-scoring/*';
  const resources = [`${bucket}/*/model.tar.gz`, `${bucket}/approvals/*`, packages];
  expect(nagErrors(app).filter((finding) => finding.includes(' Inference/'))).toEqual([
    'AwsSolutions-IAM5[Resource::*] Inference/WorkloadBoundary/Resource',
    ...resources.map(
      (name) => `AwsSolutions-IAM5[Resource::${name}] Inference/Approved/VerifierRole/Permissions/Resource`,
    ),
    'NIST.800.53.R5-LambdaInsideVPC Inference/Approved/Verifier/Resource',
  ]);
});
