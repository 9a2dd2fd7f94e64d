import type { OmittedRule, Rule } from '../../rule';
import { trainingJobIsolated } from './job-isolated';

/** Rules of training, processing and pipelines. */
export const TRAINING_RULES: readonly Rule[] = [trainingJobIsolated];

/** Proposals that became part of another rule, or none. */
export const TRAINING_OMITTED: readonly OmittedRule[] = [];
