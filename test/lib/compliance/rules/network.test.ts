import type { Rule } from '../../../../lib/compliance';
import { NETWORK_RULES } from '../../../../lib/compliance/rules/network';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(NETWORK_RULES);

const ruleOf = (id: string) => NETWORK_RULES.find((rule) => rule.id === id) as Rule;
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** A model in a subnet of a VPC with a route table, and more. */
const network = (more: object) => ({
  Model: { Type: 'AWS::SageMaker::Model', Properties: { VpcConfig: { Subnets: [{ Ref: 'Private' }] } } },
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Private: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
  Association: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Private' }, RouteTableId: { Ref: 'Table' } },
  },
  ...more,
});

describe('NetworkNoInternetPath', () => {
  const rule = ruleOf('NetworkNoInternetPath');
  const route = (target: object, table = 'Table', destination: object = { DestinationCidrBlock: '0.0.0.0/0' }) => ({
    Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: table }, ...destination, ...target } },
  });

  test.each([
    [{ GatewayId: 'igw-1' }, ['GatewayId']],
    [{ NatGatewayId: 'nat-1' }, ['NatGatewayId']],
    [{ EgressOnlyInternetGatewayId: 'eigw-1' }, ['EgressOnlyInternetGatewayId']],
    [{ GatewayId: 'vgw-1' }, 'compliant'],
    [{ TransitGatewayId: 'tgw-1' }, 'compliant'],
    [{ VpcEndpointId: 'vpce-1' }, 'compliant'],
  ])('a default route of a model to %j gives %j', (target, expected) => {
    expect(verdict(rule, network(route(target)))).toEqual(expected);
  });

  test('a NAT gateway that is private leads to other networks only', () => {
    const nat = { Nat: { Type: 'AWS::EC2::NatGateway', Properties: { ConnectivityType: 'private' } } };
    expect(verdict(rule, network({ ...nat, ...route({ NatGatewayId: { Ref: 'Nat' } }) }))).toBe('compliant');
  });

  test('a public subnet beside the model, with its gateway, is not the path of the model', () => {
    const gateway = {
      Gateway: { Type: 'AWS::EC2::InternetGateway' },
      Attachment: {
        Type: 'AWS::EC2::VPCGatewayAttachment',
        Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } },
      },
      Public: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    };
    const template = network({ ...gateway, ...route({ GatewayId: { Ref: 'Gateway' } }, 'Public') });
    expect(verdict(rule, template)).toBe('not applicable');
  });

  test.each(['InternetGateway', 'NatGateway', 'EgressOnlyInternetGateway'])(
    'a %s has no place in a VPC that says that it is isolated',
    (type) => {
      const vpc = { Type: 'AWS::EC2::VPC', Properties: { Tags: [{ Key: 'palisade:isolated', Value: 'true' }] } };
      const template = {
        Vpc: vpc,
        Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
        Gateway: {
          Type: `AWS::EC2::${type}`,
          Properties: type === 'NatGateway' ? { SubnetId: { Ref: 'Subnet' } } : { VpcId: { Ref: 'Vpc' } },
        },
        Attachment: {
          Type: 'AWS::EC2::VPCGatewayAttachment',
          Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } },
        },
      };
      expect(verdict(rule, template)).toEqual(['Type']);
    },
  );

  test('a network without AI workloads may have whatever routes it likes', () => {
    const { Model, ...rest } = network(route({ GatewayId: 'igw-1' }));
    expect(verdict(rule, rest)).toBe('not applicable');
  });

  test('a function is an AI workload by what its role may call', () => {
    const template = (action: string) => {
      const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] };
      const { Model, ...rest } = network(route({ NatGatewayId: 'nat-1' }));
      return {
        ...rest,
        Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'own', PolicyDocument }] } },
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
            VpcConfig: { SubnetIds: [{ Ref: 'Private' }], SecurityGroupIds: ['sg-1'] },
          },
        },
      };
    };
    expect(verdict(rule, template('bedrock:InvokeModel'))).toEqual(['NatGatewayId']);
    expect(verdict(rule, template('s3:GetObject'))).toBe('not applicable');
  });
});

describe('NetworkMemberIsolated', () => {
  const rule = ruleOf('NetworkMemberIsolated');
  const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };

  test('a member of subnets that the assembly does not make is neither isolated nor open', () => {
    const result = judge(rule, { F: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig, Tags } } });
    expect(result).toMatchObject({ violations: [], compliant: [], unresolvable: [{ property: 'VpcConfig' }] });
    expect(verdict(rule, { F: { Type: 'AWS::Lambda::Function', Properties: { Tags } } })).toBe('not applicable');
  });

  test('a function that has nothing to do with AI may reach the internet', () => {
    expect(verdict(rule, { F: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig } } })).toBe('not applicable');
  });
});

describe('NetworkSecurityGroupEgress', () => {
  const rule = ruleOf('NetworkSecurityGroupEgress');
  const group = (egress?: object[]) => ({
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { Tags, ...(egress && { SecurityGroupEgress: egress }) },
    },
  });

  test.each([
    [[{ CidrIp: '0.0.0.0/0' }], ['SecurityGroupEgress.0.CidrIp']],
    [[{ CidrIp: '128.0.0.0/1' }], ['SecurityGroupEgress.0.CidrIp']],
    [[{ CidrIpv6: '::/0' }], ['SecurityGroupEgress.0.CidrIpv6']],
    [[], ['SecurityGroupEgress']],
    [undefined, ['SecurityGroupEgress']],
    [[{ CidrIp: '10.0.0.0/8' }], 'compliant'],
    [[{ CidrIp: '255.255.255.255/32' }], 'compliant'],
    [[{ DestinationPrefixListId: 'pl-1' }], 'compliant'],
    [[{ CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } }], 'compliant'],
  ])('the list %j gives %j', (egress, expected) => {
    const vpc = { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } };
    expect(verdict(rule, { ...vpc, ...group(egress) })).toEqual(expected);
  });

  test('a group whose rules are resources of their own has no rule of EC2', () => {
    const only = (GroupId: object) => ({
      Only: { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { GroupId, DestinationPrefixListId: 'pl-1' } },
    });
    expect(verdict(rule, { ...group(), ...only({ 'Fn::GetAtt': ['Group', 'GroupId'] }) })).toBe('compliant');
    expect(verdict(rule, { ...group(), ...only({ Ref: 'Group' }) })).toBe('compliant');
    expect(verdict(rule, { ...group(), ...only({ Ref: 'Other' }) })).toEqual(['SecurityGroupEgress']);
  });

  test('a rule that is a resource of its own is judged too', () => {
    const open = { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { CidrIpv6: '::/0' } };
    expect(verdict(rule, { ...group([{ DestinationPrefixListId: 'pl-1' }]), Open: open })).toEqual(['CidrIpv6']);
  });
});

describe('NetworkSecurityGroupIngress', () => {
  const rule = ruleOf('NetworkSecurityGroupIngress');
  const group = (ingress: object, more: object = {}) => ({
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [ingress] } },
    ...more,
  });
  const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' };
  const model = { Model: { Type: 'AWS::SageMaker::Model', Properties: {} } };
  const balancer = {
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { SecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] },
    },
  };

  test('port 443 may be open where there is no AI, and at load balancers', () => {
    expect(verdict(rule, group(https))).toBe('compliant');
    expect(verdict(rule, group(https, model))).toEqual(['SecurityGroupIngress.0.CidrIp']);
    expect(verdict(rule, group(https, { ...model, ...balancer }))).toBe('compliant');
  });

  test.each([
    { IpProtocol: 'tcp', FromPort: 0, ToPort: 443 },
    { IpProtocol: 'udp', FromPort: 443, ToPort: 443 },
    { IpProtocol: '-1' },
  ])('%j is more than a web port', (traffic) => {
    const open = { ...traffic, CidrIp: '0.0.0.0/0' };
    expect(verdict(rule, group(open, balancer))).toEqual(['SecurityGroupIngress.0.CidrIp']);
  });

  test('IPv6 and rules that are resources of their own count', () => {
    const open = { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { IpProtocol: 'tcp', CidrIpv6: '::/0' } };
    expect(verdict(rule, { Open: open })).toEqual(['CidrIpv6']);
  });
});

describe('NetworkEndpointPolicy', () => {
  const rule = ruleOf('NetworkEndpointPolicy');
  const endpoint = (statement: object, properties: object = {}) => {
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*', ...statement }];
    return {
      Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { PolicyDocument: { Statement }, Tags, ...properties } },
    };
  };
  const own = (...keys: string[]) => ({
    Condition: { StringEquals: Object.fromEntries(keys.map((key) => [key, '1'])) },
  });
  const hole = ['PolicyDocument.Statement.0'];

  test.each([
    [{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, hole],
    [own('aws:PrincipalAccount'), hole],
    [own('aws:ResourceOrgID'), hole],
    [own('aws:PrincipalOrgID', 'aws:ResourceOrgID'), 'compliant'],
    [{ Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': '1', 'aws:ResourceOrgID': '1' } } }, hole],
    [{ Condition: { StringLike: { 'aws:PrincipalOrgID': '*', 'aws:ResourceOrgID': '*' } } }, hole],
    [{ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': '1', 'aws:ResourceOrgID': '1' } } }, hole],
    [{ Action: 'ecr:GetAuthorizationToken', ...own('aws:PrincipalAccount') }, 'compliant'],
    [{ Action: 's3:List*', ...own('aws:PrincipalAccount') }, hole],
    [{ Resource: 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*' }, 'compliant'],
    [{ Resource: 'arn:aws:bedrock:*::foundation-model/*' }, hole],
    [{ Resource: 'arn:aws:bedrock:*::foundation-model/*', ...own('aws:PrincipalAccount') }, 'compliant'],
    [{ Resource: 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/*' }, 'compliant'],
    [{ Effect: 'Deny' }, 'compliant'],
  ])('a statement with %j gives %j', (statement, expected) => {
    expect(verdict(rule, endpoint(statement))).toEqual(expected);
  });

  test('endpoints of services of others take no policy', () => {
    const ServiceName = 'com.amazonaws.vpce.eu-west-1.vpce-svc-1';
    expect(verdict(rule, endpoint({}, { VpcEndpointType: 'Interface', ServiceName }))).toBe('not applicable');
    expect(verdict(rule, endpoint({}, { VpcEndpointType: 'GatewayLoadBalancer' }))).toBe('not applicable');
  });

  test('an endpoint in another stack counts when a workload runs in its VPC', () => {
    const bare = { Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: { Ref: 'Vpc' } } } };
    expect(verdict(rule, network(bare))).toEqual(['PolicyDocument']);
    expect(verdict(rule, bare)).toBe('not applicable');
  });
});

describe('NetworkRequiredEndpoints', () => {
  const rule = ruleOf('NetworkRequiredEndpoints');
  const called = (actions: string[], ...services: unknown[]) => {
    const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
    const { Model, ...rest } = network({
      Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'own', PolicyDocument }] } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          VpcConfig: { SubnetIds: [{ Ref: 'Private' }], SecurityGroupIds: ['sg-1'] },
          Tags,
        },
      },
      ...Object.fromEntries(
        services.map((ServiceName, index) => [
          `Endpoint${index}`,
          { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: { Ref: 'Vpc' }, ServiceName } },
        ]),
      ),
    });
    return rest;
  };
  const runtime = 'com.amazonaws.eu-west-1.sagemaker.runtime';

  test('a function needs the endpoints of what its own code calls', () => {
    const messages = judge(
      rule,
      called(['sagemaker:InvokeEndpoint', 'bedrock:InvokeModel*', 'logs:PutLogEvents']),
    ).violations;
    expect(messages.map(({ message }) => message.split(' ')[1])).toEqual(['bedrock-runtime', 'sagemaker.runtime']);
    expect(verdict(rule, called(['sagemaker:InvokeEndpoint'], runtime))).toBe('compliant');
  });

  test('what Lambda and S3 do with the role needs none', () => {
    expect(
      verdict(rule, called(['logs:PutLogEvents', 'kms:Decrypt', 'sqs:SendMessage', 'xray:PutTraceSegments'])),
    ).toBe('not applicable');
  });

  test('a name that only a deployment knows may be the one', () => {
    expect(verdict(rule, called(['sts:AssumeRole'], { 'Fn::Unheard': 1 }))).toEqual(['unresolved VpcConfig']);
  });

  test('a function with another way out needs none', () => {
    const Route = { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' };
    const template = { ...called(['sts:AssumeRole']), Route: { Type: 'AWS::EC2::Route', Properties: Route } };
    expect(verdict(rule, template)).toBe('not applicable');
  });
});

describe('NetworkFlowLogs', () => {
  const rule = ruleOf('NetworkFlowLogs');

  test('a VPC without a flow log is found, where AI runs in it', () => {
    expect(verdict(rule, network({}))).toEqual(['CidrBlock']);
    expect(verdict(rule, { Vpc: { Type: 'AWS::EC2::VPC', Properties: {} } })).toBe('not applicable');
  });

  test('a flow log needs a place for its records', () => {
    expect(verdict(rule, changed(rule.compliant, 'Log', { LogGroupName: undefined }))).toEqual(['LogDestination']);
  });
});

describe('NetworkDnsFirewall', () => {
  const rule = ruleOf('NetworkDnsFirewall');
  const id = (of: string) => ({ 'Fn::GetAtt': [of, 'Id'] });

  test('an allow rule for every name opens the firewall, whatever is blocked after it', () => {
    const rules = ['ALLOW', 'BLOCK'].map((Action) => ({ Action, FirewallDomainListId: id('Everything') }));
    expect(verdict(rule, changed(rule.compliant, 'Group', { FirewallRules: rules }))).toEqual([
      'CidrBlock',
      'FirewallRules',
    ]);
  });

  test('a list of bad names is no allow list; a detector of tunnels is enough', () => {
    const rules = (item: object) => changed(rule.compliant, 'Group', { FirewallRules: [{ Action: 'BLOCK', ...item }] });
    expect(verdict(rule, rules({ FirewallDomainListId: 'rslvr-fdl-1' }))).toEqual(['CidrBlock', 'FirewallRules']);
    expect(verdict(rule, rules({ DnsThreatProtection: 'DNS_TUNNELING' }))).toBe('compliant');
  });

  test('a network with an internet gateway has wider ways out', () => {
    const { Association, ...rest } = rule.compliant;
    const Properties = { VpcId: { Ref: 'Vpc' }, InternetGatewayId: 'igw-1' };
    const template = { ...rest, Attachment: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties } };
    expect(verdict(rule, rest)).toEqual(['CidrBlock']);
    expect(verdict(rule, template)).toBe('not applicable');
  });
});

describe('NetworkNoUnreviewedPeering', () => {
  const rule = ruleOf('NetworkNoUnreviewedPeering');
  const attached = (TransitGatewayId: unknown) =>
    network({
      Hub: { Type: 'AWS::EC2::TransitGateway' },
      Attachment: {
        Type: 'AWS::EC2::TransitGatewayVpcAttachment',
        Properties: { VpcId: { Ref: 'Vpc' }, TransitGatewayId },
      },
    });

  test('a transit gateway of others is another network; one of the assembly is seen', () => {
    expect(verdict(rule, attached('tgw-1'))).toEqual(['TransitGatewayId']);
    expect(verdict(rule, attached({ Ref: 'Hub' }))).toBe('compliant');
  });

  test('a VPN leads out of the VPC that its gateway is attached to', () => {
    const vpn = {
      Gateway: { Type: 'AWS::EC2::VPNGateway' },
      Attachment: {
        Type: 'AWS::EC2::VPCGatewayAttachment',
        Properties: { VpcId: { Ref: 'Vpc' }, VpnGatewayId: { Ref: 'Gateway' } },
      },
      Vpn: {
        Type: 'AWS::EC2::VPNConnection',
        Properties: { VpnGatewayId: { Ref: 'Gateway' }, CustomerGatewayId: 'cgw-1' },
      },
    };
    const { Model, Private, ...bare } = network(vpn);
    expect(verdict(rule, network(vpn))).toEqual(['CustomerGatewayId']);
    expect(verdict(rule, bare)).toBe('not applicable');
  });
});

test('NetworkEndpointPrivateDns leaves gateways, services of others and DynamoDB alone', () => {
  const rule = ruleOf('NetworkEndpointPrivateDns');
  const as = (properties: object) => verdict(rule, changed(rule.nonCompliant, 'Endpoint', properties));
  expect(as({})).toEqual(['PrivateDnsEnabled', 'SecurityGroupIds', 'SubnetIds']);
  expect(as({ VpcEndpointType: 'Gateway' })).toBe('not applicable');
  expect(as({ ServiceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-1' })).toBe('not applicable');
  expect(as({ ServiceName: 'com.amazonaws.eu-west-1.dynamodb' })).toBe('not applicable');
});
