import type { OmittedRule, Rule } from '../../rule';
import { bedrockGuardrailPromptAttack } from './guardrail-prompt-attack';

/** Rules of Amazon Bedrock. */
export const BEDROCK_RULES: readonly Rule[] = [bedrockGuardrailPromptAttack];

/** Proposals that became part of another rule, or none. */
export const BEDROCK_OMITTED: readonly OmittedRule[] = [];
