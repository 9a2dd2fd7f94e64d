import { rule } from '../../define-rule';
import { each, is, isNot, some, whenIs } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

const ENABLED = is('Status', 'ENABLED');
/** Features that a detector has unless they are switched off (GuardDuty API Reference, `CreateDetector`). */
const BY_DEFAULT = ['S3_DATA_EVENTS', 'LAMBDA_NETWORK_LOGS'];
const RUNTIME = 'RUNTIME_MONITORING';
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** A detector watches data, functions and processes. Runtime monitoring is the one feature that is off until asked for. */
export const guardDutyFeatures = rule({
  id: 'GuardDutyFeatures',
  scope: 'ai',
  detects: true,
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6'],
  crosswalk: {
    securityHub: ['GuardDuty.1', 'GuardDuty.6', 'GuardDuty.10', 'GuardDuty.11'],
    nist80053: ['RA-5', 'SI-4'],
    euAiAct: ['Art. 15'],
  },
  why: 'Datasets copied with stolen credentials, or a miner in a training image, raise no finding.',
  fix: `Set Enable to true and the features ${[...BY_DEFAULT, RUNTIME].join(', ')} to ENABLED.`,
  requires: {
    'AWS::GuardDuty::Detector': [
      is('Enable', true),
      isNot('DataSources.S3Logs.Enable', [false]),
      each(
        'Features',
        BY_DEFAULT.map((name) => whenIs('Name', name, [ENABLED])),
      ),
      some('Features', [is('Name', RUNTIME), ENABLED], `feature ${RUNTIME} that is ENABLED`),
    ],
  },
  configRules: [
    'GUARDDUTY_ENABLED_CENTRALIZED',
    'GUARDDUTY_LAMBDA_PROTECTION_ENABLED',
    'GUARDDUTY_RUNTIME_MONITORING_ENABLED',
    'GUARDDUTY_S3_PROTECTION_ENABLED',
  ],
  compliant: detector({ Enable: true, Features: [{ Name: RUNTIME, Status: 'ENABLED' }] }),
  nonCompliant: detector({ Enable: true }),
});

function detector(properties: object) {
  return { Detector: { Type: 'AWS::GuardDuty::Detector', Properties: { ...properties, Tags } } };
}
