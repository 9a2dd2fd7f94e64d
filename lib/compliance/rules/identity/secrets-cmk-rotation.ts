import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, valueAt, violation } from '../../expect';
import { isBetween, isOwnKey, type Requirement, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** References in a text: as templates write them, and as a parameter reads that only a deployment knows. */
const PROVIDED = /[{]{2}resolve:|[$][{]|<parameter /;

/** A secret's value is not written into the template: Secrets Manager makes it, or a person puts it in later. */
const noLiteral: Requirement = {
  claims: ['SecretString'],
  judge: (holder, at) => {
    const found = valueAt(holder, 'SecretString');
    if (found instanceof Opaque) {
      return [unresolved(`${at}SecretString`, found)];
    }
    return found === undefined || PROVIDED.test(String(found))
      ? []
      : [violation(`${at}SecretString`, 'found the secret in the template, expected GenerateSecretString')];
  },
  guard: (at) => `when ${at}SecretString exists {\n${at}SecretString == /${PROVIDED.source}/\n}`,
};

/** Secrets are encrypted with an own key, are not written into templates, and where they rotate, do so within 90 days. */
export const secretsCmkRotation = rule({
  id: 'SecretsCmkRotation',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.10.3'],
  crosswalk: { securityHub: ['SecretsManager.1', 'SecretsManager.4'], nist80053: ['IA-5', 'SC-12', 'SC-28'] },
  why: "Everyone who reads the template or the account's default key reads the API key of a model provider, and an old one works for ever.",
  fix: 'Set KmsKeyId to an own key, use GenerateSecretString, and rotate at least every 90 days.',
  requires: {
    'AWS::SecretsManager::RotationSchedule': [
      whenSet('RotationRules.AutomaticallyAfterDays', [isBetween('RotationRules.AutomaticallyAfterDays', { max: 90 })]),
    ],
    'AWS::SecretsManager::Secret': [isOwnKey('KmsKeyId'), noLiteral],
  },
  configRules: ['SECRETSMANAGER_USING_CMK'],
  compliant: secretWith({ KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1' }),
  nonCompliant: secretWith({ SecretString: 'hunter2' }),
});

function secretWith(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { ...properties, Tags } } };
}
