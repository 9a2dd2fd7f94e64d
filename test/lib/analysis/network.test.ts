import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as fc from 'fast-check';
import { reachability } from '../../../lib/analysis';
import { isPublic, overlaps } from '../../../lib/analysis/address';
import { graphFrom, graphOf } from '../../support/graph';

/** A VPC 10.0.0.0/16 with subnets A and B, and whatever else is given. */
function edges(resources: object): string[] {
  const subnet = (CidrBlock: string) => ({
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock },
  });
  const graph = graphFrom({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      A: subnet('10.0.1.0/24'),
      B: subnet('10.0.2.0/24'),
      ...resources,
    },
  });
  return reachability(graph).map(({ from, to, port }) => `${from.name} -> ${to.kind} ${to.name} ${port}`);
}

const group = (SecurityGroupEgress: object[] | undefined, SecurityGroupIngress: object[] = []) => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { VpcId: { Ref: 'Vpc' }, SecurityGroupEgress, SecurityGroupIngress },
});

const nothing = { IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' };
const tcp = (port: number, other: object) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...other });
const id = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'GroupId'] });

const fn = (groupId: string, subnet = 'A') => ({
  Type: 'AWS::Lambda::Function',
  Properties: { VpcConfig: { SecurityGroupIds: [id(groupId)], SubnetIds: [{ Ref: subnet }] } },
});

const endpoint = (groupId: string) => ({
  Type: 'AWS::EC2::VPCEndpoint',
  Properties: { VpcEndpointType: 'Interface', SecurityGroupIds: [id(groupId)], SubnetIds: [{ Ref: 'B' }] },
});

/** A route table of subnet A with one route. */
const route = (target: object, destination: object = { DestinationCidrBlock: '0.0.0.0/0' }) => ({
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
  Association: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'A' }, RouteTableId: { Ref: 'Table' } },
  },
  Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'Table' }, ...destination, ...target } },
});

describe('within a VPC', () => {
  test('both sides must agree on the port', () => {
    const network = (egress: object, ingress: object) =>
      edges({
        Sender: group([egress]),
        Receiver: group([nothing], [ingress]),
        Function: fn('Sender'),
        Endpoint: endpoint('Receiver'),
      });
    const out = { DestinationSecurityGroupId: id('Receiver') };
    const into = { SourceSecurityGroupId: id('Sender') };
    expect(network(tcp(443, out), tcp(443, into))).toEqual(['Stack/Function -> member Stack/Endpoint tcp/443']);
    expect(network(tcp(443, out), tcp(80, into))).toEqual([]);
    expect(network({ IpProtocol: '-1', ...out }, tcp(443, into))).toEqual([
      'Stack/Function -> member Stack/Endpoint tcp/443',
    ]);
    expect(network({ ...tcp(0, out), ToPort: 1024 }, { IpProtocol: '6', FromPort: 400, ToPort: 500, ...into })).toEqual(
      ['Stack/Function -> member Stack/Endpoint tcp/400-500'],
    );
    expect(network(tcp(443, out), tcp(443, { SourceSecurityGroupId: id('Other') }))).toEqual([]);
    expect(network(tcp(443, out), { IpProtocol: 'udp', FromPort: 443, ToPort: 443, ...into })).toEqual([]);
  });

  test('rules in resources of their own count as those of the group', () => {
    expect(
      edges({
        Sender: group([nothing]),
        Receiver: group([nothing]),
        Egress: {
          Type: 'AWS::EC2::SecurityGroupEgress',
          Properties: { GroupId: id('Sender'), ...tcp(443, { DestinationSecurityGroupId: id('Receiver') }) },
        },
        Ingress: {
          Type: 'AWS::EC2::SecurityGroupIngress',
          Properties: { GroupId: id('Receiver'), ...tcp(443, { SourceSecurityGroupId: id('Sender') }) },
        },
        Function: fn('Sender'),
        Endpoint: endpoint('Receiver'),
      }),
    ).toEqual(['Stack/Function -> member Stack/Endpoint tcp/443']);
  });

  test('an address range reaches the members of the subnets that it covers', () => {
    const network = (CidrIp: string) =>
      edges({
        Sender: group([tcp(443, { CidrIp })]),
        Receiver: group([nothing], [tcp(443, { CidrIp: '10.0.1.0/24' })]),
        Function: fn('Sender'),
        Endpoint: endpoint('Receiver'),
      });
    expect(network('10.0.2.0/24')).toEqual([
      'Stack/Function -> cidr 10.0.2.0/24 tcp/443',
      'Stack/Function -> member Stack/Endpoint tcp/443',
    ]);
    expect(network('10.0.3.0/24')).toEqual(['Stack/Function -> cidr 10.0.3.0/24 tcp/443']);
    expect(network('192.168.0.0/24')).toEqual([]);
  });

  test('the same addresses in another VPC are not reached', () => {
    const resources = {
      Sender: group([tcp(443, { CidrIp: '10.0.2.0/24' })]),
      Receiver: group([nothing], [tcp(443, { CidrIp: '10.0.0.0/16' })]),
      Function: fn('Sender'),
      Endpoint: endpoint('Receiver'),
    };
    const Other = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
    const B = { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Other' }, CidrBlock: '10.0.2.0/24' } };
    const members = (more: object) => edges({ ...resources, ...more }).filter((text) => text.includes('member'));
    expect(members({})).toHaveLength(1);
    expect(members({ Other, B })).toEqual([]);
  });

  test('a prefix list leads somewhere once a gateway endpoint is in the route table', () => {
    const { Route, ...table } = route({});
    const Gateway = {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: { VpcEndpointType: 'Gateway', RouteTableIds: [{ Ref: 'Table' }] },
    };
    const sender = {
      Sender: group([tcp(443, { DestinationPrefixListId: 'pl-s3' })]),
      Function: fn('Sender'),
      ...table,
    };
    expect(edges(sender)).toEqual([]);
    expect(edges({ ...sender, Gateway })).toEqual(['Stack/Function -> prefixList pl-s3 tcp/443']);
  });
});

describe('out of a VPC', () => {
  const open = { Sender: group([tcp(443, { CidrIp: '0.0.0.0/0' })]), Function: fn('Sender') };
  const leaving = (resources: object) => edges(resources).filter((text) => !/-> (cidr|member)/.test(text));

  test.each([
    ['NatGatewayId', 'nat-1', 'internet'],
    ['GatewayId', 'igw-1', 'internet'],
    ['EgressOnlyInternetGatewayId', 'eigw-1', 'internet'],
    ['GatewayId', 'vgw-1', 'network'],
    ['TransitGatewayId', 'tgw-1', 'network'],
    ['VpcPeeringConnectionId', 'pcx-1', 'network'],
    ['NetworkInterfaceId', 'eni-1', 'network'],
  ])('a route through %s %s leads to: %s %s', (property, target, kind) => {
    expect(leaving({ ...open, ...route({ [property]: target }) })).toEqual([
      `Stack/Function -> ${kind} ${property} ${target} tcp/443`,
    ]);
  });

  test('nothing leaves without a route, through the local route, or through a route to elsewhere', () => {
    expect(leaving(open)).toEqual([]);
    expect(leaving({ ...open, ...route({ GatewayId: 'local' }) })).toEqual([]);
    const inside = { Sender: group([tcp(443, { CidrIp: '10.0.0.0/16' })]), Function: fn('Sender') };
    expect(leaving({ ...inside, ...route({ NatGatewayId: 'nat-1' }) })).toEqual([]);
    const elsewhere = { Sender: group([tcp(443, { CidrIp: '198.51.100.0/24' })]), Function: fn('Sender') };
    const peer = route({ VpcPeeringConnectionId: 'pcx-1' }, { DestinationCidrBlock: '10.1.0.0/16' });
    expect(leaving({ ...elsewhere, ...peer })).toEqual([]);
  });

  test('a route of another subnet is not a way', () => {
    expect(leaving({ ...open, ...route({ NatGatewayId: 'nat-1' }), Function: fn('Sender', 'B') })).toEqual([]);
  });

  test('a group without egress rules sends everywhere, as EC2 lets it', () => {
    const silent = { Sender: group(undefined), Function: fn('Sender'), ...route({ NatGatewayId: 'nat-1' }) };
    expect(leaving(silent)).toEqual(['Stack/Function -> internet NatGatewayId nat-1 all']);
  });

  test('a group or a subnet that the assembly does not make proves nothing', () => {
    const VpcConfig = { SecurityGroupIds: ['sg-imported'], SubnetIds: ['subnet-imported'] };
    expect(leaving({ Function: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig } } })).toEqual([
      'Stack/Function -> unknown subnet-imported all',
    ]);
  });

  test('a private NAT gateway leads to another network', () => {
    const Nat = { Type: 'AWS::EC2::NatGateway', Properties: { ConnectivityType: 'private' } };
    expect(leaving({ ...open, Nat, ...route({ NatGatewayId: { Ref: 'Nat' } }) })).toEqual([
      'Stack/Function -> network NatGatewayId stack-nat tcp/443',
    ]);
  });
});

describe('finds members', () => {
  const place = { VpcConfig: { SecurityGroupIds: [id('Sender')], Subnets: [{ Ref: 'A' }] } };
  const names = (resources: object) => [
    ...new Set(
      edges({ Sender: group(undefined), ...route({ NatGatewayId: 'nat-1' }), ...resources })
        .filter((text) => text.includes('internet'))
        .map((text) => text.split(' ')[0]),
    ),
  ];

  test('in models, domains, fleets and jobs of a state machine', () => {
    const definition = (name: string, parameters: object) => ({
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        Definition: {
          States: { [name]: { Resource: 'arn:aws:states:::sagemaker:createTrainingJob', Parameters: parameters } },
        },
      },
    });
    expect(
      names({
        Model: { Type: 'AWS::SageMaker::Model', Properties: place },
        Domain: {
          Type: 'AWS::SageMaker::Domain',
          Properties: { SubnetIds: [{ Ref: 'A' }], DefaultUserSettings: { SecurityGroups: [id('Sender')] } },
        },
        Template: {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: { LaunchTemplateData: { SecurityGroupIds: [id('Sender')] } },
        },
        Fleet: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: { VPCZoneIdentifier: [{ Ref: 'A' }], LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } } },
        },
        Machine: definition('Train', place),
      }).sort(),
    ).toEqual(['Stack/Domain', 'Stack/Fleet', 'Stack/Machine#Train', 'Stack/Model']);
  });
});

test("the CDK's own VPC: its private subnets reach the internet, its isolated ones do not", () => {
  const toInternet = (subnetType: ec2.SubnetType) => {
    const app = new App();
    const stack = new Stack(app, 'S');
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      natGateways: 1,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('x'),
      vpc,
      vpcSubnets: { subnetType },
    });
    return reachability(graphOf(app)).some(({ to }) => to.kind === 'internet');
  };
  expect(toInternet(ec2.SubnetType.PRIVATE_WITH_EGRESS)).toBe(true);
  expect(toInternet(ec2.SubnetType.PRIVATE_ISOLATED)).toBe(false);
});

describe('addresses', () => {
  const range = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);

  test('overlap is mutual, and everything overlaps the whole', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        expect(overlaps(a, '0.0.0.0/0')).toBe(true);
        expect(overlaps(a, '::/0')).toBe(false);
      }),
    );
  });

  test.each([
    ['10.0.0.0/8', false],
    ['10.1.2.3/32', false],
    ['0.0.0.0/0', true],
    ['8.8.8.8/32', true],
    ['172.0.0.0/8', true],
    ['::/0', true],
    ['fd00::/8', false],
    ['no range', false],
  ])('%s is public: %s', (text, expected) => {
    expect(isPublic(text)).toBe(expected);
  });
});
