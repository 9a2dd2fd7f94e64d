import { mustBe, mustExist } from '../expect';
import { ALWAYS_ERROR, type Rule } from '../rule';

/** A trail covers every Region, proves that its files are unchanged, and is encrypted. */
export const cloudTrailTamperEvident: Rule = {
  id: 'CloudTrailTamperEvident',
  appliesTo: ['AWS::CloudTrail::Trail'],
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8'],
  crosswalk: {
    securityHub: ['CloudTrail.1', 'CloudTrail.2', 'CloudTrail.4'],
    nist80053: ['AU-9', 'AU-12'],
    euAiAct: ['Art. 12'],
  },
  why: 'A record that can be changed, or that misses a Region, proves nothing.',
  fix: 'Set IsLogging, IsMultiRegionTrail, EnableLogFileValidation and KMSKeyId.',
  check: (trail) => [
    ...mustBe(trail, 'IsLogging', true),
    ...mustBe(trail, 'IsMultiRegionTrail', true),
    ...mustBe(trail, 'EnableLogFileValidation', true),
    ...mustExist(trail, 'KMSKeyId'),
  ],
  compliant: {
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: { IsLogging: true, IsMultiRegionTrail: true, EnableLogFileValidation: true, KMSKeyId: 'key' },
    },
  },
  nonCompliant: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true } } },
};
