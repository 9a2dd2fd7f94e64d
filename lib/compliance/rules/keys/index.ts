import type { OmittedRule, Rule } from '../../rule';
import { kmsRotation } from './rotation';
import { kmsKeyUseNotDelegated } from './use-not-delegated';

/** Rules of KMS keys. */
export const KEYS_RULES: readonly Rule[] = [kmsRotation, kmsKeyUseNotDelegated];

/** Proposals that became part of another rule, or none. */
export const KEYS_OMITTED: readonly OmittedRule[] = [];
