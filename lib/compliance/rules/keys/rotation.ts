import { oneOf } from '../../conditions';
import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';

/** Symmetric keys rotate. KMS does not rotate signing and HMAC keys. */
export const kmsRotation = rule({
  id: 'KmsRotation',
  level: ALWAYS_ERROR,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['KMS.4'], nist80053: ['SC-12'] },
  why: 'Rotation bounds how much one key version protects.',
  fix: 'Set EnableKeyRotation to true.',
  appliesWhen: [oneOf('KeySpec', ['SYMMETRIC_DEFAULT'], { byDefault: 'SYMMETRIC_DEFAULT' })],
  requires: { 'AWS::KMS::Key': [is('EnableKeyRotation', true)] },
  configRules: ['CMK_BACKING_KEY_ROTATION_ENABLED'],
  compliant: { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } } },
  nonCompliant: { Key: { Type: 'AWS::KMS::Key', Properties: {} } },
});
