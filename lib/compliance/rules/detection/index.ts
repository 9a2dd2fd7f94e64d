import type { OmittedRule, Rule } from '../../rule';

/** Rules of what detects and alarms. */
export const DETECTION_RULES: readonly Rule[] = [];

/** Proposals that became part of another rule, or none. */
export const DETECTION_OMITTED: readonly OmittedRule[] = [];
