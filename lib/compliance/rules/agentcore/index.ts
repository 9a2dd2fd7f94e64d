import type { OmittedRule, Rule } from '../../rule';
import { agentCoreBrowserContained } from './browser-contained';
import { agentCoreCodeInterpreterContained } from './code-interpreter-contained';
import { agentCoreGatewayAuthorizer } from './gateway-authorizer';
import { agentCoreGatewayCmk } from './gateway-cmk';
import { agentCoreGatewayLimits } from './gateway-limits';
import { agentCoreGatewayNoDebug } from './gateway-no-debug';
import { agentCoreGatewayPolicyEnforced } from './gateway-policy-enforced';
import { agentCoreGatewayTargetPrivate } from './gateway-target-private';
import { agentCoreHarnessBounded } from './harness-bounded';
import { agentCoreMemoryCmk } from './memory-cmk';
import { agentCoreMemoryRetention } from './memory-retention';
import { agentCoreNoInlineApiKey } from './no-inline-api-key';
import { agentCoreOnlineEvaluation } from './online-evaluation';
import { agentCoreRuntimeAuthorizer } from './runtime-authorizer';
import { agentCoreRuntimeBounded } from './runtime-bounded';
import { agentCoreRuntimeVpc } from './runtime-vpc';

/** Rules of Amazon Bedrock AgentCore. */
export const AGENTCORE_RULES: readonly Rule[] = [
  agentCoreBrowserContained,
  agentCoreCodeInterpreterContained,
  agentCoreGatewayAuthorizer,
  agentCoreGatewayCmk,
  agentCoreGatewayLimits,
  agentCoreGatewayNoDebug,
  agentCoreGatewayPolicyEnforced,
  agentCoreGatewayTargetPrivate,
  agentCoreHarnessBounded,
  agentCoreMemoryCmk,
  agentCoreMemoryRetention,
  agentCoreNoInlineApiKey,
  agentCoreOnlineEvaluation,
  agentCoreRuntimeAuthorizer,
  agentCoreRuntimeBounded,
  agentCoreRuntimeVpc,
];

/** Proposals that became part of another rule, or none. */
export const AGENTCORE_OMITTED: readonly OmittedRule[] = [];
