import { rule } from '../../define-rule';
import { isSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Every role has a permissions boundary. */
export const iamPermissionsBoundary = rule({
  id: 'IamPermissionsBoundary',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-6'] },
  why: 'Without a boundary, a policy that somebody attaches later gives a workload rights that nobody reviewed.',
  fix: 'Set PermissionsBoundary to a policy that lists what the workload may do at most.',
  requires: { 'AWS::IAM::Role': [isSet('PermissionsBoundary')] },
  compliant: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { PermissionsBoundary: 'arn', Tags: [{ Key: 'ai:system-id', Value: 'x' }] },
    },
  },
  nonCompliant: { Role: { Type: 'AWS::IAM::Role', Properties: { Tags: [{ Key: 'ai:system-id', Value: 'x' }] } } },
});
