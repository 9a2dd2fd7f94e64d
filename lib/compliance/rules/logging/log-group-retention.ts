import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { isBetween, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { wherePersonal } from './personal-logs';
import { RECORD_DAYS } from './record-retention';

/**
 * Logs of an AI system in production are kept for six months at least. Without RetentionInDays they never expire, which
 * keeps them long enough, and personal data in them too long.
 */
export const logGroupRetention = rule({
  id: 'LogGroupRetention',
  scope: 'ai',
  appliesWhen: [inProduction],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8'],
  crosswalk: { securityHub: ['CloudWatch.16'], nist80053: ['AU-11', 'SI-12'], euAiAct: ['Art. 19', 'Art. 26'] },
  why: 'A harmful decision is reported after months, when the log that explains it has expired.',
  fix: `Set RetentionInDays to at least ${RECORD_DAYS}, and always set it where logs hold personal data.`,
  requires: {
    'AWS::Logs::LogGroup': [
      whenSet('RetentionInDays', [isBetween('RetentionInDays', { min: RECORD_DAYS })]),
      wherePersonal([isBetween('RetentionInDays', { min: RECORD_DAYS })]),
    ],
  },
  configRules: ['CW_LOGGROUP_RETENTION_PERIOD_CHECK'],
  compliant: log({ RetentionInDays: 365 }, 'personal'),
  nonCompliant: log({ RetentionInDays: 7 }, 'internal'),
});

function log(properties: object, dataClass: string) {
  const Tags = [{ Key: 'ai:data-class', Value: dataClass }];
  return { Log: { Type: 'AWS::Logs::LogGroup', Properties: { ...properties, Tags } } };
}
