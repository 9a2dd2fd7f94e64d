import { JOB_STARTERS, jobDefinitions } from './jobs';
import { Opaque, textOf } from './opaque';
import type { GraphResource, TemplateGraph } from './template-graph';

/** Something with network interfaces in a VPC: these security groups, in these subnets. */
export interface NetworkMember {
  /** Construct path; for a job that a definition starts, with the name of its state. */
  readonly name: string;
  readonly resource: GraphResource;
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  /** VPCs of the subnets; `unknown` for a subnet that the assembly does not make. */
  readonly vpcs: readonly string[];
  /** Address ranges of the subnets; any address, for a range that is not known. */
  readonly ranges: readonly string[];
}

/** What a resource says of its place. */
type Place = Pick<NetworkMember, 'name' | 'resource' | 'securityGroups' | 'subnets'>;

/** Where a type says which groups and subnets it is in, as dotted paths; `*` stands for every item of a list. */
const PLACES: Readonly<Record<string, readonly { readonly groups: string; readonly subnets: string }[]>> = {
  'AWS::CodeBuild::Project': [{ groups: 'VpcConfig.SecurityGroupIds', subnets: 'VpcConfig.Subnets' }],
  'AWS::EC2::Instance': [
    { groups: 'SecurityGroupIds', subnets: 'SubnetId' },
    { groups: 'NetworkInterfaces.*.GroupSet', subnets: 'NetworkInterfaces.*.SubnetId' },
  ],
  'AWS::EC2::NetworkInterface': [{ groups: 'GroupSet', subnets: 'SubnetId' }],
  'AWS::EC2::VPCEndpoint': [{ groups: 'SecurityGroupIds', subnets: 'SubnetIds' }],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [{ groups: 'SecurityGroups', subnets: 'Subnets' }],
  'AWS::Lambda::Function': [{ groups: 'VpcConfig.SecurityGroupIds', subnets: 'VpcConfig.SubnetIds' }],
  ...Object.fromEntries(
    ['DataQuality', 'ModelBias', 'ModelExplainability', 'ModelQuality'].map((kind) => [
      `AWS::SageMaker::${kind}JobDefinition`,
      [{ groups: 'NetworkConfig.VpcConfig.SecurityGroupIds', subnets: 'NetworkConfig.VpcConfig.Subnets' }],
    ]),
  ),
  'AWS::SageMaker::Domain': [{ groups: 'DefaultUserSettings.SecurityGroups', subnets: 'SubnetIds' }],
  'AWS::SageMaker::Model': [{ groups: 'VpcConfig.SecurityGroupIds', subnets: 'VpcConfig.Subnets' }],
  'AWS::SageMaker::NotebookInstance': [{ groups: 'SecurityGroupIds', subnets: 'SubnetId' }],
};

/** Where a job says it: directly, or under NetworkConfig for processing jobs. */
const JOB_PLACES = ['VpcConfig', 'NetworkConfig.VpcConfig'].map((config) => ({
  groups: `${config}.SecurityGroupIds`,
  subnets: `${config}.Subnets`,
}));

const LAUNCH_TEMPLATE_GROUPS = ['LaunchTemplateData.SecurityGroupIds', 'LaunchTemplateData.NetworkInterfaces.*.Groups'];

/** Types whose resources can send from a network: all members but endpoints, which only answer. */
export const SENDER_TYPES: readonly string[] = [
  ...Object.keys(PLACES).filter((type) => type !== 'AWS::EC2::VPCEndpoint'),
  'AWS::AutoScaling::AutoScalingGroup',
  ...JOB_STARTERS,
].sort();

/** Everything in the assembly that has network interfaces in a VPC. */
export function networkMembers(graph: TemplateGraph): NetworkMember[] {
  const placed = Object.entries(PLACES).flatMap(([type, places]) =>
    graph.ofType(type).flatMap((resource) =>
      places.map(({ groups, subnets }) => ({
        name: resource.path,
        resource,
        securityGroups: texts(resource.properties, groups),
        subnets: texts(resource.properties, subnets),
      })),
    ),
  );
  return [...placed, ...fleets(graph), ...jobs(graph)]
    .filter(({ securityGroups, subnets }) => securityGroups.length + subnets.length > 0)
    .map((place) => located(graph, place));
}

function located(graph: TemplateGraph, place: Place): NetworkMember {
  const subnets = place.subnets.map((subnet) => graph.withName('AWS::EC2::Subnet', subnet)?.properties ?? {});
  return {
    ...place,
    vpcs: [...new Set(subnets.map(({ VpcId }) => textOf(VpcId ?? 'unknown')))],
    ranges: subnets.flatMap(({ CidrBlock, Ipv6CidrBlock }) => {
      const known = [CidrBlock, Ipv6CidrBlock].filter((range) => typeof range === 'string');
      return known.length > 0 ? known : ['0.0.0.0/0', '::/0'];
    }),
  };
}

function fleets(graph: TemplateGraph): Place[] {
  return graph.ofType('AWS::AutoScaling::AutoScalingGroup').map((resource) => {
    const [id] = [
      ...texts(resource.properties, 'LaunchTemplate.LaunchTemplateId'),
      ...texts(resource.properties, 'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId'),
    ];
    const template = graph.withName('AWS::EC2::LaunchTemplate', id);
    return {
      name: resource.path,
      resource,
      securityGroups: LAUNCH_TEMPLATE_GROUPS.flatMap((path) => texts(template?.properties, path)),
      subnets: texts(resource.properties, 'VPCZoneIdentifier'),
    };
  });
}

function jobs(graph: TemplateGraph): Place[] {
  return graph.ofType(...JOB_STARTERS).flatMap((resource) => {
    const definitions = jobDefinitions(resource);
    return definitions instanceof Opaque
      ? []
      : definitions.flatMap(({ name, parameters }) =>
          JOB_PLACES.map(({ groups, subnets }) => ({
            name: `${resource.path}#${name}`,
            resource,
            securityGroups: texts(parameters, groups),
            subnets: texts(parameters, subnets),
          })),
        );
  });
}

/** Texts at a dotted path. What is opaque counts, under its reason: it is in some group, which nobody can name. */
function texts(value: unknown, path: string): string[] {
  const found = path.split('.').reduce<unknown[]>(
    (values, key) =>
      values.flatMap((item) => {
        if (item === null || typeof item !== 'object' || item instanceof Opaque) {
          return [];
        }
        return key === '*' ? Object.values(item) : [(item as Record<string, unknown>)[key]];
      }),
    [value],
  );
  return found.flat().flatMap((item) => (item === undefined || item === null ? [] : [textOf(item)]));
}
