import type { OmittedRule, Rule } from '../../rule';

/** Rules of Nitro Enclaves and the instances that host them. */
export const ENCLAVE_RULES: readonly Rule[] = [];

/** Proposals that became part of another rule, or none. */
export const ENCLAVE_OMITTED: readonly OmittedRule[] = [];
