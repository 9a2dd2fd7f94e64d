import { oneOf } from '../../conditions';
import { rule } from '../../define-rule';
import { is, isBetween } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';

/** Symmetric keys that KMS made rotate within a year. KMS does not rotate signing and HMAC keys, or imported material. */
export const kmsRotation = rule({
  id: 'KmsRotation',
  level: ALWAYS_ERROR,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['KMS.4'], nist80053: ['SC-12'] },
  why: 'Whoever breaks or copies one version of the key reads everything that was ever encrypted, not only a year of it.',
  fix: 'Set EnableKeyRotation to true, and RotationPeriodInDays, where it is set, to at most 365.',
  appliesWhen: [
    oneOf('KeySpec', ['SYMMETRIC_DEFAULT'], { byDefault: 'SYMMETRIC_DEFAULT' }),
    oneOf('Origin', ['AWS_KMS'], { byDefault: 'AWS_KMS' }),
  ],
  requires: {
    'AWS::KMS::Key': [is('EnableKeyRotation', true), isBetween('RotationPeriodInDays', { max: 365, byDefault: 365 })],
  },
  configRules: ['CMK_BACKING_KEY_ROTATION_ENABLED'],
  compliant: { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } } },
  nonCompliant: { Key: { Type: 'AWS::KMS::Key', Properties: {} } },
});
