import { type GraphResource, type TemplateGraph, textOf } from '../../../analysis';
import { concernsAi } from '../../conditions';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';
import { type Statement, statementsOf } from '../../statements';
import { isBoundaryOnly } from '../identity/boundaries';
import { actionSet, firstCovering } from '../identity/covering';
import { demands } from '../identity/demands';
import { documentsOf, inDocuments, POLICY_HOLDERS } from '../identity/policy-documents';
import { isAccount, isService, judgeStatements, KEY_TYPES, keyWith } from './key-policy';

const GRANTS = actionSet('kms:CreateGrant');
const CONSTRAINT = 'Statement.*.Condition.kms:GrantIsForAWSResource';
const BY_SERVICES = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
const grants = (more: object) =>
  keyWith({ Principal: { AWS: 'arn:aws:iam::111122223333:role/training' }, Action: 'kms:CreateGrant', ...more });

/** Grants are made by services for their resources, or to a grantee that the policy names. */
export const kmsGrantConstrained = rule({
  id: 'KmsGrantConstrained',
  appliesTo: [...KEY_TYPES, ...POLICY_HOLDERS],
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-6', 'SC-12'] },
  why: 'Whoever holds the role once grants the key to an account of their own, and no policy shows that grant afterwards.',
  fix: 'Add the condition Bool kms:GrantIsForAWSResource true to the statement that allows kms:CreateGrant.',
  claims: [`KeyPolicy.${CONSTRAINT}`, ...inDocuments(CONSTRAINT)],
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: (resource, graph) =>
    KEY_TYPES.includes(resource.type) ? judgeStatements(resource, faultOf) : ofIdentity(resource, graph),
  compliant: grants({ Condition: BY_SERVICES }),
  nonCompliant: grants({}),
});

function faultOf(statement: Statement): string | undefined {
  return letsGrant(statement) && !isConstrained(statement) ? 'lets grants be made to anyone' : undefined;
}

/** Only policies that speak of grants are judged; one that allows all of KMS is IamNoAdminWildcards's concern. */
function ofIdentity(holder: GraphResource, graph: TemplateGraph): Verdict {
  if (!concernsAi(holder, graph) || isBoundaryOnly(holder, graph)) {
    return undefined;
  }
  const granting = documentsOf(holder).flatMap(({ at, document }) =>
    statementsOf(document)
      .filter(({ effect, actions }) => effect === 'Allow' && actions.some((action) => /^kms:Cr/i.test(action)))
      .map((statement) => ({ at: `${at}.Statement.${statement.index}`, statement })),
  );
  return granting.length === 0
    ? undefined
    : granting
        .filter(({ statement }) => !isConstrained(statement))
        .map(({ at }) => violation(at, 'allows kms:CreateGrant for anyone, expected kms:GrantIsForAWSResource'));
}

/** All of KMS for the account is KmsKeyUseNotDelegated's concern; a service makes grants for itself. */
function letsGrant({ effect, actions, principals }: Statement): boolean {
  const delegated = principals.every(isAccount) && actions.every((action) => /^(\*|kms:\*)$/i.test(action));
  return (
    effect === 'Allow' &&
    !delegated &&
    !(principals.length > 0 && principals.every(isService)) &&
    firstCovering(actions, GRANTS) !== undefined
  );
}

function isConstrained(statement: Statement): boolean {
  const forResource = Object.values(statement.conditions).some(
    (block) => textOf(block['kms:GrantIsForAWSResource']) === 'true',
  );
  return forResource || demands(statement, /^kms:GranteePrincipal$/i);
}
