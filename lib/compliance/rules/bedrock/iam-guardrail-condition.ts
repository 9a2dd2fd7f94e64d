import type { GraphResource, TemplateGraph } from '../../../analysis';
import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { actionCovers, conditionKeys, type Statement, statementName, statementsOf } from '../../statements';
import { inDocuments } from '../identity/policy-documents';
import { allowsInvoke, IDENTITY_POLICY_TYPES, INVOKE, judgeStatements, rolesOf, statementsOfRole } from './invocations';
import { isDraft } from './versions';

const KEY = 'bedrock:guardrailidentifier';

/** Operators that a request without the key does not meet: those that end in IfExists let it through. */
const EQUAL = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/;

/** Operators that a request without the key meets, so that a Deny holds for it. */
const UNEQUAL = /^(StringNotEquals|StringNotEqualsIgnoreCase|StringNotLike|ArnNotEquals|ArnNotLike)(IfExists)?$/;

/** Models that give vectors or scores, not text: there is nothing to guard, and Bedrock offers no guardrail for them. */
const NO_TEXT = /(foundation-model|inference-profile)\/[^/]*(embed|rerank)/i;

/**
 * Who may call a model may do so with a published version of a guardrail only. The Allow names it, and a Deny holds
 * against whatever else is allowed (Bedrock User Guide, "Enforce the use of specific guardrails in model inference
 * requests"). Roles that Bedrock itself assumes are left out: agents and knowledge bases make calls without the key.
 */
export const bedrockIamGuardrailCondition = rule({
  id: 'BedrockIamGuardrailCondition',
  appliesTo: IDENTITY_POLICY_TYPES,
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.9.2'],
  crosswalk: { owasp: ['LLM01:2025'], atlas: ['AML.T0051', 'AML.T0054'], nist80053: ['AC-3', 'AC-6'] },
  why: 'A caller that may leave the guardrail out will, by mistake or after a break-in, and reach the bare model.',
  fix: 'Allow the call with StringEquals on bedrock:GuardrailIdentifier, and Deny it with StringNotEquals on the same version.',
  claims: inDocuments('Statement.*.Condition.bedrock:GuardrailIdentifier', 'Deny.bedrock:GuardrailIdentifier'),
  beyondGuard: 'the Allow and the Deny of a role may stand in different policies',
  check: (resource, graph) => {
    const verdict = judgeStatements(resource, graph, allowsText, ({ statement, path }) => {
      const faults = conditionFaults(statement, path, graph);
      return faults.length > 0 || denied(statement, resource, graph)
        ? faults
        : [
            violation(
              path,
              `${statementName(statement)} stands without a Deny of calls that name another guardrail or none`,
            ),
          ];
    });
    return verdict && isBedrocksOwn(rolesOf(resource, graph)) ? undefined : verdict;
  },
  compliant: policy([allow({ StringEquals: guarded() }), deny()]),
  nonCompliant: policy([allow(undefined)]),
});

function allowsText(statement: Statement): boolean {
  const { resources } = statement;
  return allowsInvoke(statement) && (resources.length === 0 || !resources.every((resource) => NO_TEXT.test(resource)));
}

/** What is wrong with the Allow itself. */
function conditionFaults(statement: Statement, path: string, graph: TemplateGraph): Violation[] {
  const values = Object.entries(statement.conditions)
    .filter(([operator]) => EQUAL.test(operator))
    .flatMap(([, block]) => Object.entries(block))
    .filter(([key]) => key.toLowerCase() === KEY)
    .flatMap(([, value]) => asList(value));
  if (values.length === 0) {
    return [violation(path, `${statementName(statement)} allows to call a model without bedrock:GuardrailIdentifier`)];
  }
  return values.flatMap((value) => versionFaults(value, statement, path, graph));
}

function versionFaults(value: unknown, statement: Statement, path: string, graph: TemplateGraph): Violation[] {
  if (value instanceof Opaque) {
    return [unresolved(path, value)];
  }
  const version = /guardrail\/[^:*]+:([^:*]+)$/.exec(textOf(value))?.[1];
  return version === undefined || isDraft(version, graph)
    ? [violation(path, `${statementName(statement)} names guardrail ${textOf(value)}, expected one published version`)]
    : [];
}

/** Whether every role that gets an Allow, or else its own document, also denies the call without the guardrail. */
function denied(allowed: Statement, policy: GraphResource, graph: TemplateGraph): boolean {
  const roles = rolesOf(policy, graph);
  const beside =
    roles.length > 0
      ? roles.map((role) => statementsOfRole(role, graph))
      : [statementsOf(policy.properties.PolicyDocument)];
  return beside.every((statements) => statements.some((other) => deniesUnguarded(other, allowed)));
}

/** Whether a statement denies what another allows, unless a guardrail is named. */
function deniesUnguarded({ effect, actions, resources, conditions }: Statement, allowed: Statement): boolean {
  const calls = INVOKE.every((call) => actions.some((action) => actionCovers(action, call)));
  const models = allowed.resources.every((model) => resources.includes(model)) && allowed.resources.length > 0;
  return effect === 'Deny' && calls && (models || resources.includes('*')) && holdsWithoutGuardrail(conditions);
}

/** Whether conditions are met by a call without the guardrail, whatever else it says. */
function holdsWithoutGuardrail(conditions: Statement['conditions']): boolean {
  const operators = Object.entries(conditions);
  return (
    operators.length > 0 &&
    conditionKeys(conditions).every((key) => key.toLowerCase() === KEY) &&
    operators.every(([operator, block]) => UNEQUAL.test(operator) || (operator === 'Null' && saysAbsent(block)))
  );
}

function saysAbsent(block: Readonly<Record<string, unknown>>): boolean {
  return Object.values(block).every((value) => textOf(value) === 'true');
}

function isBedrocksOwn(roles: readonly GraphResource[]): boolean {
  const trusted = roles.map((role) =>
    statementsOf(propertyOf(role, 'AssumeRolePolicyDocument')).flatMap(({ principals }) => principals),
  );
  return (
    roles.length > 0 &&
    trusted.every((trust) => trust.length > 0 && trust.every((principal) => principal === 'bedrock.amazonaws.com'))
  );
}

function guarded() {
  return { 'bedrock:GuardrailIdentifier': 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/abcdefghijkl:1' };
}

function allow(Condition: object | undefined) {
  const Resource = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
  return { Sid: 'Call', Effect: 'Allow', Action: INVOKE, Resource, ...(Condition && { Condition }) };
}

function deny() {
  return { Effect: 'Deny', Action: INVOKE, Resource: '*', Condition: { StringNotEquals: guarded() } };
}

function policy(Statement: object[]) {
  return { Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement } } } };
}
