import { mustBe, propertyOf } from '../expect';
import { ALWAYS_ERROR, type Rule } from '../rule';

/** Symmetric keys rotate. KMS does not rotate signing and HMAC keys. */
export const kmsKeyRotation: Rule = {
  id: 'KmsKeyRotation',
  appliesTo: ['AWS::KMS::Key'],
  level: ALWAYS_ERROR,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['KMS.4'], nist80053: ['SC-12'] },
  why: 'Rotation bounds how much one key version protects.',
  fix: 'Set EnableKeyRotation to true.',
  check: (key) => {
    const spec = propertyOf(key, 'KeySpec') ?? 'SYMMETRIC_DEFAULT';
    return spec === 'SYMMETRIC_DEFAULT' ? mustBe(key, 'EnableKeyRotation', true) : undefined;
  },
  compliant: { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } } },
  nonCompliant: { Key: { Type: 'AWS::KMS::Key', Properties: {} } },
};
