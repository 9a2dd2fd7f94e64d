import type { OmittedRule, Rule } from '../../rule';
import { sageMakerModelNetworkIsolation } from './network-isolation';

/** Rules of the model registry, models and model cards. */
export const MODELS_RULES: readonly Rule[] = [sageMakerModelNetworkIsolation];

/** Proposals that became part of another rule, or none. */
export const MODELS_OMITTED: readonly OmittedRule[] = [];
