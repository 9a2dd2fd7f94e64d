import { type GraphResource, grouped, groupedByEach, type TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { type Statement, statementsOf } from '../../statements';
import { stageOf } from '../../tags';
import { actionSet, firstCovering } from '../identity/covering';
import { roleUses } from '../identity/role-uses';
import { allowances, roleWithArn } from '../identity/roles';
import { type KeyUse, usesOf } from './key-uses';

/** A key protects one of training, inference and audit, in one stage, and workloads cannot decrypt the audit trail. */
export const kmsPurposeSeparation = rule({
  id: 'KmsPurposeSeparation',
  appliesTo: ['AWS::KMS::Key'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['AC-5', 'SC-12', 'AU-9'], atlas: ['AML.T0025'] },
  why: 'Whoever may decrypt for one purpose reads everything under the key: a model server reads training data, a job reads the audit trail.',
  fix: 'Give training, inference and audit a key each, in each stage, and let no workload role decrypt with the audit key.',
  claims: [],
  beyondGuard: 'what a key protects stands in the resources that name it',
  check: (key, graph) => {
    const uses = usesOf(key, graph);
    const audit = uses.some(({ purpose }) => purpose === 'audit');
    return uses.every(({ purpose }) => purpose === undefined)
      ? undefined
      : [...mixed(uses), ...acrossStages(key, uses), ...(audit ? readers(key, graph) : [])];
  },
  compliant: trailAndEndpoint('Inference'),
  nonCompliant: trailAndEndpoint('Audit'),
});

function mixed(uses: readonly KeyUse[]): Violation[] {
  const known = uses.filter(({ purpose }) => purpose !== undefined);
  const first = [...grouped(known, ({ purpose }) => purpose)].map(
    ([purpose, [{ resource }]]) => `${purpose} (${resource.path})`,
  );
  return first.length > 1 ? [violation('KeyPolicy', `one key protects ${first.sort().join(' and ')}`)] : [];
}

function acrossStages(key: GraphResource, uses: readonly KeyUse[]): Violation[] {
  const stages = [key, ...uses.map(({ resource }) => resource)].flatMap((resource) => stageOf(resource) ?? []);
  const found = [...new Set(stages)].sort();
  return found.length > 1 ? [violation('KeyPolicy', `one key protects the stages ${found.join(' and ')}`)] : [];
}

/** Writing takes GenerateDataKey only: a workload may put records into an audit store that it cannot read. */
function readers(key: GraphResource, graph: TemplateGraph): Violation[] {
  const { byArn, byKey } = graph.once('workload roles', () => workloadRoles(graph));
  const byPolicy = statementsOf(key.properties.KeyPolicy)
    .filter(decrypts)
    .flatMap(({ principals }) => principals.flatMap((arn) => byArn.get(arn) ?? []));
  const roles = new Set([...byPolicy, ...(byKey.get(key.arn) ?? [])].map(({ role }) => role));
  return [...roles].map(({ path }) =>
    violation('KeyPolicy', `workload role ${path} may decrypt what this key keeps for audit`),
  );
}

/** Roles of workloads: by their ARN, and by the ARN of each key that their own policies let them decrypt with. */
function workloadRoles(graph: TemplateGraph) {
  const uses = [...roleUses(graph).values()].flat();
  const roles = [...new Set(uses.flatMap(({ role }) => roleWithArn(role, graph) ?? []))];
  return {
    byArn: grouped(roles, ({ role }) => role.arn),
    byKey: groupedByEach(roles, (role) =>
      allowances(role)
        .filter(decrypts)
        .flatMap(({ resources }) => resources),
    ),
  };
}

const DECRYPTS = actionSet('kms:Decrypt');

function decrypts({ effect, actions }: Statement): boolean {
  return effect === 'Allow' && firstCovering(actions, DECRYPTS) !== undefined;
}

function trailAndEndpoint(ofEndpoint: string) {
  return {
    Audit: { Type: 'AWS::KMS::Key', Properties: {} },
    Inference: { Type: 'AWS::KMS::Key', Properties: {} },
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { KMSKeyId: { Ref: 'Audit' } } },
    Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { KmsKeyId: { Ref: ofEndpoint } } },
  };
}
