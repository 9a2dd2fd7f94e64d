import { Opaque, valueOfJson } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { allowsAnyone, statementName, statementsOf } from '../../statements';

/** Where each type holds its policy. */
const POLICIES: Readonly<Record<string, string>> = {
  'AWS::Bedrock::KnowledgeBasePolicy': 'PolicyDocument',
  'AWS::Bedrock::ResourcePolicy': 'PolicyDocument',
  'AWS::BedrockAgentCore::ResourcePolicy': 'Policy',
};

/** A policy of a Bedrock resource lets in whom it names. */
export const bedrockResourcePolicyNoWildcard = rule({
  id: 'BedrockResourcePolicyNoWildcard',
  appliesTo: Object.keys(POLICIES),
  level: ALWAYS_ERROR,
  annexA: ['A.10.2'],
  crosswalk: { nist80053: ['AC-3', 'AC-6'], atlas: ['AML.T0040'] },
  why: 'A policy for every principal gives any AWS account the agent, the guardrail or the knowledge base behind it.',
  fix: 'Name the accounts or roles, or bind the statement with aws:PrincipalOrgID.',
  claims: [...new Set(Object.values(POLICIES))].map((policy) => `${policy}.Statement.*.Principal`),
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: (resource) => {
    const property = POLICIES[resource.type];
    const policy = valueOfJson(propertyOf(resource, property));
    if (policy instanceof Opaque) {
      return [unresolved(property, policy)];
    }
    const statements = statementsOf(policy);
    return statements.length === 0
      ? undefined
      : statements
          .filter(allowsAnyone)
          .map((statement) => violation(property, `${statementName(statement)} lets every AWS account in`));
  },
  compliant: policyFor({ AWS: 'arn:aws:iam::111122223333:role/caller' }),
  nonCompliant: policyFor('*'),
});

function policyFor(Principal: unknown) {
  const Statement = [{ Effect: 'Allow', Principal, Action: 'bedrock:ApplyGuardrail', Resource: '*' }];
  return { Policy: { Type: 'AWS::Bedrock::ResourcePolicy', Properties: { PolicyDocument: { Statement } } } };
}
