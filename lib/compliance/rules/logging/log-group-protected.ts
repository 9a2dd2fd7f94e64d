import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { is, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { whereContainersLog, wherePersonal } from './personal-logs';

const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** Logs of an AI system in production are not deleted by mistake, and endpoints that log personal data have it masked. */
export const logGroupProtected = rule({
  id: 'LogGroupProtected',
  scope: 'ai',
  appliesWhen: [inProduction],
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.8'],
  crosswalk: { nist80053: ['AU-9'], euAiAct: ['Art. 19'], owasp: ['LLM02:2025'] },
  why: 'A stack operation deletes the record, or a container that prints its input shows names to all who read logs.',
  fix: 'Set DeletionProtectionEnabled to true, and a DataProtectionPolicy where an endpoint sees personal data.',
  requires: {
    'AWS::Logs::LogGroup': [
      is('DeletionProtectionEnabled', true),
      wherePersonal([whereContainersLog([isSet('DataProtectionPolicy')])]),
    ],
  },
  compliant: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { DeletionProtectionEnabled: true, Tags } } },
  nonCompliant: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { Tags } } },
});
