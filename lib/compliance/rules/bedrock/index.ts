import type { OmittedRule, Rule } from '../../rule';
import { bedrockAgentAliasPinned } from './agent-alias-pinned';
import { bedrockAgentCmk } from './agent-cmk';
import { bedrockAgentHumanConfirmation } from './agent-human-confirmation';
import { bedrockAgentSessionBounds } from './agent-session-bounds';
import { bedrockAutomatedReasoning } from './automated-reasoning';
import { bedrockDataSourceCmk } from './data-source-cmk';
import { bedrockDataSourceDeletionPolicy } from './data-source-deletion-policy';
import { bedrockDataSourceTrusted } from './data-source-trusted';
import { bedrockFlowGuarded } from './flow-guarded';
import { bedrockGuardrailCmk } from './guardrail-cmk';
import { bedrockGuardrailCrossRegion } from './guardrail-cross-region';
import { bedrockGuardrailEnforced } from './guardrail-enforced';
import { bedrockGuardrailGrounding } from './guardrail-grounding';
import { bedrockGuardrailHarmFilters } from './guardrail-harm-filters';
import { bedrockGuardrailPii } from './guardrail-pii';
import { bedrockGuardrailPromptAttack } from './guardrail-prompt-attack';
import { bedrockGuardrailVersionPinned } from './guardrail-version-pinned';
import { bedrockIamGuardrailCondition } from './iam-guardrail-condition';
import { bedrockIamModelAllowList } from './iam-model-allow-list';
import { bedrockInvocationLogging } from './invocation-logging';
import { bedrockKnowledgeBaseStoreEncrypted } from './knowledge-base-store-encrypted';
import { bedrockKnowledgeBaseStorePrivate } from './knowledge-base-store-private';
import { bedrockPromptNoSecrets } from './prompt-no-secrets';
import { bedrockPromptVersioned } from './prompt-versioned';
import { bedrockResourcePolicyNoWildcard } from './resource-policy-no-wildcard';

/** Rules of Amazon Bedrock. */
export const BEDROCK_RULES: readonly Rule[] = [
  bedrockAgentAliasPinned,
  bedrockAgentCmk,
  bedrockAgentHumanConfirmation,
  bedrockAgentSessionBounds,
  bedrockAutomatedReasoning,
  bedrockDataSourceCmk,
  bedrockDataSourceDeletionPolicy,
  bedrockDataSourceTrusted,
  bedrockFlowGuarded,
  bedrockGuardrailCmk,
  bedrockGuardrailCrossRegion,
  bedrockGuardrailEnforced,
  bedrockGuardrailGrounding,
  bedrockGuardrailHarmFilters,
  bedrockGuardrailPii,
  bedrockGuardrailPromptAttack,
  bedrockGuardrailVersionPinned,
  bedrockIamGuardrailCondition,
  bedrockIamModelAllowList,
  bedrockInvocationLogging,
  bedrockKnowledgeBaseStoreEncrypted,
  bedrockKnowledgeBaseStorePrivate,
  bedrockPromptNoSecrets,
  bedrockPromptVersioned,
  bedrockResourcePolicyNoWildcard,
];

/** Proposals that became part of another rule, or none. */
export const BEDROCK_OMITTED: readonly OmittedRule[] = [];
