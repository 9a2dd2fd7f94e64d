import { Opaque, textOf } from '../../../analysis';
import { type Condition, oneOf } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, propertyOf, valueAt, violation } from '../../expect';
import { is, isSet, type Requirement } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** Services of others need no private name, and the interface endpoint of DynamoDB has none. */
const hasPrivateName: Condition = {
  holds: (endpoint) => !/^com\.amazonaws\.vpce\.|\.dynamodb$/.test(textOf(propertyOf(endpoint, 'ServiceName'))),
  guard: () => 'Properties.ServiceName !exists or Properties.ServiceName != /\\.vpce\\.|\\.dynamodb$/',
};

const inTwoZones: Requirement = {
  claims: ['SubnetIds'],
  judge: (holder, at) => {
    const found = valueAt(holder, 'SubnetIds');
    const count = asList(found).length;
    return found instanceof Opaque || count > 1
      ? []
      : [violation(`${at}SubnetIds`, `found ${count || 'no'} subnet, expected one in each of two zones`)];
  },
  guard: (at) => `${at}SubnetIds[1] exists`,
};

/** Interface endpoints take over the public name of their service, behind a group of their own, in two zones. */
export const networkEndpointPrivateDns = rule({
  id: 'NetworkEndpointPrivateDns',
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-7', 'CP-10'] },
  why: 'Without the private name SDKs call the public address and fail or go round the endpoint, and with one zone a local outage stops inference.',
  fix: 'Set PrivateDnsEnabled to true, SecurityGroupIds to a group for endpoints, and SubnetIds to subnets of two zones.',
  appliesWhen: [oneOf('VpcEndpointType', ['Interface']), hasPrivateName],
  requires: { 'AWS::EC2::VPCEndpoint': [is('PrivateDnsEnabled', true), isSet('SecurityGroupIds'), inTwoZones] },
  compliant: endpointWith({ PrivateDnsEnabled: true, SecurityGroupIds: ['sg-1'], SubnetIds: ['subnet-1', 'subnet-2'] }),
  nonCompliant: endpointWith({ SubnetIds: ['subnet-1'] }),
});

function endpointWith(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  const Properties = { VpcEndpointType: 'Interface', ...properties, Tags };
  return { Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties } };
}
