import { rule } from '../../define-rule';
import { is, isOwnKey } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';

/** A trail covers every Region, proves that its files are unchanged, and is encrypted. */
export const trailIntegrity = rule({
  id: 'TrailIntegrity',
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8'],
  crosswalk: {
    securityHub: ['CloudTrail.1', 'CloudTrail.2', 'CloudTrail.4'],
    nist80053: ['AU-9', 'AU-12'],
    euAiAct: ['Art. 12'],
  },
  why: 'A record that can be changed, or that misses a Region, proves nothing.',
  fix: 'Set IsLogging, IsMultiRegionTrail, EnableLogFileValidation and KMSKeyId.',
  requires: {
    'AWS::CloudTrail::Trail': [
      is('IsLogging', true),
      is('IsMultiRegionTrail', true),
      is('EnableLogFileValidation', true),
      isOwnKey('KMSKeyId'),
    ],
  },
  compliant: {
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: { IsLogging: true, IsMultiRegionTrail: true, EnableLogFileValidation: true, KMSKeyId: 'key' },
    },
  },
  nonCompliant: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true } } },
});
