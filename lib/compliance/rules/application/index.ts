import type { OmittedRule, Rule } from '../../rule';

/** Rules of functions, APIs, workflows, messaging and builds. */
export const APPLICATION_RULES: readonly Rule[] = [];

/** Proposals that became part of another rule, or none. */
export const APPLICATION_OMITTED: readonly OmittedRule[] = [];
