import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Messages are encrypted with a key of the owner. */
export const messagingEncrypted = rule({
  id: 'MessagingEncrypted',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { securityHub: ['SNS.1', 'SQS.1'], nist80053: ['SC-12', 'SC-28'] },
  why: "Failed requests and alarms hold data of people, and under AWS's own key nobody can withdraw or limit their use.",
  fix: 'Set KmsMasterKeyId to a customer managed key, which alarms and event rules need anyway to publish.',
  requires: {
    'AWS::SNS::Topic': [isOwnKey('KmsMasterKeyId')],
    'AWS::SQS::Queue': [isOwnKey('KmsMasterKeyId')],
  },
  configRules: ['SNS_ENCRYPTED_KMS'],
  compliant: example({ KmsMasterKeyId: 'key' }),
  nonCompliant: example({ KmsMasterKeyId: 'alias/aws/sns' }),
});

function example(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { Tags, ...properties } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { Tags, ...properties } },
  };
}
