import type { OmittedRule, Rule } from '../../rule';
import { trailIntegrity } from './trail-integrity';

/** Rules of logs and audit trails. */
export const LOGGING_RULES: readonly Rule[] = [trailIntegrity];

/** Proposals that became part of another rule, or none. */
export const LOGGING_OMITTED: readonly OmittedRule[] = [];
