import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { isNot } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A gateway in production does not tell its callers what went wrong inside. Without ExceptionLevel, messages are sanitized. */
export const agentCoreGatewayNoDebug = rule({
  id: 'AgentCoreGatewayNoDebug',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.8.2'],
  crosswalk: { nist80053: ['SI-11'], owasp: ['LLM02:2025'] },
  why: 'Debug messages give a caller names of targets, roles and schemas to aim at.',
  fix: 'Remove ExceptionLevel in production.',
  appliesWhen: [inProduction],
  requires: { 'AWS::BedrockAgentCore::Gateway': [isNot('ExceptionLevel', ['DEBUG'])] },
  compliant: { Gateway: { Type: 'AWS::BedrockAgentCore::Gateway', Properties: {} } },
  nonCompliant: { Gateway: { Type: 'AWS::BedrockAgentCore::Gateway', Properties: { ExceptionLevel: 'DEBUG' } } },
});
