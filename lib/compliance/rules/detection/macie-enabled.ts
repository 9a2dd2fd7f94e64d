import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** Macie is not paused. A session is made once for an account, so it is judged where it is; its default is ENABLED. */
export const macieEnabled = rule({
  id: 'MacieEnabled',
  detects: true,
  level: ALWAYS_WARNING,
  annexA: ['A.7.2'],
  crosswalk: { securityHub: ['Macie.1'], nist80053: ['RA-5', 'SI-4'] },
  why: 'Personal data that slips into a dataset bucket stays there unnoticed, and ends up in a model.',
  fix: 'Set Status to ENABLED, or leave it out.',
  requires: { 'AWS::Macie::Session': [is('Status', 'ENABLED', { byDefault: 'ENABLED' })] },
  configRules: ['MACIE_STATUS_CHECK'],
  compliant: { Session: { Type: 'AWS::Macie::Session' } },
  nonCompliant: { Session: { Type: 'AWS::Macie::Session', Properties: { Status: 'PAUSED' } } },
});
