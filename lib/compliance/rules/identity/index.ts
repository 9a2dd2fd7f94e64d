import type { OmittedRule, Rule } from '../../rule';
import { iamPermissionsBoundary } from './permissions-boundary';

/** Rules of IAM and secrets. */
export const IDENTITY_RULES: readonly Rule[] = [iamPermissionsBoundary];

/** Proposals that became part of another rule, or none. */
export const IDENTITY_OMITTED: readonly OmittedRule[] = [];
