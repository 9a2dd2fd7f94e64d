import { Opaque, textOf } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { unresolved, valueAt, violation } from '../../expect';
import { is, isNot, isSet, type Requirement } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { inside } from '../structure';

/** Where a policy keeps its text: in the language of Cedar, or in its successor's wrapping. */
const TEXTS = ['Definition.Cedar.Statement', 'Definition.Policy.Statement'];

/** A Cedar permit that names neither a principal nor an action, and has no condition but the one that always holds. */
const PERMITS_EVERYTHING =
  /permit\s*\(\s*principal(\s+is\s+[A-Za-z0-9_:]+)?\s*,\s*action\s*,\s*resource[^)]*\)\s*(when\s*[{]\s*true\s*[}]\s*)*;/;

const permitsSomething: Requirement = {
  claims: TEXTS,
  judge: (policy, at) => {
    const found = TEXTS.map((path) => [path, valueAt(policy, path)] as const).filter(([, text]) => text !== undefined);
    if (found.length === 0) {
      return [violation(at + TEXTS[0], 'found no statement')];
    }
    return found.flatMap(([path, text]) => {
      if (text instanceof Opaque) {
        return [unresolved(at + path, text)];
      }
      return PERMITS_EVERYTHING.test(textOf(text))
        ? [violation(at + path, 'found a permit for every principal and action without a condition')]
        : [];
    });
  },
  guard: (at) =>
    [
      TEXTS.map((path) => `${at}${path} exists`).join(' or '),
      ...TEXTS.map((path) => `when ${at}${path} exists {\n${at}${path} != /${PERMITS_EVERYTHING.source}/\n}`),
    ].join('\n'),
};

/** A gateway asks a policy engine before it calls a tool, obeys the answer, and no policy answers yes to everything. */
export const agentCoreGatewayPolicyEnforced = rule({
  id: 'AgentCoreGatewayPolicyEnforced',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.9.2', 'A.9.4'],
  crosswalk: {
    nist80053: ['AC-3', 'AC-6'],
    nistAiRmf: ['MANAGE 2.4'],
    owasp: ['LLM06:2025', 'ASI02'],
    atlas: ['AML.T0053'],
  },
  why: 'Where only the prompt says which tools an agent may use, an injected prompt says otherwise.',
  fix: 'Attach a policy engine in mode ENFORCE whose active policies name principals and actions or have conditions.',
  appliesWhen: [inProduction],
  requires: {
    'AWS::BedrockAgentCore::Gateway': [
      inside('PolicyEngineConfiguration', [
        isSet('PolicyEngineConfiguration.Arn'),
        is('PolicyEngineConfiguration.Mode', 'ENFORCE'),
      ]),
    ],
    'AWS::BedrockAgentCore::Policy': [
      permitsSomething,
      is('EnforcementMode', 'ACTIVE', { byDefault: 'ACTIVE' }),
      isNot('ValidationMode', ['IGNORE_ALL_FINDINGS']),
    ],
  },
  compliant: {
    Gateway: {
      Type: 'AWS::BedrockAgentCore::Gateway',
      Properties: { PolicyEngineConfiguration: { Arn: 'engine', Mode: 'ENFORCE' } },
    },
    Policy: {
      Type: 'AWS::BedrockAgentCore::Policy',
      Properties: {
        Definition: { Cedar: { Statement: 'permit(principal, action == AgentCore::Action::"refund", resource);' } },
      },
    },
  },
  nonCompliant: {
    Gateway: {
      Type: 'AWS::BedrockAgentCore::Gateway',
      Properties: { PolicyEngineConfiguration: { Arn: 'engine', Mode: 'LOG_ONLY' } },
    },
    Policy: {
      Type: 'AWS::BedrockAgentCore::Policy',
      Properties: { Definition: { Cedar: { Statement: 'permit(principal, action, resource);' } } },
    },
  },
});
