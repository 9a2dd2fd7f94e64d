import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EndpointService, IsolatedNetwork, KeyRing, Purpose, WorkloadRole } from '../../../constructs';
import { accessModel, type TemplateGraph } from '../../../lib/analysis';
import { graphFrom, graphOf } from '../../support/graph';
import { type AccessRequest, evaluate } from '../../support/iam';

/** Keys in one stack; in a later one, a reader that was granted, a bystander that was not, and an IAM administrator. */
function platform(): TemplateGraph {
  const app = new App();
  const keys = new Stack(app, 'Keys');
  const ring = new KeyRing(keys, 'Ring', { system: 'credit-scoring', stage: 'dev', purposes: [Purpose.DATA] });
  const bucket = new s3.Bucket(keys, 'Bucket', { encryptionKey: ring.key(Purpose.DATA), enforceSSL: true });
  const later = new Stack(app, 'Later');
  const roleOf = (id: string) =>
    new WorkloadRole(later, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), description: id });
  bucket.grantRead(roleOf('Reader'));
  const bystander = roleOf('Bystander');
  bystander.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: ['*'] }));
  ring.key(Purpose.DATA).grantWithContext(roleOf('Bound'), { purpose: 'training' }, 'kms:Decrypt');
  const administrator = new iam.Role(new Stack(app, 'Accounts'), 'Administrator', {
    assumedBy: new iam.AccountRootPrincipal(),
  });
  administrator.addToPolicy(new iam.PolicyStatement({ actions: ['kms:*'], resources: ['*'] }));
  return graphOf(app);
}

describe('keys of the ring', () => {
  const graph = platform();
  const decide = (principal: string, action: string, more: Partial<AccessRequest> = {}) =>
    evaluate(graph, { principal, action, resource: 'Ring/Data', ...more });

  test('a role of a later stack that was granted can decrypt', async () => {
    expect(await decide('Reader', 'kms:Decrypt')).toBe('allow');
  });

  test('a grant to read does not let the role encrypt', async () => {
    expect(await decide('Reader', 'kms:Encrypt')).toBe('deny (implicit)');
  });

  test('a role whose own policy allows kms:Decrypt on everything cannot decrypt without the grant', async () => {
    expect(await decide('Bystander', 'kms:Decrypt')).toBe('deny (implicit)');
  });

  test('an IAM administrator with kms:* administers the key and cannot use it', async () => {
    expect(await decide('Administrator', 'kms:PutKeyPolicy')).toBe('allow');
    expect(await decide('Administrator', 'kms:Decrypt')).toBe('deny (implicit)');
    expect(await decide('Administrator', 'kms:GenerateDataKey')).toBe('deny (implicit)');
    expect(await decide('Administrator', 'kms:CreateGrant')).toBe('deny (implicit)');
  });

  test("the same administrator decrypts a key with the CDK's default policy: the denial is the ring's doing", async () => {
    const open = new App();
    const stack = new Stack(open, 'Open');
    new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS });
    const administrator = new iam.Role(stack, 'Administrator', { assumedBy: new iam.AccountRootPrincipal() });
    administrator.addToPolicy(new iam.PolicyStatement({ actions: ['kms:*'], resources: ['*'] }));
    const request = { principal: 'Administrator', action: 'kms:Decrypt', resource: 'Bucket/Key' };
    expect(await evaluate(graphOf(open), request)).toBe('allow');
  });

  test('an encryption context bounds the grant', async () => {
    const context = (purpose: string) => ({ context: { 'kms:EncryptionContext:purpose': purpose } });
    expect(await decide('Bound', 'kms:Decrypt', context('training'))).toBe('allow');
    expect(await decide('Bound', 'kms:Decrypt', context('inference'))).toBe('deny (implicit)');
    expect(await decide('Bound', 'kms:Decrypt')).toBe('deny (implicit)');
  });

  test('the bucket policy denies what is not TLS, whatever the role may', async () => {
    const [bucket] = graph.ofType('AWS::S3::Bucket');
    const read = (secure: string) =>
      evaluate(graph, {
        principal: 'Reader',
        action: 's3:GetObject',
        resource: `${bucket.arn}/key`,
        context: { 'aws:SecureTransport': secure },
      });
    expect(await read('true')).toBe('allow');
    expect(await read('false')).toBe('deny (explicit)');
  });

  test('the boundary caps a role whatever is attached to it', async () => {
    const { principals } = accessModel(graph);
    const reader = principals.find(({ role }) => role.path.includes('Reader'));
    expect(reader?.boundaries.map(({ name }) => name)).toEqual(['Later/WorkloadBoundary/Resource']);
    expect(reader?.unknownPolicies).toEqual([]);
  });
});

test('an endpoint of the network lets nothing out to a bucket of another account, whatever the role may', async () => {
  const app = new App();
  const stack = new Stack(app, 'S', { env: { region: 'eu-west-1' } });
  const encryptionKey = new KeyRing(stack, 'Keys', { system: 'a', stage: 'dev', purposes: [Purpose.LOGS] }).key(
    Purpose.LOGS,
  );
  new IsolatedNetwork(stack, 'Network', { tiers: ['jobs'], services: [EndpointService.S3], encryptionKey });
  const role = new WorkloadRole(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: 'Writes anywhere',
  });
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: ['*'] }));
  const graph = graphOf(app);
  const endpoint = graph.ofType('AWS::EC2::VPCEndpoint')[0].path.replace(/\/Resource$/, '');
  const put = (account: string, through?: string) =>
    evaluate(graph, {
      principal: 'S/Role',
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::bucket/key',
      context: { 'aws:ResourceAccount': account },
      through,
    });
  expect(await put('111122223333', endpoint)).toBe('allow');
  expect(await put('999988887777')).toBe('allow');
  expect(await put('999988887777', endpoint)).toBe('deny (implicit)');
});

describe('collects', () => {
  const allow = (Action: string) => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });

  test('inline, attached and managed policies, and names those it cannot see', () => {
    const { principals } = accessModel(
      graphFrom({
        Resources: {
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              Policies: [{ PolicyName: 'inline', PolicyDocument: allow('a:A') }],
              ManagedPolicyArns: [{ Ref: 'Managed' }, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
              PermissionsBoundary: { 'Fn::ImportValue': 'elsewhere' },
            },
          },
          Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('b:B') } },
          Attached: {
            Type: 'AWS::IAM::Policy',
            Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: allow('c:C') },
          },
          Other: { Type: 'AWS::IAM::Policy', Properties: { Roles: ['somebody'], PolicyDocument: allow('d:D') } },
        },
      }),
    );
    expect(principals[0].identityPolicies.map(({ policy }) => policy.Statement[0].Action)).toEqual([
      'a:A',
      'c:C',
      'b:B',
    ]);
    expect(principals[0].unknownPolicies).toEqual(['arn:aws:iam::aws:policy/ReadOnlyAccess', '<import of elsewhere>']);
  });

  test('every document of a resource as one policy', () => {
    const queuePolicy = (Action: string) => ({
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: allow(Action) },
    });
    const { resources } = accessModel(
      graphFrom({
        Resources: {
          Queue: { Type: 'AWS::SQS::Queue' },
          First: queuePolicy('sqs:SendMessage'),
          Second: queuePolicy('sqs:ReceiveMessage'),
          Function: { Type: 'AWS::Lambda::Function' },
          Permission: {
            Type: 'AWS::Lambda::Permission',
            Properties: {
              FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
              Action: 'lambda:InvokeFunction',
              Principal: 'events.amazonaws.com',
              SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/daily',
            },
          },
        },
      }),
    );
    expect(
      resources.map(({ resource, policy }) => [resource.logicalId, policy.Statement.map(({ Action }) => Action)]),
    ).toEqual([
      ['Queue', ['sqs:SendMessage', 'sqs:ReceiveMessage']],
      ['Function', ['lambda:InvokeFunction']],
    ]);
    expect(resources[1].policy.Statement[0]).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111122223333:rule/daily' } },
    });
  });
});
