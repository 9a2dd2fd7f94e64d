import type { Condition } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { is, isBetween } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { describedAt, ofHosts } from './hosts';

/** Answers travel as far as a container on the instance, and no further (EC2 guide: 2 where containers ask). */
const HOPS = { max: 2, byDefault: 1 };

/** An instance from a launch template has the template's options, unless it states its own. */
const statesOptions: Condition = {
  holds: (host) => host.properties.LaunchTemplate === undefined || host.properties.MetadataOptions !== undefined,
  guard: () => 'Properties.LaunchTemplate !exists or Properties.MetadataOptions exists',
};

/** Where the service is off, there is nothing to ask for. */
const servesMetadata: Condition = {
  holds: (host) => propertyOf(host, endpointOf(host.type)) !== 'disabled',
  guard: (type) => `Properties.${endpointOf(type)} !exists or Properties.${endpointOf(type)} != 'disabled'`,
};

function endpointOf(type: string): string {
  return `${describedAt(type)}MetadataOptions.HttpEndpoint`;
}

/** Credentials of an instance are given out for a session token only, which a forged request cannot bring. */
export const ec2ImdsV2 = rule({
  id: 'Ec2ImdsV2',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['EC2.8', 'EC2.170'], nist80053: ['AC-3', 'AC-6'], atlas: ['AML.T0055'] },
  why: 'One request that an application forwards blindly brings the credentials of the role out of the instance.',
  fix: 'Set MetadataOptions.HttpTokens to required, and HttpPutResponseHopLimit to 1, or 2 with containers.',
  appliesWhen: [statesOptions, servesMetadata],
  requires: ofHosts((at) => [
    is(`${at}MetadataOptions.HttpTokens`, 'required'),
    isBetween(`${at}MetadataOptions.HttpPutResponseHopLimit`, HOPS),
  ]),
  configRules: ['EC2_IMDSV2_CHECK', 'EC2_LAUNCH_TEMPLATE_IMDSV2_CHECK'],
  compliant: {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } },
    },
    Instance: { Type: 'AWS::EC2::Instance', Properties: { MetadataOptions: { HttpTokens: 'required' } } },
  },
  nonCompliant: {
    Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: {} } },
    Instance: { Type: 'AWS::EC2::Instance', Properties: {} },
  },
});
