import type { OmittedRule, Rule } from '../../rule';

/** Rules of Amazon Bedrock AgentCore. */
export const AGENTCORE_RULES: readonly Rule[] = [];

/** Proposals that became part of another rule, or none. */
export const AGENTCORE_OMITTED: readonly OmittedRule[] = [];
