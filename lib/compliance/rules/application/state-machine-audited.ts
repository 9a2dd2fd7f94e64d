import { rule } from '../../define-rule';
import { is, isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { inside } from '../structure';

/** A workflow records every step, encrypted with a key of the owner. */
export const stateMachineAudited = rule({
  id: 'StateMachineAudited',
  scope: 'ai',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8'],
  crosswalk: {
    securityHub: ['StepFunctions.1'],
    nist80053: ['AU-2', 'AU-12', 'SC-28'],
    euAiAct: ['Art. 12', 'Art. 19'],
  },
  why: 'A step that no log shows, such as a gate that was passed or skipped, cannot be proven later.',
  fix: 'Set the log level ALL, and EncryptionConfiguration with a customer managed key.',
  requires: {
    'AWS::StepFunctions::StateMachine': [
      is('LoggingConfiguration.Level', 'ALL'),
      inside('EncryptionConfiguration', [
        is('EncryptionConfiguration.Type', 'CUSTOMER_MANAGED_KMS_KEY'),
        isOwnKey('EncryptionConfiguration.KmsKeyId'),
      ]),
    ],
  },
  configRules: ['STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED'],
  compliant: example({
    LoggingConfiguration: { Level: 'ALL' },
    EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: 'key' },
  }),
  nonCompliant: example({ LoggingConfiguration: { Level: 'ERROR' } }),
});

function example(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { Tags, ...properties } } };
}
