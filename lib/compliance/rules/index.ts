import type { OmittedRule, Rule } from '../rule';
import { AGENTCORE_OMITTED, AGENTCORE_RULES } from './agentcore';
import { APPLICATION_OMITTED, APPLICATION_RULES } from './application';
import { BEDROCK_OMITTED, BEDROCK_RULES } from './bedrock';
import { DETECTION_OMITTED, DETECTION_RULES } from './detection';
import { ENCLAVE_OMITTED, ENCLAVE_RULES } from './enclave';
import { ENDPOINTS_OMITTED, ENDPOINTS_RULES } from './endpoints';
import { GOVERNANCE_OMITTED, GOVERNANCE_RULES } from './governance';
import { IDENTITY_OMITTED, IDENTITY_RULES } from './identity';
import { KEYS_OMITTED, KEYS_RULES } from './keys';
import { LOGGING_OMITTED, LOGGING_RULES } from './logging';
import { MODELS_OMITTED, MODELS_RULES } from './models';
import { NETWORK_OMITTED, NETWORK_RULES } from './network';
import { POLICIES_OMITTED, POLICIES_RULES } from './policies';
import { STORAGE_OMITTED, STORAGE_RULES } from './storage';
import { STUDIO_OMITTED, STUDIO_RULES } from './studio';
import { TRAINING_OMITTED, TRAINING_RULES } from './training';

/** Every rule of the ISO 42001 pack, by id. Adding a rule is writing its file and naming it in its folder's index. */
export const RULES: readonly Rule[] = [
  ...AGENTCORE_RULES,
  ...APPLICATION_RULES,
  ...BEDROCK_RULES,
  ...DETECTION_RULES,
  ...ENCLAVE_RULES,
  ...ENDPOINTS_RULES,
  ...GOVERNANCE_RULES,
  ...IDENTITY_RULES,
  ...KEYS_RULES,
  ...LOGGING_RULES,
  ...MODELS_RULES,
  ...NETWORK_RULES,
  ...POLICIES_RULES,
  ...STORAGE_RULES,
  ...STUDIO_RULES,
  ...TRAINING_RULES,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Proposals of the design's catalogue that are no rule of their own, by id. */
export const OMITTED: readonly OmittedRule[] = [
  ...AGENTCORE_OMITTED,
  ...APPLICATION_OMITTED,
  ...BEDROCK_OMITTED,
  ...DETECTION_OMITTED,
  ...ENCLAVE_OMITTED,
  ...ENDPOINTS_OMITTED,
  ...GOVERNANCE_OMITTED,
  ...IDENTITY_OMITTED,
  ...KEYS_OMITTED,
  ...LOGGING_OMITTED,
  ...MODELS_OMITTED,
  ...NETWORK_OMITTED,
  ...POLICIES_OMITTED,
  ...STORAGE_OMITTED,
  ...STUDIO_OMITTED,
  ...TRAINING_OMITTED,
].sort((a, b) => (a.id < b.id ? -1 : 1));
