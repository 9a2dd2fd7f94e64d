import { rule } from '../../define-rule';
import { isBetween, isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const ASKED = [
  isBetween('LockConfiguration.MinRetentionDays', { min: 1 }),
  isBetween('LockConfiguration.ChangeableForDays', { min: 3 }),
  isOwnKey('EncryptionKeyArn'),
];
const Model = { Type: 'AWS::SageMaker::Model' };

/**
 * Backups cannot be deleted, by anybody: with ChangeableForDays a lock becomes final, without it an administrator takes it
 * off again (AWS Backup Developer Guide, "AWS Backup Vault Lock"; three days are the least it accepts).
 */
export const backupVaultLocked = rule({
  id: 'BackupVaultLocked',
  appliesTo: ['AWS::Backup::BackupVault'],
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.6'],
  crosswalk: { securityHub: ['Backup.1'], nist80053: ['CP-9', 'SC-28'] },
  why: 'Ransomware with administrator rights deletes the backups first, and models and features are lost with them.',
  fix: 'Set LockConfiguration with MinRetentionDays and ChangeableForDays, and EncryptionKeyArn to your key.',
  claims: ASKED.flatMap(({ claims }) => claims),
  beyondGuard: 'the tags of a vault have a name of their own, by which Guard cannot tell an AI system',
  check: ({ properties }) => ASKED.flatMap(({ judge }) => judge(properties, '')),
  compliant: {
    Vault: {
      Type: 'AWS::Backup::BackupVault',
      Properties: { LockConfiguration: { MinRetentionDays: 30, ChangeableForDays: 3 }, EncryptionKeyArn: 'key' },
    },
    Model,
  },
  nonCompliant: { Vault: { Type: 'AWS::Backup::BackupVault', Properties: { EncryptionKeyArn: 'key' } }, Model },
});
