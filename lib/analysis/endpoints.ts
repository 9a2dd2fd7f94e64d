import { type Edge, reachability } from './network';
import { textOf } from './opaque';
import type { GraphResource, TemplateGraph } from './template-graph';

/** A function in a VPC that calls a service which it cannot reach. */
export interface MissingEndpoint {
  readonly function: GraphResource;
  /** End of the endpoint service's name, such as `sagemaker.runtime`. */
  readonly service: string;
}

/**
 * Services that functions of a VPC call and have no way to: no endpoint whose security group accepts them on port 443.
 * A function that can leave its VPC has a way to every service, and is left out.
 *
 * @param servicesOf what a function calls, such as `servicesCalledBy` gives for its bundle
 */
export function missingEndpoints(
  graph: TemplateGraph,
  servicesOf: (fn: GraphResource) => readonly string[],
): MissingEndpoint[] {
  const edges = bySender(graph);
  return graph.ofType('AWS::Lambda::Function').flatMap((fn) => {
    const ways = edges.get(fn) ?? [];
    if (fn.properties.VpcConfig === undefined || ways.some(({ to }) => to.kind === 'internet')) {
      return [];
    }
    const reached = new Set(ways.flatMap((way) => servicesBehind(graph, way)));
    return servicesOf(fn)
      .filter((service) => !reached.has(service))
      .map((service) => ({ function: fn, service }));
  });
}

/** Folder of a function's code within its assembly, if the code is an asset of its own: `asset.<hash>`. */
export function bundleOf(fn: GraphResource): string | undefined {
  const { S3Key } = (fn.properties.Code ?? {}) as { S3Key?: unknown };
  const hash = /^([0-9a-f]{64})\.zip$/.exec(textOf(S3Key))?.[1];
  return hash && `asset.${hash}`;
}

function bySender(graph: TemplateGraph): Map<GraphResource, Edge[]> {
  const edges = new Map<GraphResource, Edge[]>();
  for (const edge of reachability(graph)) {
    const known = edges.get(edge.from.resource) ?? [];
    known.push(edge);
    edges.set(edge.from.resource, known);
  }
  return edges;
}

function servicesBehind(graph: TemplateGraph, { from, to, port }: Edge): string[] {
  if (to.kind === 'prefixList') {
    return gatewaysOf(graph, from.subnets).map(serviceOf);
  }
  const https = port === 'all' || port === 'tcp/443' || spans(port, 443);
  return to.resource?.type === 'AWS::EC2::VPCEndpoint' && https ? [serviceOf(to.resource)] : [];
}

/** Gateway endpoints in the route tables of these subnets. Which prefix list belongs to which, no template says. */
function gatewaysOf(graph: TemplateGraph, subnets: readonly string[]): readonly GraphResource[] {
  return subnets
    .flatMap((subnet) => graph.where('AWS::EC2::SubnetRouteTableAssociation', 'SubnetId', subnet))
    .flatMap(({ properties }) => graph.where('AWS::EC2::VPCEndpoint', 'RouteTableIds', properties.RouteTableId));
}

/** `com.amazonaws.eu-west-1.sagemaker.runtime` is the endpoint of `sagemaker.runtime`. */
function serviceOf({ properties }: GraphResource): string {
  return textOf(properties.ServiceName).replace(/^.*?\.[a-z]{2}(-[a-z]+)+-\d+\./, '');
}

function spans(port: string, wanted: number): boolean {
  const [, from, to] = /^tcp\/(\d+)-(\d+)$/.exec(port) ?? [];
  return from !== undefined && Number(from) <= wanted && wanted <= Number(to);
}
