import { Fn, type RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { PurposeKey } from '../key-ring';
import { dataRemovalPolicy, type FunctionNetwork, SecureLogGroup } from '../workload';
import { cidrProblem } from './cidr';
import { DefaultGroupProvider } from './default-group';
import { DnsFirewall } from './dns-firewall';
import { ENDPOINT_CATALOGUE } from './endpoint-catalogue';
import { EndpointService } from './endpoint-service';
import { FlowLog } from './flow-log';
import { Perimeter } from './perimeter';
import { DYNAMODB_PREFIX_LISTS } from './prefix-lists';

/** Properties of an isolated network. */
export interface IsolatedNetworkProps {
  /** Names of the tiers: groups of workloads that may reach the endpoints, and each other only where `allow` says so. */
  readonly tiers: string[];
  /** Services that the workloads call. Nothing else outside the VPC can be reached. */
  readonly services: EndpointService[];
  /** Encrypts the flow log, the DNS query log and the provider's log. */
  readonly encryptionKey: PurposeKey;
  /** Private IPv4 range, /16 to /28. Networks are never peered, so that all may use the same. @default '10.0.0.0/16' */
  readonly cidr?: string;
  /**
   * Two or three Availability Zones that offer every service asked for.
   * @default - the first `maxAzs` zones of the account, chosen at deployment
   */
  readonly availabilityZones?: string[];
  /** How many zones to take when none are named: 2 or 3. @default 2 */
  readonly maxAzs?: number;
  /**
   * Organization (`o-...`) whose principals and resources are trusted.
   * @default - principals and resources of this account only
   */
  readonly organizationId?: string;
  /** Names beside those of AWS and the VPC that workloads may resolve, such as `db.internal` or `*.db.internal`. @default - none */
  readonly allowedDomains?: string[];
  /**
   * Id of the AWS-managed prefix list of DynamoDB in this Region, when EndpointService.DYNAMODB is asked for.
   * @default - a table of the Regions where it is known
   */
  readonly dynamoDbPrefixListId?: string;
  /**
   * Tiers that reach DynamoDB, when EndpointService.DYNAMODB is asked for. Its prefix list is that of the whole Region, so fewer is
   * better: what a tier may do there, the endpoint's policy bounds. @default - all tiers
   */
  readonly dynamoDbTiers?: string[];
  /** How long the logs are kept. @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
  /** Of the flow and DNS query logs. DESTROY takes effect only together with `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

const TIER_NAME = /^[a-z][a-z0-9-]{0,39}$/;
const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;
const DOMAIN_NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Tier tag of the endpoints' own group, which no tier may take as its name. */
const ENDPOINTS = 'endpoints';

/** Addresses that each subnet keeps free beside the endpoints, for functions, jobs and instances. */
const WORKLOAD_ADDRESSES = 32;

const HTTPS = ec2.Port.tcp(443);
const ISOLATED: ec2.SubnetSelection = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };

/**
 * A VPC without a way out: isolated subnets only, endpoints for exactly the services asked for, each with a policy that
 * keeps requests inside the account or organization, and group-to-group rules on port 443 only.
 *
 * Throws PALISADE-N001 to N009 for input that would not deploy, or would deploy open; see docs/constructs/isolated-network.md.
 */
export class IsolatedNetwork extends Construct {
  /** The VPC. It has no internet gateway, no NAT and no peering. */
  readonly vpc: ec2.IVpc;
  /** Group of the interface endpoints: takes port 443 from the tiers, and starts nothing. */
  readonly endpointSecurityGroup: ec2.ISecurityGroup;
  /** Receives accepted and rejected traffic. */
  readonly flowLogGroup: logs.ILogGroup;
  /** Receives every DNS query, with what the firewall did about it. */
  readonly queryLogGroup: logs.ILogGroup;
  /** Present when EndpointService.DYNAMODB was asked for. */
  readonly dynamoDbEndpoint?: ec2.IGatewayVpcEndpoint;

  private readonly tiers: ReadonlyMap<string, ec2.SecurityGroup>;
  private readonly endpoints: ReadonlyMap<EndpointService, ec2.InterfaceVpcEndpoint>;
  private readonly props: IsolatedNetworkProps;

  constructor(scope: Construct, id: string, props: IsolatedNetworkProps) {
    super(scope, id);
    this.props = props;
    const services = new Set(props.services);
    const zones = this.zones();
    const cidr = props.cidr ?? '10.0.0.0/16';
    this.requireCidr(cidr, zones.length, services);
    this.requireTierNames();
    this.requireServicesInPartition(services);
    this.requireNames();
    const prefixList = services.has(EndpointService.DYNAMODB) ? this.dynamoDbPrefixList() : undefined;

    const vpc = this.isolatedVpc(cidr, zones);
    this.vpc = vpc;
    props.encryptionKey.allowLogs();
    this.flowLogGroup = this.logGroup('FlowLogGroup', props.removalPolicy);
    this.queryLogGroup = this.logGroup('QueryLogGroup', props.removalPolicy);
    new FlowLog(this, 'FlowLog', { vpcId: vpc.vpcId, logGroup: this.flowLogGroup });
    new DefaultGroupProvider(this, 'DefaultGroup', { vpc, logGroup: this.logGroup('DefaultGroupLog') });

    const endpointGroup = this.securityGroup('Endpoints', ENDPOINTS, 'Interface endpoints: port 443 from the tiers');
    this.endpointSecurityGroup = endpointGroup;
    const reachesDynamoDb = (name: string) => (props.dynamoDbTiers ?? props.tiers).includes(name);
    this.tiers = new Map(
      props.tiers.map((name) => [
        name,
        this.tierGroup(name, endpointGroup, reachesDynamoDb(name) ? prefixList : undefined),
      ]),
    );
    // A name that is none would shut somebody out.
    props.dynamoDbTiers?.forEach((name) => {
      this.tierOf(name);
    });
    const perimeter = new Perimeter(Stack.of(this), props.organizationId);
    this.endpoints = this.interfaceEndpoints(services, perimeter);
    this.dynamoDbEndpoint = services.has(EndpointService.DYNAMODB) ? this.gateway(services, perimeter) : undefined;

    new DnsFirewall(this, 'DnsFirewall', {
      vpcId: vpc.vpcId,
      awsDomains: this.awsDomains(services),
      domains: props.allowedDomains,
      logGroup: this.queryLogGroup,
    });
  }

  /** The security group of a tier. Throws PALISADE-N004 when the network has no such tier. */
  tier(name: string): ec2.ISecurityGroup {
    return this.tierOf(name);
  }

  /** A place in the network for a function of `tier`. Throws PALISADE-N004 when the network has no such tier. */
  functionNetwork(tier: string): FunctionNetwork {
    return { vpc: this.vpc, securityGroup: this.tierOf(tier), subnets: ISOLATED };
  }

  /** The endpoint of a service. Throws PALISADE-N006 when the network was made without it, or when it is a gateway. */
  endpoint(service: EndpointService): ec2.IInterfaceVpcEndpoint {
    const endpoint = this.endpoints.get(service);
    if (!endpoint) {
      throw this.error(
        'N006',
        `no interface endpoint for '${service}'; this network has ${[...this.endpoints.keys()].join(', ') || 'none'}`,
        service === EndpointService.DYNAMODB
          ? 'DynamoDB has a gateway endpoint: use dynamoDbEndpoint'
          : 'add the service to the services of the IsolatedNetwork',
      );
    }
    return endpoint;
  }

  /** Lets workloads of tier `from` open connections on port 443 to workloads of tier `to`. */
  allow(from: string, to: string): void {
    this.tierOf(from).connections.allowTo(this.tierOf(to), HTTPS, `${from} to ${to}`);
  }

  /**
   * Lets workloads of one tier open connections to each other on every TCP port, as the containers of one distributed
   * training job must (SageMaker Developer Guide, "Give SageMaker training jobs access to resources in your VPC").
   */
  allowWithin(tier: string): void {
    const group = this.tierOf(tier);
    group.connections.allowInternally(ec2.Port.allTcp(), `within ${tier}`);
  }

  private isolatedVpc(cidr: string, availabilityZones: string[]): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(cidr),
      ipProtocol: ec2.IpProtocol.IPV4_ONLY,
      availabilityZones,
      subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      createInternetGateway: false,
      natGateways: 0,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      restrictDefaultSecurityGroup: true,
    });
    Tags.of(vpc).add('palisade:isolated', 'true');
    return vpc;
  }

  /**
   * Always `Fn::GetAZs` unless zones are named: no look-up at synthesis, so that the same code gives the same template.
   */
  private zones(): string[] {
    const zones =
      this.props.availabilityZones ??
      Array.from({ length: this.props.maxAzs ?? 2 }, (_, index) => Fn.select(index, Fn.getAzs()));
    if (zones.length < 2 || zones.length > 3 || new Set(zones).size < zones.length) {
      throw this.error(
        'N001',
        `${zones.length} Availability Zones${new Set(zones).size < zones.length ? ', some named twice' : ''}`,
        'use two or three different zones: one zone is no defence against its loss, and each further one costs endpoints',
      );
    }
    return zones;
  }

  private logGroup(id: string, removalPolicy?: RemovalPolicy): SecureLogGroup {
    return new SecureLogGroup(this, id, {
      encryptionKey: this.props.encryptionKey,
      retention: this.props.logRetention,
      removalPolicy: dataRemovalPolicy(this, removalPolicy),
    });
  }

  /** A group whose one rule matches no traffic: without any, EC2 adds a rule that allows everything out. */
  private securityGroup(id: string, tier: string, description: string): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
    Tags.of(group).add('palisade:tier', tier);
    return group;
  }

  private tierGroup(name: string, endpoints: ec2.SecurityGroup, prefixList?: string): ec2.SecurityGroup {
    const group = this.securityGroup(`Tier${name}`, name, `Tier ${name}: port 443 to the endpoints`);
    const resource = group.node.defaultChild as ec2.CfnSecurityGroup;
    const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 };
    // Inline, because only inline rules are sure to replace EC2's own, and set here, because the L2 keeps rules that
    // name a group out of line.
    resource.securityGroupEgress = [
      { ...https, destinationSecurityGroupId: endpoints.securityGroupId, description: 'to the interface endpoints' },
      ...(prefixList ? [{ ...https, destinationPrefixListId: prefixList, description: 'to DynamoDB' }] : []),
    ];
    endpoints.addIngressRule(group, HTTPS, `from tier ${name}`);
    return group;
  }

  private interfaceEndpoints(
    services: ReadonlySet<EndpointService>,
    perimeter: Perimeter,
  ): Map<EndpointService, ec2.InterfaceVpcEndpoint> {
    const endpoints = new Map<EndpointService, ec2.InterfaceVpcEndpoint>();
    for (const service of services) {
      const facts = ENDPOINT_CATALOGUE[service];
      if (facts.interface) {
        const endpoint = new ec2.InterfaceVpcEndpoint(this, `Endpoint-${service}`, {
          vpc: this.vpc,
          service: facts.interface,
          subnets: ISOLATED,
          securityGroups: [this.endpointSecurityGroup],
          open: false,
          privateDnsEnabled: true,
          // S3 has gateways too: without this, EC2 wants one in the VPC before it gives the interface private names.
          privateDnsOnlyForInboundResolverEndpoint:
            service === EndpointService.S3
              ? ec2.VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint.ALL_RESOLVERS
              : undefined,
        });
        this.confine(endpoint, service, services, perimeter);
        endpoints.set(service, endpoint);
      }
    }
    return endpoints;
  }

  private gateway(services: ReadonlySet<EndpointService>, perimeter: Perimeter): ec2.GatewayVpcEndpoint {
    const endpoint = new ec2.GatewayVpcEndpoint(this, `Endpoint-${EndpointService.DYNAMODB}`, {
      vpc: this.vpc,
      service: ec2.GatewayVpcEndpointAwsService.DYNAMODB,
      subnets: [ISOLATED],
    });
    this.confine(endpoint, EndpointService.DYNAMODB, services, perimeter);
    return endpoint;
  }

  private confine(
    endpoint: ec2.VpcEndpoint,
    service: EndpointService,
    services: ReadonlySet<EndpointService>,
    perimeter: Perimeter,
  ): void {
    for (const statement of ENDPOINT_CATALOGUE[service].policy(perimeter, services)) {
      endpoint.addToPolicy(statement);
    }
    Tags.of(endpoint).add('palisade:tier', ENDPOINTS);
  }

  /** Names of the services asked for, and of the VPC's own instances. */
  private awsDomains(services: ReadonlySet<EndpointService>): string[] {
    const { region, urlSuffix } = Stack.of(this);
    const names = [...services].flatMap((service) => ENDPOINT_CATALOGUE[service].names);
    return [...names.map((name) => `${name}.${region}.${urlSuffix}`), ...instanceDomains(region)];
  }

  private dynamoDbPrefixList(): string {
    const { region } = Stack.of(this);
    const id = this.props.dynamoDbPrefixListId ?? DYNAMODB_PREFIX_LISTS[region];
    if (!id) {
      throw this.error(
        'N007',
        `the id of DynamoDB's prefix list in ${Token.isUnresolved(region) ? 'a Region chosen later' : region} is not known`,
        'set dynamoDbPrefixListId to the id that this prints: aws ec2 describe-managed-prefix-lists --filters ' +
          'Name=prefix-list-name,Values=com.amazonaws.REGION.dynamodb --query PrefixLists[].PrefixListId',
      );
    }
    return id;
  }

  private tierOf(name: string): ec2.SecurityGroup {
    const tier = this.tiers.get(name);
    if (!tier) {
      throw this.error(
        'N004',
        `no tier '${name}'; this network has ${[...this.tiers.keys()].join(', ')}`,
        'add the tier to the tiers of the IsolatedNetwork',
      );
    }
    return tier;
  }

  private requireCidr(cidr: string, zones: number, services: ReadonlySet<EndpointService>): void {
    const interfaces = [...services].filter((service) => ENDPOINT_CATALOGUE[service].interface).length;
    const problem = cidrProblem(cidr, zones, interfaces + WORKLOAD_ADDRESSES);
    if (problem) {
      throw this.error('N002', problem, 'use a larger private range, such as 10.0.0.0/16');
    }
  }

  private requireTierNames(): void {
    const { tiers } = this.props;
    const wrong = tiers.find(
      (name, index) => !TIER_NAME.test(name) || name === ENDPOINTS || tiers.indexOf(name) < index,
    );
    if (tiers.length === 0 || wrong !== undefined) {
      throw this.error(
        'N003',
        wrong === undefined ? 'the network has no tier' : `'${wrong}' is no tier name, or is used twice`,
        `give each tier its own name of lower-case letters, digits and hyphens, other than '${ENDPOINTS}'`,
      );
    }
  }

  private requireServicesInPartition(services: ReadonlySet<EndpointService>): void {
    const { region } = Stack.of(this);
    const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
    const absent = [...services].find((service) => ENDPOINT_CATALOGUE[service].absentIn?.includes(partition ?? ''));
    if (absent) {
      throw this.error(
        'N005',
        `'${absent}' is not offered in ${region} (partition ${partition})`,
        'leave the service out in this Region, or deploy the system in another',
      );
    }
  }

  private requireNames(): void {
    const { organizationId, allowedDomains = [] } = this.props;
    if (organizationId !== undefined && !Token.isUnresolved(organizationId) && !ORGANIZATION_ID.test(organizationId)) {
      throw this.error('N008', `'${organizationId}' is no organization id`, 'use the id that starts with o-');
    }
    const wrong = allowedDomains.find((domain) => !Token.isUnresolved(domain) && !DOMAIN_NAME.test(domain));
    if (wrong !== undefined) {
      throw this.error(
        'N009',
        `'${wrong}' is no domain name that a firewall can allow`,
        'use a name such as db.internal, or *.db.internal for every name below it',
      );
    }
  }

  private error(code: string, problem: string, fix: string): PalisadeError {
    return new PalisadeError({ code: `PALISADE-${code}`, where: this.node.path, problem, fix });
  }
}

/** Private DNS names of instances (Amazon EC2 User Guide, "EC2 instance hostnames and domains"). */
function instanceDomains(region: string): string[] {
  const regional = `*.${region}.compute.internal`;
  if (Token.isUnresolved(region)) {
    return ['*.ec2.internal', regional];
  }
  return region === 'us-east-1' ? ['*.ec2.internal'] : [regional];
}
