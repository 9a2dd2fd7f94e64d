import type { OmittedRule, Rule } from '../../rule';
import { s3AuditObjectLock } from './audit-object-lock';
import { s3BucketProtected } from './bucket-protected';

/** Rules of buckets, file systems, tables, registries and backups. */
export const STORAGE_RULES: readonly Rule[] = [s3AuditObjectLock, s3BucketProtected];

/** Proposals that became part of another rule, or none. */
export const STORAGE_OMITTED: readonly OmittedRule[] = [];
