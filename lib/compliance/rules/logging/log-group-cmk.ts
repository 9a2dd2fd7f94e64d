import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** The logs of an AI system are encrypted with a key that its owner can withdraw. */
export const logGroupCmk = rule({
  id: 'LogGroupCmk',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8'],
  crosswalk: { nist80053: ['AU-9', 'SC-12', 'SC-28'] },
  why: 'Prompts and answers in logs are readable to whoever may read logs, whatever the keys of the system allow.',
  fix: 'Set KmsKeyId to a customer managed key whose policy lets CloudWatch Logs use it for this log group.',
  requires: { 'AWS::Logs::LogGroup': [isOwnKey('KmsKeyId')] },
  configRules: ['CLOUDWATCH_LOG_GROUP_ENCRYPTED'],
  compliant: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: 'key', Tags } } },
  nonCompliant: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { Tags } } },
});
