import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Surroundings } from './stacks';

function serving(grant: (inference: ReturnType<Surroundings['serve']>, role: iam.Role) => void = () => {}) {
  const stack = new Surroundings();
  const inference = stack.serve(stack.endpointModel(), { gatewayConcurrency: 7 });
  grant(inference, new iam.Role(stack, 'Operator', { assumedBy: new iam.AccountPrincipal('111122223333') }));
  return Template.fromStack(stack);
}

const GATEWAY = { Ref: Match.stringLikeRegexp('^InferenceGateway') };

const template = serving();

test.each([
  ['dev-scoring-stop', 0],
  ['dev-scoring-resume', 7],
])('the runbook %s sets the concurrency of the gateway to %d', (Name, concurrency) => {
  template.hasResourceProperties('AWS::SSM::Document', {
    Name,
    DocumentType: 'Automation',
    UpdateMethod: 'NewVersion',
    Content: {
      schemaVersion: '0.3',
      assumeRole: { 'Fn::GetAtt': [Match.stringLikeRegexp('^InferenceKillSwitchRole'), 'Arn'] },
      mainSteps: Match.arrayWith([
        Match.objectLike({
          action: 'aws:executeAwsApi',
          inputs: {
            Service: 'lambda',
            Api: 'PutFunctionConcurrency',
            FunctionName: GATEWAY,
            ReservedConcurrentExecutions: concurrency,
          },
        }),
      ]),
    },
  });
});

test.each([
  ['dev-scoring-stop', 'Stopped', ['SetConcurrency', 'SetFlag']],
  ['dev-scoring-resume', 'Running', ['SetFlag', 'SetConcurrency']],
])(
  'the runbook %s deploys the flag that says %s, for copies of the gateway that are no function',
  (Name, version, order) => {
    const [document] = Object.values(template.findResources('AWS::SSM::Document', { Properties: { Name } }));
    const { mainSteps } = document.Properties.Content;
    expect(mainSteps.map(({ name }: { name: string }) => name)).toEqual(order);
    expect(mainSteps.map(({ isEnd }: { isEnd?: boolean }) => isEnd)).toEqual([undefined, true]);
    const { inputs } = mainSteps[order.indexOf('SetFlag')];
    expect(inputs).toMatchObject({
      Service: 'appconfig',
      Api: 'StartDeployment',
      ConfigurationVersion: { Ref: expect.stringMatching(new RegExp(`^InferenceStopFlag${version}`)) },
    });
  },
);

test('a stop that cannot set the flag stops the function all the same, and the other way round', () => {
  const [stop] = Object.values(
    template.findResources('AWS::SSM::Document', { Properties: { Name: 'dev-scoring-stop' } }),
  );
  expect(stop.Properties.Content.mainSteps[0]).toMatchObject({ name: 'SetConcurrency', onFailure: 'Continue' });
});

test('the flag is for everybody at once, and says one of two things', () => {
  template.hasResourceProperties('AWS::AppConfig::DeploymentStrategy', {
    DeploymentDurationInMinutes: 0,
    GrowthFactor: 100,
    FinalBakeTimeInMinutes: 0,
  });
  const versions = Object.values(template.findResources('AWS::AppConfig::HostedConfigurationVersion'));
  expect(versions.map(({ Properties }) => Properties.Content)).toEqual(['{"stopped":false}', '{"stopped":true}']);
  template.hasResourceProperties('AWS::AppConfig::Deployment', {
    ConfigurationVersion: { Ref: Match.stringLikeRegexp('^InferenceStopFlagRunning') },
  });
});

test('a runbook runs only after its role may do its work', () => {
  template.allResources('AWS::SSM::Document', {
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('^InferenceKillSwitchRolePermissions')]),
  });
});

test('the role is for runbooks of this account, and does one thing to one function, and one to one flag', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    PermissionsBoundary: Match.anyValue(),
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'ssm.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111122223333' },
            ArnLike: { 'aws:SourceArn': Match.anyValue() },
          },
        },
      ],
    },
  });
  const [policy] = Object.values(
    template.findResources('AWS::IAM::ManagedPolicy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^InferenceKillSwitchRole') }] },
    }),
  );
  expect(policy.Properties.PolicyDocument.Statement).toMatchObject([
    {
      Effect: 'Allow',
      Action: 'lambda:PutFunctionConcurrency',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^InferenceGateway/), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: 'appconfig:StartDeployment',
      Resource: [expect.anything(), expect.anything(), expect.anything(), expect.anything()],
    },
  ]);
});

test('nobody may start a runbook before it is granted', () => {
  expect(JSON.stringify(template.toJSON())).not.toContain('ssm:StartAutomationExecution');
});

test.each([
  ['stop', serving((inference, role) => inference.grantStop(role)), 'resume'],
  ['resume', serving((inference, role) => inference.killSwitch.grantResume(role)), 'stop'],
])('who may %s starts that runbook, with its role, and not the other one', (mine, granted, other) => {
  const [policy] = Object.values(granted.findResources('AWS::IAM::Policy'));
  const { Statement } = policy.Properties.PolicyDocument;
  const text = JSON.stringify(Statement);
  expect(text).toContain(`automation-definition/dev-scoring-${mine}:*`);
  expect(text).toContain(`document/dev-scoring-${mine}`);
  expect(text).not.toContain(`dev-scoring-${other}`);
  expect(Statement).toContainEqual({
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: { 'Fn::GetAtt': [expect.stringMatching(/^InferenceKillSwitchRole/), 'Arn'] },
    Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
  });
});
