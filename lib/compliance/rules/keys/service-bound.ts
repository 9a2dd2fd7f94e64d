import { rule } from '../../define-rule';
import { ALWAYS_WARNING } from '../../rule';
import type { Statement } from '../../statements';
import { actionSet, firstCovering } from '../identity/covering';
import { demands } from '../identity/demands';
import { isService, judgeStatements, KEY_TYPES, keyWith } from './key-policy';

/** A service that uses a key does so for own resources only. */
export const kmsServiceBound = rule({
  id: 'KmsServiceBound',
  scope: 'ai',
  appliesTo: KEY_TYPES,
  level: ALWAYS_WARNING,
  annexA: ['A.4.5', 'A.3.2'],
  crosswalk: { nist80053: ['AC-3', 'AC-6', 'SC-12'] },
  why: 'A service that is tricked into working for another account decrypts with your key.',
  fix: 'Add aws:SourceAccount, aws:SourceArn or the encryption context to each statement that lets a service use the key.',
  claims: ['aws:SourceAccount', 'aws:SourceArn', 'kms:EncryptionContext'].map(
    (key) => `KeyPolicy.Statement.*.Condition.${key}`,
  ),
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: (key) =>
    judgeStatements(key, (statement) =>
      letsServiceUse(statement) && !demands(statement, FOR_WHOM)
        ? `lets ${statement.principals.find(isService)} use the key for any account`
        : undefined,
    ),
  compliant: serviceWith({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
  nonCompliant: serviceWith(undefined),
});

const USES = actionSet('kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:Sign');

/** Keys that say for whom a service works. */
const FOR_WHOM = /^(aws:source(account|arn|org(id|paths)|owner)|kms:(calleraccount|encryptioncontext:.+))$/i;

function letsServiceUse({ effect, principals, actions }: Statement): boolean {
  return effect === 'Allow' && principals.some(isService) && firstCovering(actions, USES) !== undefined;
}

function serviceWith(Condition: object | undefined) {
  const { Key } = keyWith({ Principal: { Service: 'events.amazonaws.com' }, Action: 'kms:Decrypt', Condition });
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Key: { ...Key, Properties: { ...Key.Properties, Tags } } };
}
