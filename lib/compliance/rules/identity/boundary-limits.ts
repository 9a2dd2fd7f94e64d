import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { statementsOf } from '../../statements';
import { isBoundary } from './boundaries';

/** A permissions boundary lists what it lets through. One that allows everything bounds only what somebody thought of denying. */
export const iamBoundaryLimits = rule({
  id: 'IamBoundaryLimits',
  appliesTo: ['AWS::IAM::ManagedPolicy'],
  level: ALWAYS_WARNING,
  annexA: ['A.3.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-6'] },
  why: 'A policy that somebody attaches later gives the workload every right that the boundary forgot to deny.',
  fix: 'List the actions that the workload may ever need in the Allow of the boundary, instead of "*".',
  claims: ['PolicyDocument.Statement.*.Action'],
  beyondGuard: 'whether a policy is a boundary stands in the roles that name it',
  check: (policy, graph) => {
    const { PolicyDocument } = policy.properties;
    if (!isBoundary(policy, graph)) {
      return undefined;
    }
    if (PolicyDocument instanceof Opaque) {
      return [unresolved('PolicyDocument', PolicyDocument)];
    }
    const allowed = statementsOf(PolicyDocument).filter(({ effect }) => effect === 'Allow');
    return allowed.length === 0
      ? undefined
      : allowed
          .filter(({ actions }) => actions.length === 0 || actions.includes('*'))
          .map(({ index }) => violation(`PolicyDocument.Statement.${index}`, 'lets every action through'));
  },
  compliant: boundaryWith('s3:GetObject'),
  nonCompliant: boundaryWith('*'),
});

function boundaryWith(Action: string) {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
  return {
    Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } },
    Role: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: { Ref: 'Boundary' } } },
  };
}
