import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { is, isBetween } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** A deleted key can be saved for 30 days (KMS's default), and nobody can lock everyone out of it. */
export const kmsDeletionProtected = rule({
  id: 'KmsDeletionProtected',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8'],
  crosswalk: { securityHub: ['KMS.3'], nist80053: ['SC-12', 'CP-9'] },
  why: 'Whoever schedules the deletion of a key over a holiday destroys all data and evidence under it before anyone returns.',
  fix: 'Leave PendingWindowInDays and BypassPolicyLockoutSafetyCheck out, or set them to 30 and false.',
  appliesWhen: [inProduction],
  requires: {
    'AWS::KMS::Key': [
      isBetween('PendingWindowInDays', { min: 30, byDefault: 30 }),
      is('BypassPolicyLockoutSafetyCheck', false, { byDefault: false }),
    ],
    'AWS::KMS::ReplicaKey': [isBetween('PendingWindowInDays', { min: 30, byDefault: 30 })],
  },
  compliant: { Key: { Type: 'AWS::KMS::Key', Properties: { Tags } } },
  nonCompliant: { Key: { Type: 'AWS::KMS::Key', Properties: { PendingWindowInDays: 7, Tags } } },
});
