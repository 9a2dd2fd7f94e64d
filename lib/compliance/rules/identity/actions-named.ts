import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { type Statement, statementsOf } from '../../statements';
import { isBoundaryOnly } from './boundaries';
import { isAdministrative } from './no-admin-wildcards';
import { documentsOf, inDocuments, POLICY_HOLDERS } from './policy-documents';

/** Who works beside a model is given actions by name: all of a service's, even on one resource, are its administration too. */
export const iamActionsNamed = rule({
  id: 'IamActionsNamed',
  scope: 'ai',
  appliesTo: POLICY_HOLDERS,
  level: ALWAYS_WARNING,
  annexA: ['A.3.2'],
  crosswalk: { nist80053: ['AC-6'], owasp: ['LLM06:2025'] },
  why: 'With s3:* on its own bucket, a workload that is taken over replaces the policy that protects the bucket.',
  fix: 'List the actions that the work needs instead of all of the service.',
  claims: inDocuments('Statement.*.Action'),
  beyondGuard: 'statements come in many forms, and a managed policy may be a boundary, which grants nothing',
  check: (resource, graph) => {
    const documents = documentsOf(resource);
    if (documents.length === 0 || isBoundaryOnly(resource, graph)) {
      return undefined;
    }
    return documents.flatMap(({ at, document }) =>
      document instanceof Opaque
        ? [unresolved(at, document)]
        : statementsOf(document).flatMap((statement) =>
            wholeServices(statement).map((action) =>
              violation(
                `${at}.Statement.${statement.index}`,
                `allows ${action}, expected the actions that the work needs`,
              ),
            ),
          ),
    );
  },
  compliant: roleWith('s3:GetObject'),
  nonCompliant: roleWith('s3:*'),
});

/** Protocols of agents, of which each action belongs to one connection of the instance itself. */
const OWN_CONNECTION = /^(ec2messages|ssmmessages|xray):\*$/i;

/** Administration of everything is the concern of IamNoAdminWildcards. */
function wholeServices(statement: Statement): string[] {
  return statement.effect === 'Allow' && !isAdministrative(statement)
    ? statement.actions.filter((action) => /^[a-z0-9-]+:\*$/i.test(action) && !OWN_CONNECTION.test(action))
    : [];
}

function roleWith(Action: string) {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action, Resource: 'arn:aws:s3:::data/*' }] };
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'own', PolicyDocument }], Tags } } };
}
