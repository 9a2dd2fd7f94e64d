import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { EndpointService, type IsolatedNetworkProps } from '../../../constructs';
import { IsolatedNetworkExample } from '../../../examples/isolated-network';
import { nagErrors } from '../../support/nag';
import { networkIn, stackIn } from './network';

function templateWith(props: Partial<IsolatedNetworkProps> = {}, stack = stackIn({ region: 'eu-west-1' })): Template {
  networkIn(stack, props);
  return Template.fromStack(stack);
}

function propertiesOf(template: Template, type: string): Record<string, unknown>[] {
  return Object.values(template.findResources(type)).map((resource) => resource.Properties);
}

/** The wildcard resource of the stack's boundary is the boundary's own matter. */
const BOUNDARY = /^AwsSolutions-IAM5\[Resource::\*\] \w+\/WorkloadBoundary\/Resource$/;

describe('default form', () => {
  test('has no way out: no gateway, NAT, peering or route', () => {
    const template = templateWith();
    const types = Object.values(template.toJSON().Resources).map((resource) => (resource as { Type: string }).Type);
    expect(types.filter((type) => /Gateway|Peering|EC2::Route$|EIP|VPN/.test(type))).toEqual([]);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  test('spreads over two zones that the account chooses at deployment', () => {
    const zones = propertiesOf(templateWith(), 'AWS::EC2::Subnet').map((subnet) => subnet.AvailabilityZone);
    expect(zones).toEqual([{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }]);
  });

  test('makes an endpoint for each service asked for and no other, with private names, closed to the VPC range', () => {
    const template = templateWith({ services: [EndpointService.KMS, EndpointService.STS, EndpointService.KMS] });
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
    template.allResourcesProperties('AWS::EC2::VPCEndpoint', {
      PrivateDnsEnabled: true,
      SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^NetworkEndpoints'), 'GroupId'] }],
      PolicyDocument: { Statement: Match.anyValue() },
    });
  });

  test('S3 answers all resolvers by its interface, because there is no gateway to need', () => {
    templateWith().hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.eu-west-1.s3',
      DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: 'AllResolvers' },
      VpcEndpointType: 'Interface',
    });
  });

  test('the only CIDR rule is the one that matches no traffic, which takes the place of "allow all out"', () => {
    const template = templateWith();
    const groups = propertiesOf(template, 'AWS::EC2::SecurityGroup');
    expect(groups.every((group) => (group.SecurityGroupEgress as unknown[]).length > 0)).toBe(true);
    const rules = [
      ...groups.flatMap((group) => [group.SecurityGroupEgress, group.SecurityGroupIngress ?? []].flat()),
      ...propertiesOf(template, 'AWS::EC2::SecurityGroupIngress'),
      ...propertiesOf(template, 'AWS::EC2::SecurityGroupEgress'),
    ] as Record<string, unknown>[];
    const byCidr = rules.filter((rule) => rule.CidrIp || rule.CidrIpv6);
    expect(byCidr).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })]);
    const byGroup = rules.filter((rule) => !byCidr.includes(rule));
    expect(byGroup).toHaveLength(2);
    for (const rule of byGroup) {
      expect(rule).toMatchObject({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 });
    }
  });

  test('records all traffic in an encrypted group, with a role that can write there and only for this account', () => {
    const template = templateWith();
    template.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL' });
    template.allResourcesProperties('AWS::Logs::LogGroup', {
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeysLogs'), 'Arn'] },
      RetentionInDays: RetentionDays.SIX_MONTHS,
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'CloudWatchLogs' })]) },
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^NetworkFlowLogRole') }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NetworkFlowLogGroup'), 'Arn'] },
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }),
          }),
        ],
      },
    });
  });

  test('the default security group is emptied by a function that can do only that, inside the boundary', () => {
    const template = templateWith();
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
    const rules = [
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
    ];
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Empties the default security group',
      Roles: [{ Ref: Match.stringLikeRegexp('^CustomVpcRestrictDefaultSG') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: rules })]) },
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: Match.stringLikeRegexp('^Ceiling'),
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(rules) })]) },
    });
    const roles = template.findResources('AWS::IAM::Role', {
      Properties: {
        PermissionsBoundary: Match.anyValue(),
        ManagedPolicyArns: Match.absent(),
        Policies: Match.absent(),
      },
    });
    expect(Object.keys(roles)).toEqual(Object.keys(template.findResources('AWS::IAM::Role')));
    template.hasResource('AWS::Lambda::Function', {
      Properties: { LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^NetworkDefaultGroupLog') } } },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^NetworkDefaultGroupPermissions')]),
    });
  });

  test('passes cdk-nag', () => {
    const app = new App();
    networkIn(new Stack(app, 'Stack'));
    expect(nagErrors(app).filter((finding) => !BOUNDARY.test(finding))).toEqual([]);
  });
});

describe('names', () => {
  function firewall(template: Template) {
    const lists = template.findResources('AWS::Route53Resolver::FirewallDomainList');
    const [group] = propertiesOf(template, 'AWS::Route53Resolver::FirewallRuleGroup');
    const rules = group.FirewallRules as { Action: string; Priority: number; FirewallDomainListId: never }[];
    return [...rules]
      .sort((a, b) => a.Priority - b.Priority)
      .map((rule) => ({
        ...rule,
        FirewallDomainListId: undefined,
        domains: lists[rule.FirewallDomainListId['Fn::GetAtt'][0]].Properties.Domains.map(
          (domain: string | { 'Fn::Join': [string, (string | { Ref: string })[]] }) =>
            typeof domain === 'string'
              ? domain
              : domain['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : part.Ref)).join(''),
        ),
      }));
  }

  test('only those of the services asked for and of instances resolve; all others do not exist', () => {
    const template = templateWith();
    const rules = firewall(template);
    expect(rules.map(({ Action, domains }) => [Action, domains])).toEqual([
      [
        'ALLOW',
        [
          'kms.eu-west-1.AWS::URLSuffix',
          's3.eu-west-1.AWS::URLSuffix',
          '*.s3.eu-west-1.AWS::URLSuffix',
          '*.eu-west-1.compute.internal',
        ],
      ],
      ['BLOCK', ['*']],
    ]);
    expect(rules[1]).toMatchObject({ BlockResponse: 'NXDOMAIN' });
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroupAssociation', {
      VpcId: { Ref: Match.stringLikeRegexp('^NetworkVpc') },
    });
    template.hasResourceProperties('AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation', {
      ResourceId: { Ref: Match.stringLikeRegexp('^NetworkVpc') },
    });
  });

  test('extra names are allowed, and where they lead is inspected', () => {
    const rules = firewall(templateWith({ allowedDomains: ['*.db.internal'] }));
    expect(rules[1]).toMatchObject({
      Action: 'ALLOW',
      domains: ['*.db.internal'],
      FirewallDomainRedirectionAction: 'INSPECT_REDIRECTION_DOMAIN',
    });
    expect(rules[2].Action).toBe('BLOCK');
  });

  test.each([
    ['us-east-1', ['*.ec2.internal']],
    ['ap-south-1', ['*.ap-south-1.compute.internal']],
  ])('instances have their own domain in %s', (region, expected) => {
    const domains: string[] = firewall(templateWith({ services: [] }, stackIn({ region })))[0].domains;
    expect(domains).toEqual(expected);
  });

  test('instances have either domain while the Region is not known', () => {
    expect(firewall(templateWith({ services: [] }, stackIn()))[0].domains).toEqual([
      '*.ec2.internal',
      '*.AWS::Region.compute.internal',
    ]);
  });
});

describe('tiers', () => {
  test('reach another tier only on port 443 and only where it is declared', () => {
    const stack = stackIn();
    const network = networkIn(stack, { tiers: ['gateway', 'model', 'other'] });
    network.allow('gateway', 'model');
    const template = Template.fromStack(stack);
    const group = (tier: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^NetworkTier${tier}`), 'GroupId'] });
    const between = propertiesOf(template, 'AWS::EC2::SecurityGroupIngress').filter(
      (rule) => !String(rule.Description).startsWith('from tier'),
    );
    expect(between).toEqual([
      {
        Description: 'gateway to model',
        GroupId: group('model'),
        SourceSecurityGroupId: group('gateway'),
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
      },
    ]);
    expect(propertiesOf(template, 'AWS::EC2::SecurityGroupEgress')).toEqual([
      expect.objectContaining({ GroupId: group('gateway'), DestinationSecurityGroupId: group('model'), ToPort: 443 }),
    ]);
  });

  test('a distributed job may talk within its tier', () => {
    const stack = stackIn();
    networkIn(stack).allowWithin('training');
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: Match.anyValue(),
      FromPort: 0,
      ToPort: 65535,
      Description: 'within training',
    });
  });

  test('are told by tags and give functions their place', () => {
    const stack = stackIn();
    const network = networkIn(stack);
    expect(network.functionNetwork('training')).toMatchObject({
      vpc: network.vpc,
      securityGroup: network.tier('training'),
    });
    const template = Template.fromStack(stack);
    const tags = propertiesOf(template, 'AWS::EC2::SecurityGroup').map((group) => group.Tags);
    expect(tags).toEqual([
      [{ Key: 'palisade:tier', Value: 'endpoints' }],
      [{ Key: 'palisade:tier', Value: 'training' }],
    ]);
    template.hasResourceProperties('AWS::EC2::VPC', {
      Tags: Match.arrayWith([{ Key: 'palisade:isolated', Value: 'true' }]),
    });
  });
});

describe('customised form', () => {
  test('takes the zones, range, retention and organization that it is given', () => {
    const template = templateWith({
      availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      cidr: '10.20.0.0/20',
      organizationId: 'o-abcdefghij',
      logRetention: RetentionDays.ONE_YEAR,
    });
    template.resourceCountIs('AWS::EC2::Subnet', 3);
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.20.0.0/20' });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Duration.days(365).toDays() });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.eu-west-1.kms',
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'kms:*',
            Condition: {
              StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij', 'aws:ResourceOrgID': 'o-abcdefghij' },
            },
          }),
        ]),
      },
    });
  });

  test('DynamoDB is reached by a gateway, on port 443 of its prefix list', () => {
    const stack = stackIn({ region: 'eu-west-1' });
    const network = networkIn(stack, { services: [EndpointService.DYNAMODB] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Gateway',
      RouteTableIds: [Match.anyValue(), Match.anyValue()],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: Match.arrayWith([
        Match.objectLike({ DestinationPrefixListId: 'pl-6fa54006', FromPort: 443, ToPort: 443 }),
      ]),
    });
    expect(network.dynamoDbEndpoint).toBeDefined();
    expect(() => network.endpoint(EndpointService.DYNAMODB)).toThrow(
      expect.objectContaining({ code: 'PALISADE-N006', fix: expect.stringContaining('dynamoDbEndpoint') }),
    );
  });

  test('DynamoDB is reached by the tiers that are named, and a tier that is none is refused', () => {
    const template = (dynamoDbTiers: string[]) => {
      const stack = stackIn({ region: 'eu-west-1' });
      networkIn(stack, { tiers: ['gateways', 'models'], services: [EndpointService.DYNAMODB], dynamoDbTiers });
      return Template.fromStack(stack);
    };
    const reaching = Object.values(template(['gateways']).findResources('AWS::EC2::SecurityGroup'))
      .filter(({ Properties }) => JSON.stringify(Properties).includes('pl-6fa54006'))
      .map(({ Properties }) => Properties.GroupDescription);
    expect(reaching).toEqual([expect.stringContaining('gateways')]);
    expect(() => template(['nobody'])).toThrow(expect.objectContaining({ code: 'PALISADE-N004' }));
  });

  test('logs are destroyed only when both switches are on', () => {
    const policyOf = (context: Record<string, unknown>, removalPolicy?: RemovalPolicy) => {
      const stack = new Stack(new App({ context }), 'Stack');
      networkIn(stack, { removalPolicy });
      const groups = Template.fromStack(stack).findResources('AWS::Logs::LogGroup');
      return Object.entries(groups).find(([id]) => id.startsWith('NetworkFlowLogGroup'))?.[1].DeletionPolicy;
    };
    const allow = { 'palisade:allowDataRemoval': true };
    expect(policyOf({}, RemovalPolicy.DESTROY)).toBe('Retain');
    expect(policyOf(allow)).toBe('Retain');
    expect(policyOf(allow, RemovalPolicy.DESTROY)).toBe('Delete');
  });

  test('every service at once passes cdk-nag', () => {
    const app = new App();
    networkIn(new Stack(app, 'Stack', { env: { region: 'us-east-1' } }), { services: Object.values(EndpointService) });
    expect(nagErrors(app).filter((finding) => !BOUNDARY.test(finding))).toEqual([]);
  });

  test('the example synthesizes and passes cdk-nag', () => {
    const app = new App();
    new IsolatedNetworkExample(app);
    expect(nagErrors(app).filter((finding) => !BOUNDARY.test(finding))).toEqual([]);
  });
});

describe('partitions', () => {
  const services = [
    EndpointService.S3,
    EndpointService.KMS,
    EndpointService.SAGEMAKER_API,
    EndpointService.EXECUTE_API,
  ];

  test.each([
    ['eu-west-1', 'com.amazonaws.eu-west-1', 'com.amazonaws.eu-west-1', 'aws'],
    ['us-gov-west-1', 'com.amazonaws.us-gov-west-1', 'com.amazonaws.us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'cn.com.amazonaws.cn-north-1', 'com.amazonaws.cn-north-1', 'aws-cn'],
  ])('%s has the service names and ARNs of its partition', (region, prefix, kmsPrefix, partition) => {
    const template = templateWith({ services }, stackIn({ region }));
    const endpoints = propertiesOf(template, 'AWS::EC2::VPCEndpoint');
    expect(endpoints.map((endpoint) => endpoint.ServiceName)).toEqual([
      `${prefix}.s3`,
      `${kmsPrefix}.kms`,
      `${prefix}.sagemaker.api`,
      `${prefix}.execute-api`,
    ]);
    expect(JSON.stringify(endpoints)).toContain(`arn:${partition}:s3:::jumpstart-cache-prod-${region}`);
    const others = ['aws', 'aws-us-gov', 'aws-cn'].filter((other) => other !== partition);
    for (const other of others) {
      expect(JSON.stringify(template.toJSON())).not.toContain(`arn:${other}:`);
    }
  });

  test('a service that the partition lacks is refused, by service and Region', () => {
    const make = () => networkIn(stackIn({ region: 'cn-north-1' }), { services: [EndpointService.BEDROCK_RUNTIME] });
    expect(make).toThrow(
      expect.objectContaining({ code: 'PALISADE-N005', problem: expect.stringMatching(/bedrock-runtime.*cn-north-1/) }),
    );
  });

  test('every service exists in us-gov-west-1, given the id of its prefix list', () => {
    const services = Object.values(EndpointService);
    const template = templateWith(
      { services, dynamoDbPrefixListId: 'pl-12345678' },
      stackIn({ region: 'us-gov-west-1' }),
    );
    template.resourceCountIs('AWS::EC2::VPCEndpoint', services.length);
  });
});

describe('bad input', () => {
  test.each<[string, Partial<IsolatedNetworkProps>]>([
    ['N001', { availabilityZones: ['eu-west-1a'] }],
    ['N001', { availabilityZones: ['eu-west-1a', 'eu-west-1a'] }],
    ['N001', { availabilityZones: ['a', 'b', 'c', 'd'] }],
    ['N001', { maxAzs: 4 }],
    ['N001', { maxAzs: 1 }],
    ['N002', { cidr: '8.8.0.0/16' }],
    ['N002', { cidr: '10.0.0.0/26' }],
    ['N003', { tiers: [] }],
    ['N003', { tiers: ['a', 'b', 'a'] }],
    ['N003', { tiers: ['Training'] }],
    ['N003', { tiers: ['endpoints'] }],
    ['N008', { organizationId: '111122223333' }],
    ['N009', { allowedDomains: ['*'] }],
    ['N009', { allowedDomains: ['https://db.internal'] }],
    ['N007', { services: [EndpointService.DYNAMODB] }],
  ])('PALISADE-%s refuses %j', (code, props) => {
    const stack = stackIn();
    expect(() => networkIn(stack, props)).toThrow(expect.objectContaining({ code: `PALISADE-${code}` }));
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::EC2::VPC'))).toEqual([]);
  });

  test('a tier or an endpoint that was not made is a coded error', () => {
    const network = networkIn(stackIn());
    expect(() => network.tier('inference')).toThrow(expect.objectContaining({ code: 'PALISADE-N004' }));
    expect(() => network.functionNetwork('inference')).toThrow(expect.objectContaining({ code: 'PALISADE-N004' }));
    expect(() => network.allow('training', 'inference')).toThrow(expect.objectContaining({ code: 'PALISADE-N004' }));
    expect(() => network.endpoint(EndpointService.STS)).toThrow(expect.objectContaining({ code: 'PALISADE-N006' }));
    expect(network.endpoint(EndpointService.S3)).toBeDefined();
  });
});
