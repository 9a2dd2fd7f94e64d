import type { OmittedRule, Rule } from '../../rule';

/** Rules of governance: manifests, approvals and separation. */
export const GOVERNANCE_RULES: readonly Rule[] = [];

/** Proposals that became part of another rule, or none. */
export const GOVERNANCE_OMITTED: readonly OmittedRule[] = [];
