import type { OmittedRule, Rule } from '../../rule';

/** Rules of notebooks and SageMaker Studio. */
export const STUDIO_RULES: readonly Rule[] = [];

/** Proposals that became part of another rule, or none. */
export const STUDIO_OMITTED: readonly OmittedRule[] = [];
