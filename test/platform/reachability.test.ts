import { DYNAMODB_PREFIX_LISTS } from '../../constructs/isolated-network/prefix-lists';
import { type Edge, reachability, type Template, type TemplateGraph } from '../../lib/analysis';
import { withAdded } from '../support/mutations';
import { manifestsWith, synthesize } from './support';

/** The declared edges: by the end of a stack's name, the network whose endpoints its members reach on port 443. */
const DECLARED: Readonly<Record<string, string>> = {
  data: 'training-network',
  enclave: 'training-network',
  training: 'training-network',
  inference: 'inference-network',
  ledger: 'training-network',
};

/** Inside one inference stack: the gateway to its enclaves, and the enclaves' hosts to each other. */
const SEALED_PATH: readonly [RegExp, RegExp, string][] = [
  [/\/Inference\/Gateway\/Resource$/, /\/Enclaves\/Balancer\/Balancer\/Resource$/, 'tcp/80'],
  [/\/Enclaves\/Balancer\/Balancer\/Resource$/, /\/Enclaves\/Fleet\/Group$/, 'tcp/8080'],
  [/\/Enclaves\/Fleet\/Group$/, /\/Enclaves\/Fleet\/Group$/, 'tcp/8080'],
];

function isSealedPath({ from, to, port }: Edge): boolean {
  const [source, target] = [from.resource.path, to.resource?.path ?? ''];
  const [stack, other] = [source, target].map((path) => path.split('/').slice(0, 2).join('/'));
  return stack === other && SEALED_PATH.some(([a, b, at]) => a.test(source) && b.test(target) && at === port);
}

/** The functions of the gateways' tier reach DynamoDB, whose gateway endpoint has no network interface but a prefix list. */
function isCounting({ from, to, port }: Edge): boolean {
  return (
    /\/Inference\/Gateway\/Resource$/.test(from.resource.path) &&
    to.kind === 'prefixList' &&
    to.name === DYNAMODB_PREFIX_LISTS['eu-west-1'] &&
    port === 'tcp/443'
  );
}

const { graph, templates } = synthesize();

/** Why an edge is not a declared one; undefined for one that is. */
function undeclared({ from, to, port }: Edge): string | undefined {
  const [stage, stack] = from.resource.path.split('/');
  const network = DECLARED[stack.split('-').at(-1) ?? ''];
  const declared =
    to.kind === 'member' &&
    to.resource?.type === 'AWS::EC2::VPCEndpoint' &&
    to.resource.path.startsWith(`${stage}/${network}/`) &&
    port === 'tcp/443';
  return declared || isSealedPath({ from, to, port } as Edge) || isCounting({ from, to, port } as Edge)
    ? undefined
    : `${from.resource.path} -> ${to.kind} ${to.resource?.path ?? to.name} ${port}`;
}

/** Whatever leads out of a VPC. The platform declares none. */
const WAYS_OUT = [
  'AWS::EC2::EgressOnlyInternetGateway',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::TransitGatewayAttachment',
  'AWS::EC2::TransitGatewayVpcAttachment',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::EC2::VPCPeeringConnection',
];

/** Undeclared edges, and ways out of a VPC even where no rule lets anything take them yet. */
const faultsOf = (judged: TemplateGraph) => [
  ...reachability(judged).flatMap((edge) => undeclared(edge) ?? []),
  ...judged.ofType(...WAYS_OUT).map(({ type, path }) => `${path} (${type})`),
];

test('whatever has a network interface reaches the endpoints of its own network on port 443, and nothing else', () => {
  expect(faultsOf(graph)).toEqual([]);
});

test('every function in a VPC, every model and every training job is judged', () => {
  const judged = new Set(reachability(graph).map(({ from }) => from.resource.path));
  const inVpc = graph
    .ofType('AWS::Lambda::Function', 'AWS::SageMaker::Model')
    .filter(({ properties }) => properties.VpcConfig !== undefined)
    .map(({ path }) => path);
  expect(inVpc.length).toBeGreaterThanOrEqual(2 * 9);
  expect(inVpc.filter((path) => !judged.has(path))).toEqual([]);
  expect([...judged].filter((path) => path.endsWith('Pipeline/StateMachine'))).toHaveLength(3);
});

test('monitoring jobs, where a manifest asks for them, reach the endpoints of their own network on port 443, and nothing else', () => {
  const folder = manifestsWith({
    'systems/credit-scoring.yaml': (text) => text.replace('# monitoring:', 'monitoring:'),
  });
  const monitored = synthesize(folder, 'prod').graph;
  const definitions = monitored.resources.filter(({ type }) => /^AWS::SageMaker::\w+JobDefinition$/.test(type));
  expect(definitions).toHaveLength(4);
  const reached = reachability(monitored).filter(({ from }) => definitions.includes(from.resource));
  expect(new Set(reached.map(({ from }) => from.resource.path)).size).toBe(4);
  expect(new Set(reached.flatMap(({ from }) => from.securityGroups)).size).toBe(1);
  const [group] = reached[0].from.securityGroups;
  const sharing = reachability(monitored).filter(({ from }) => from.securityGroups.includes(group));
  expect(sharing).toHaveLength(reached.length);
  expect(reached.flatMap((edge) => undeclared(edge) ?? [])).toEqual([]);
  expect(reached.map(({ to }) => to.resource?.path ?? '')).toEqual(
    expect.arrayContaining(
      ['s3', 'sagemaker.api', 'sagemaker.runtime'].map((service) => expect.stringContaining(service)),
    ),
  );
});

test('no edge crosses stages, nor training and inference', () => {
  const crossing = reachability(graph).filter((edge) => {
    const { from, to } = edge;
    const [stage, stack] = from.resource.path.split('/');
    const [otherStage, otherStack] = (to.resource?.path ?? '').split('/');
    const infers = (name = '') => name.endsWith('-inference') || name === 'inference-network';
    return !isCounting(edge) && (stage !== otherStage || infers(stack) !== infers(otherStack));
  });
  expect(crossing.map(({ from, to }) => `${from.resource.path} -> ${to.name}`)).toEqual([]);
});

describe('the proof fails when', () => {
  const inTraining = (end: string) => {
    const [resource] = graph.atPath(`dev/training-network/Network/${end}`);
    return resource.logicalId;
  };
  const tier = { 'Fn::GetAtt': [inTraining('Tiermodels'), 'GroupId'] };
  const [table] = graph.ofType('AWS::EC2::RouteTable').filter(({ path }) => path.startsWith('dev/training-network/'));
  const faultsWith = (resources: NonNullable<Template['Resources']>) =>
    faultsOf(withAdded(templates, 'dev-training-network', resources));

  const open = {
    Type: 'AWS::EC2::SecurityGroupEgress',
    Properties: { GroupId: tier, IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
  };
  const out = {
    Type: 'AWS::EC2::Route',
    Properties: { RouteTableId: { Ref: table.logicalId }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
  };

  test('a rule opens a tier to any address', () => {
    const faults = faultsWith({ open });
    expect(faults).toContainEqual(
      expect.stringMatching(/^dev\/credit-scoring-training\/.* -> cidr 0\.0\.0\.0\/0 all$/),
    );
  });

  test('a route leads out, though no rule lets traffic take it', () => {
    expect(faultsWith({ out })).toEqual([expect.stringContaining('(AWS::EC2::Route)')]);
  });

  test('a rule and a route lead to the internet', () => {
    const faults = faultsWith({ open, out });
    expect(faults).toContainEqual(expect.stringMatching(/^dev\/credit-scoring-training\/.* -> internet /));
  });

  test('a rule lets one tier into another', () => {
    const operations = { 'Fn::GetAtt': [inTraining('Tieroperations'), 'GroupId'] };
    const both = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
    const faults = faultsWith({
      egress: {
        Type: 'AWS::EC2::SecurityGroupEgress',
        Properties: { ...both, GroupId: operations, DestinationSecurityGroupId: tier },
      },
      ingress: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { ...both, GroupId: tier, SourceSecurityGroupId: operations },
      },
    });
    expect(faults).toContainEqual(expect.stringMatching(/ -> member dev\/credit-scoring-training\/.* tcp\/22$/));
  });

  test('a function is in no network of the platform', () => {
    const faults = faultsWith({
      stray: {
        Type: 'AWS::Lambda::Function',
        Properties: { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
      },
    });
    expect(faults).toContainEqual(expect.stringContaining('-> unknown'));
  });
});
