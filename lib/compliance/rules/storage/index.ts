import type { OmittedRule, Rule } from '../../rule';
import { s3AccessLogged } from './access-logged';
import { s3AuditDeletionDenied } from './audit-deletion-denied';
import { s3AuditObjectLock } from './audit-object-lock';
import { s3AuditRetained } from './audit-retained';
import { backupPlanCovers } from './backup-plan-covers';
import { backupVaultLocked } from './backup-vault-locked';
import { s3CmkEncryption } from './cmk-encryption';
import { dynamoDbProtected } from './dynamodb-protected';
import { ecrHardened } from './ecr-hardened';
import { ecrSigned } from './ecr-signed';
import { fileSystemEncrypted } from './file-system-encrypted';
import { s3Lifecycle } from './lifecycle';
import { s3MalwareScan } from './malware-scan';
import { s3PublicAccessBlocked } from './public-access-blocked';
import { s3TlsOnly } from './tls-only';
import { s3Versioned } from './versioned';
import { s3VpceRestricted } from './vpce-restricted';

/** Rules of buckets, file systems, tables, registries and backups. */
export const STORAGE_RULES: readonly Rule[] = [
  backupPlanCovers,
  backupVaultLocked,
  dynamoDbProtected,
  ecrHardened,
  ecrSigned,
  fileSystemEncrypted,
  s3AccessLogged,
  s3AuditDeletionDenied,
  s3AuditObjectLock,
  s3AuditRetained,
  s3CmkEncryption,
  s3Lifecycle,
  s3MalwareScan,
  s3PublicAccessBlocked,
  s3TlsOnly,
  s3Versioned,
  s3VpceRestricted,
];

/** Proposals that became part of another rule, or none. */
export const STORAGE_OMITTED: readonly OmittedRule[] = [];
