import { accessModel, type GraphResource, type TemplateGraph, textOf } from '../../../analysis';
import type { Condition } from '../../conditions';
import { propertyOf, valueAt } from '../../expect';
import type { Requirement } from '../../requirements';
import { statementsOf } from '../../statements';
import { allowsDecryption } from './key-policy';

/** Types that launch instances, each with the path under which it describes them. */
const DESCRIBED_AT: Readonly<Record<string, string>> = {
  'AWS::EC2::Instance': '',
  'AWS::EC2::LaunchTemplate': 'LaunchTemplateData.',
};

/** Types that launch instances. */
export const HOST_TYPES = Object.keys(DESCRIBED_AT);

/** The path of what describes the instances, within a resource of this type: empty, or ending in a dot. */
export function describedAt(type: string): string {
  return DESCRIBED_AT[type] ?? '';
}

/** Asks the same of both types that launch instances, each at its own path. */
export function ofHosts(ask: (at: string) => readonly Requirement[]): Record<string, readonly Requirement[]> {
  return Object.fromEntries(HOST_TYPES.map((type) => [type, ask(describedAt(type))]));
}

/** The instances may run enclaves. */
export const runsEnclaves: Condition = {
  holds: (host) => textOf(propertyOf(host, `${describedAt(host.type)}EnclaveOptions.Enabled`)) === 'true',
  guard: (type) => `Properties.${describedAt(type)}EnclaveOptions.Enabled IN [true, "true"]`,
};

/** The role that the instances run with, if the assembly makes it. */
export function roleOfHost(host: GraphResource, graph: TemplateGraph): GraphResource | undefined {
  const named = propertyOf(host, `${describedAt(host.type)}IamInstanceProfile`);
  const profile =
    graph.withArn(valueAt(named, 'Arn')) ??
    graph.withName('AWS::IAM::InstanceProfile', valueAt(named, 'Name') ?? named);
  return profile && graph.withName('AWS::IAM::Role', propertyOf(profile, 'Roles.0'));
}

/** What hosts of enclaves may do. */
export interface EnclaveHosts {
  readonly roleArns: ReadonlySet<string>;
  /** Keys that their own policies let them decrypt with, by name. */
  readonly keyArns: ReadonlySet<string>;
}

/** The roles of all instances that run enclaves, and their keys. Found once for each graph. */
export function enclaveHosts(graph: TemplateGraph): EnclaveHosts {
  return graph.once('hosts of enclaves', () => find(graph));
}

function find(graph: TemplateGraph): EnclaveHosts {
  const roles = graph
    .ofType(...HOST_TYPES)
    .filter(runsEnclaves.holds)
    .map((host) => roleOfHost(host, graph));
  const roleArns = new Set(roles.flatMap((role) => (role ? [role.arn] : [])));
  const principals = roleArns.size === 0 ? [] : accessModel(graph).principals;
  const statements = principals
    .filter(({ role }) => roleArns.has(role.arn))
    .flatMap(({ identityPolicies }) => identityPolicies.flatMap(({ policy }) => statementsOf(policy)));
  return { roleArns, keyArns: new Set(statements.filter(allowsDecryption).flatMap(({ resources }) => resources)) };
}
