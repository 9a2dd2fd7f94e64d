import { rule } from '../../define-rule';
import { isBetween, matches, type Requirement } from '../../requirements';
import { ERROR_FROM_LIMITED, type MinimalTemplate } from '../../rule';
import { FLEET, launchesEnclaves } from './fleets';

const ALWAYS_ONE = isBetween('MinSize', { min: 1 });
const PROVEN = matches('HealthCheckType', /(^|,)\s*(ELB|VPC_LATTICE)\s*(,|$)/, 'ELB among the health checks', {
  byDefault: 'EC2',
});
const ASKED: readonly Requirement[] = [ALWAYS_ONE, PROVEN];

/**
 * A fleet of enclaves always has a host, and replaces one whose enclave no longer answers: an instance that runs says nothing
 * of its enclave.
 *
 * Prowler: ec2_confidential_workload_host_not_running.
 */
export const enclaveFleetServes = rule({
  id: 'EnclaveFleetServes',
  appliesTo: [FLEET],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.6'],
  crosswalk: { securityHub: ['AutoScaling.1'], nist80053: ['CP-10', 'SC-5', 'SI-13'], nistAiRmf: ['MANAGE 2.4'] },
  why: 'The enclave dies and its host stays, so that clients turn, in their need, to a model outside of an enclave.',
  fix: 'Set MinSize to 1 or more and HealthCheckType to ELB, with a health check that asks the enclave.',
  claims: ASKED.flatMap(({ claims }) => claims),
  beyondGuard: 'whether a fleet runs enclaves is said by its launch template',
  check: (fleet, graph) =>
    launchesEnclaves(fleet, graph) ? ASKED.flatMap(({ judge }) => judge(fleet.properties, '')) : undefined,
  compliant: fleetWith({ MinSize: '2', HealthCheckType: 'ELB' }),
  nonCompliant: fleetWith({ MinSize: '0' }),
});

function fleetWith(properties: object): MinimalTemplate {
  return {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { EnclaveOptions: { Enabled: true } } },
    },
    Fleet: { Type: FLEET, Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } }, ...properties } },
  };
}
