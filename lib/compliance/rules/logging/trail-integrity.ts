import { rule } from '../../define-rule';
import { is, isOwnKey, isSet } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';

/**
 * A trail covers every Region and IAM, proves that its files are unchanged, is encrypted, and can be alarmed on. A
 * trail of all Regions has to include global services; CloudTrail's API refuses anything else.
 */
export const trailIntegrity = rule({
  id: 'TrailIntegrity',
  detects: true,
  level: ALWAYS_ERROR,
  annexA: ['A.6.2.8'],
  crosswalk: {
    securityHub: ['CloudTrail.1', 'CloudTrail.2', 'CloudTrail.4', 'CloudTrail.5'],
    nist80053: ['AU-9', 'AU-12'],
    euAiAct: ['Art. 12'],
  },
  why: 'Whoever works in a Region that the trail misses, or edits its files, leaves no trace that can be proven.',
  fix: 'Set IsLogging, IsMultiRegionTrail, EnableLogFileValidation, KMSKeyId and CloudWatchLogsLogGroupArn.',
  requires: {
    'AWS::CloudTrail::Trail': [
      is('IsLogging', true),
      is('IsMultiRegionTrail', true),
      is('IncludeGlobalServiceEvents', true, { byDefault: true }),
      is('EnableLogFileValidation', true),
      isOwnKey('KMSKeyId'),
      isSet('CloudWatchLogsLogGroupArn'),
    ],
  },
  configRules: [
    'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
    'CLOUD_TRAIL_ENCRYPTION_ENABLED',
    'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
    'MULTI_REGION_CLOUD_TRAIL_ENABLED',
  ],
  compliant: {
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: {
        IsLogging: true,
        IsMultiRegionTrail: true,
        EnableLogFileValidation: true,
        KMSKeyId: 'key',
        CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:trail:*',
      },
    },
  },
  nonCompliant: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true } } },
});
