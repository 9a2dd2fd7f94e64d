import type { OmittedRule, Rule } from '../../rule';
import { sageMakerEndpointConfigEncrypted } from './config-cmk';

/** Rules of endpoints, their monitoring and feature stores. */
export const ENDPOINTS_RULES: readonly Rule[] = [sageMakerEndpointConfigEncrypted];

/** Proposals that became part of another rule, or none. */
export const ENDPOINTS_OMITTED: readonly OmittedRule[] = [];
