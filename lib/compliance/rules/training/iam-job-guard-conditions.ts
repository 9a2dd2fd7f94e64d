import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { type Statement, statementsOf, unreadStatements } from '../../statements';
import { isBoundaryOnly } from '../identity/boundaries';
import { documentsOf, inDocuments } from '../identity/policy-documents';
import { allowsOnly, CONDITION_KEYS, concerns, type Demand, denied, type Starter, startedBy } from './job-guards';
import { type Authority, authorityOf, rolesWith } from './role-policies';

/**
 * Whoever may start a job, a model or a notebook may start it only isolated, in a VPC and under keys: by conditions of
 * the Allow, by a Deny among the policies of the role, or by its permissions boundary. A request that does not mention
 * a setting must be stopped too. Which subnets and keys it names is not judged.
 */
export const sageMakerIamJobGuardConditions = rule({
  id: 'SageMakerIamJobGuardConditions',
  scope: 'ai',
  appliesTo: ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::RolePolicy'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.1.3'],
  crosswalk: { nist80053: ['AC-3', 'AC-6', 'SC-7', 'SC-28'], nistAiRmf: ['MEASURE 2.7'], atlas: ['AML.T0025'] },
  why: 'A job started by hand with the same role needs no isolation, and sends the data wherever its author likes.',
  fix: 'Deny the action for each setting, when its condition key is wrong and (Null) when it is missing.',
  claims: inDocuments(...CONDITION_KEYS.flatMap((key) => [`Deny.${key}`, `Statement.*.Condition.${key}`])),
  beyondGuard: 'an Allow and the Deny that guards it stand in different policies of a role',
  check: (policy, graph) => {
    if (isBoundaryOnly(policy, graph)) {
      return undefined;
    }
    const verdicts = documentsOf(policy).flatMap(({ at, document }) => [
      ...unreadStatements(document, at).map((violation) => [violation]),
      ...judgeDocument(policy, at, document, graph),
    ]);
    return verdicts.length === 0 ? undefined : verdicts.flat();
  },
  compliant: policy(
    deny({ Bool: { 'sagemaker:NetworkIsolation': 'false' } }),
    deny({ Null: { 'sagemaker:NetworkIsolation': 'true' } }),
    deny({ Null: { 'sagemaker:VpcSubnets': 'true' } }),
  ),
  nonCompliant: policy(deny({ Bool: { 'sagemaker:NetworkIsolation': 'false' } })),
});

function policy(...denials: object[]) {
  const allow = { Effect: 'Allow', Action: 'sagemaker:CreateModel', Resource: '*' };
  const PolicyDocument = { Statement: [allow, ...denials] };
  return { Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument } } };
}

function deny(Condition: object) {
  return { Effect: 'Deny', Action: 'sagemaker:CreateModel', Resource: '*', Condition };
}

/** One verdict for each Allow that starts compute. */
function judgeDocument(policy: GraphResource, path: string, document: unknown, graph: TemplateGraph): Violation[][] {
  const own = statementsOf(document);
  const allows = own.filter((statement) => startedBy(statement).length > 0);
  if (allows.length === 0) {
    return [];
  }
  const roles = rolesWith(policy, graph).map((role) => authorityOf(role, graph));
  const authorities = roles.length > 0 ? roles : [{ granted: own, boundary: [], hasUnknownPolicy: false }];
  return allows.map((allow) => judgeAllow(allow, authorities, `${path}.Statement.${allow.index}`));
}

function judgeAllow(allow: Statement, authorities: readonly Authority[], property: string): Violation[] {
  const open = startedBy(allow).flatMap((starter) =>
    starter.demands
      .filter((demand) => authorities.some((authority) => !isGuarded(allow, starter, demand, authority)))
      .map((demand) => ({ starter, demand })),
  );
  if (open.length === 0) {
    return [];
  }
  if (authorities.some(({ hasUnknownPolicy }) => hasUnknownPolicy)) {
    return [unresolved(property, new Opaque('a policy of the role is not in the assembly, and may guard its jobs'))];
  }
  const actions = [...new Set(open.map(({ starter }) => starter.action))].join(', ');
  const keys = [...new Set(open.map(({ demand }) => `sagemaker:${demand.keys[0]}`))].join(', ');
  return [
    violation(property, `found ${actions} allowed whatever the request says of ${keys}, expected a Deny for each`),
  ];
}

function isGuarded(allow: Statement, starter: Starter, demand: Demand, { granted, boundary }: Authority): boolean {
  return (
    allowsOnly(allow, demand) ||
    denied([...granted, ...boundary], allow, starter, demand) ||
    isBounded(boundary, starter, demand)
  );
}

/** A boundary also stops what it does not allow. One that allows nothing is one that could not be read. */
function isBounded(boundary: readonly Statement[], starter: Starter, demand: Demand): boolean {
  const allows = boundary.filter(({ effect }) => effect === 'Allow');
  return (
    allows.length > 0 &&
    allows.every((allow) => !allow.inverted && (!concerns(allow, starter) || allowsOnly(allow, demand)))
  );
}
