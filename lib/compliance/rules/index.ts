import type { Rule } from '../rule';
import { AGENTCORE_RULES } from './agentcore';
import { APPLICATION_RULES } from './application';
import { BEDROCK_RULES } from './bedrock';
import { DETECTION_RULES } from './detection';
import { ENCLAVE_RULES } from './enclave';
import { ENDPOINTS_RULES } from './endpoints';
import { GOVERNANCE_RULES } from './governance';
import { IDENTITY_RULES } from './identity';
import { KEYS_RULES } from './keys';
import { LOGGING_RULES } from './logging';
import { MODELS_RULES } from './models';
import { NETWORK_RULES } from './network';
import { STORAGE_RULES } from './storage';
import { STUDIO_RULES } from './studio';
import { TRAINING_RULES } from './training';

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
  ...STORAGE_RULES,
  ...STUDIO_RULES,
  ...TRAINING_RULES,
].sort((a, b) => (a.id < b.id ? -1 : 1));
