import { Opaque, textOf } from '../../../analysis';
import { type Condition, hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { unresolved, valueAt, violation } from '../../expect';
import type { Requirement } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { describedAt, ofHosts, runsEnclaves } from './hosts';

/**
 * Types without enclaves: bare metal, burstable, flex, those before Nitro, and sizes with too few CPUs (an enclave and
 * its parent take four vCPUs of Intel or AMD, or two of Graviton). Source: Nitro Enclaves guide, "Requirements", and the
 * field NitroEnclavesSupport of DescribeInstanceTypes as of 2026-11. Exceptions that AWS has lifted since, or may lift, are
 * not listed: the launch itself tells.
 */
const WITHOUT_ENCLAVES = new RegExp(
  [
    '[.](nano|micro|small|medium|metal.*)$',
    '^[a-z]+[0-9]+([a-fh-z-][a-z0-9-]*)?[.]large$',
    '^[cm]7i-flex[.]',
    '^(t[1-4][a-z]*|a1|m[1-4]|c[1-4]|r[3-4]|i[2-3]|d2|h1|x1e?|g[2-3]s?|p[2-3]|f1)[.]',
  ].join('|'),
);

/** Where another resource chooses the type, such as an Auto Scaling group, the template says nothing to judge. */
const statesType: Condition = {
  holds: (host) => hasProperty(typeOf(host.type)).holds(host),
  guard: (type) => `Properties.${typeOf(type)} exists`,
};

/** An instance that must run enclaves is of a type that can. */
export const enclaveHostInstanceType = rule({
  id: 'EnclaveHostInstanceType',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-39', 'CM-6'] },
  why: 'The launch fails at the next replacement, and the quickest way back is to run the model without an enclave.',
  fix: 'Choose a Nitro type that is neither burstable nor metal: from xlarge on, or from large on with Graviton.',
  appliesWhen: [runsEnclaves, statesType],
  requires: ofHosts((at) => [runsOn(`${at}InstanceType`)]),
  compliant: {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { EnclaveOptions: { Enabled: true }, InstanceType: 'm6i.xlarge' } },
    },
  },
  nonCompliant: {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { EnclaveOptions: { Enabled: true }, InstanceType: 't3.large' } },
    },
  },
});

function typeOf(type: string): string {
  return `${describedAt(type)}InstanceType`;
}

function runsOn(path: string): Requirement {
  return {
    claims: [path],
    judge: (host, at) => {
      const type = valueAt(host, path);
      if (type instanceof Opaque) {
        return [unresolved(at + path, type)];
      }
      return WITHOUT_ENCLAVES.test(textOf(type))
        ? [violation(at + path, `found ${textOf(type)}, which runs no enclaves`)]
        : [];
    },
    guard: (at) => `when ${at}${path} exists {\n${at}${path} != /${WITHOUT_ENCLAVES.source}/\n}`,
  };
}
