import type { OmittedRule, Rule } from '../../rule';
import { kmsAdminUserSeparation } from './admin-user-separation';
import { kmsDeletionProtected } from './deletion-protected';
import { kmsGrantConstrained } from './grant-constrained';
import { kmsNoWildcardPrincipal } from './no-wildcard-principal';
import { kmsPurposeSeparation } from './purpose-separation';
import { kmsKeyRetained } from './retained';
import { kmsRotation } from './rotation';
import { kmsServiceBound } from './service-bound';
import { kmsKeyUseNotDelegated } from './use-not-delegated';

/** Rules of KMS keys. */
export const KEYS_RULES: readonly Rule[] = [
  kmsAdminUserSeparation,
  kmsDeletionProtected,
  kmsGrantConstrained,
  kmsKeyRetained,
  kmsKeyUseNotDelegated,
  kmsNoWildcardPrincipal,
  kmsPurposeSeparation,
  kmsRotation,
  kmsServiceBound,
];

/** Proposals that became part of another rule, or none. */
export const KEYS_OMITTED: readonly OmittedRule[] = [];
