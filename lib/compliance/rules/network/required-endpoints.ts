import { exitsFrom, type GraphResource, JOB_STARTERS, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { allowedActions, roleWithArn } from '../identity/roles';
import { servicesOf } from './direct-calls';
import { workloadsOf } from './workloads';

/**
 * An isolated network has an endpoint for each service that its AI workloads call: by the rights of a function's role,
 * and S3 for SageMaker, which moves models and data through the network of a job even where the job itself has none.
 */
export const networkRequiredEndpoints = rule({
  id: 'NetworkRequiredEndpoints',
  appliesTo: ['AWS::Lambda::Function', 'AWS::SageMaker::Model', ...JOB_STARTERS],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-7', 'AC-4'] },
  why: 'Calls to the missing service time out, and the usual repair in a hurry is a NAT gateway: a way out for everything.',
  fix: 'Add the VPC endpoint of the service to the VPC, or take the right to call it from the role.',
  claims: [],
  beyondGuard: 'it compares the rights of roles with the endpoints of a network',
  check: (resource, graph) => {
    const vpc = isolatedVpcOf(resource, graph);
    const needed = vpc === undefined ? [] : needsOf(resource, graph);
    if (needed.length === 0) {
      return undefined;
    }
    const there = graph.where('AWS::EC2::VPCEndpoint', 'VpcId', vpc).map(({ properties }) => properties.ServiceName);
    const names = new Set(there.map((name) => textOf(name).replace(PREFIX, '')));
    const opaque = there.find((name) => name instanceof Opaque);
    return needed
      .filter((service) => !names.has(service))
      .map((service): Violation => {
        const property = resource.type.startsWith('AWS::StepFunctions') ? 'DefinitionString' : 'VpcConfig';
        return opaque instanceof Opaque
          ? unresolved(property, opaque)
          : violation(property, `calls ${service} from VPC ${vpc}, which has no endpoint for it and no other way out`);
      });
  },
  compliant: networkWith('com.amazonaws.eu-west-1.s3'),
  nonCompliant: networkWith('com.amazonaws.eu-west-1.sts'),
});

/** `com.amazonaws.eu-west-1.sagemaker.runtime`, `cn.com.amazonaws.cn-north-1.sts` */
const PREFIX = /^(cn\.)?com\.amazonaws\.[a-z0-9-]+\./;

/** The one VPC that the resource is in and cannot leave, if the assembly makes all of it. */
function isolatedVpcOf(resource: GraphResource, graph: TemplateGraph): string | undefined {
  const places = workloadsOf(graph).members.get(resource) ?? [];
  const vpcs = [...new Set(places.flatMap((place) => place.vpcs))];
  const known = vpcs.length === 1 && graph.withName('AWS::EC2::VPC', vpcs[0]) !== undefined;
  return known && exitsFrom(graph, resource)?.length === 0 ? vpcs[0] : undefined;
}

function needsOf({ type, properties }: GraphResource, graph: TemplateGraph): string[] {
  if (type !== 'AWS::Lambda::Function') {
    return ['s3'];
  }
  const role = roleWithArn(properties.Role, graph);
  return role ? servicesOf(allowedActions(role)) : [];
}

function networkWith(ServiceName: string) {
  return {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
    Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: { Ref: 'Vpc' }, ServiceName } },
    Model: { Type: 'AWS::SageMaker::Model', Properties: { VpcConfig: { Subnets: [{ Ref: 'Subnet' }] } } },
  };
}
