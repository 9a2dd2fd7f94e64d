import { mustExist } from '../expect';
import { ALWAYS_ERROR, type Rule } from '../rule';

/** Every role has a permissions boundary. */
export const iamRoleBoundary: Rule = {
  id: 'IamRoleBoundary',
  appliesTo: ['AWS::IAM::Role'],
  level: ALWAYS_ERROR,
  annexA: ['A.3.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-6'] },
  why: 'A boundary keeps a role within its purpose whatever is attached to it later.',
  fix: 'Set PermissionsBoundary to a policy that lists what the workload may do at most.',
  check: (role) => mustExist(role, 'PermissionsBoundary'),
  compliant: { Role: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: 'arn' } } },
  nonCompliant: { Role: { Type: 'AWS::IAM::Role', Properties: {} } },
};
