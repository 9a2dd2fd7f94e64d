import { rule } from '../../define-rule';
import { isBetween, isNot } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { isAnySet } from './requirements';

/** Percent of sessions: enough to see a change of behaviour within a day at some hundred sessions (own choice). */
const SMALLEST_SAMPLE = 5;

/** An evaluation of live agents runs, judges by something, and sees enough. */
export const agentCoreOnlineEvaluation = rule({
  id: 'AgentCoreOnlineEvaluation',
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6'],
  crosswalk: { nist80053: ['SI-4'], nistAiRmf: ['MEASURE 2.4'], euAiAct: ['Art. 72'] },
  why: 'An agent whose answers get worse, or that follows injected instructions, goes on unseen.',
  fix: `Name Evaluators or Insights, sample at least ${SMALLEST_SAMPLE} percent, and leave ExecutionStatus ENABLED.`,
  requires: {
    'AWS::BedrockAgentCore::OnlineEvaluationConfig': [
      isAnySet(['Evaluators', 'Insights'], 'an evaluator'),
      isBetween('Rule.SamplingConfig.SamplingPercentage', { min: SMALLEST_SAMPLE }),
      isNot('ExecutionStatus', ['DISABLED']),
    ],
  },
  compliant: {
    Evaluation: {
      Type: 'AWS::BedrockAgentCore::OnlineEvaluationConfig',
      Properties: {
        Evaluators: [{ EvaluatorId: 'Builtin.Correctness' }],
        Rule: { SamplingConfig: { SamplingPercentage: 10 } },
      },
    },
  },
  nonCompliant: {
    Evaluation: {
      Type: 'AWS::BedrockAgentCore::OnlineEvaluationConfig',
      Properties: {
        Evaluators: [{ EvaluatorId: 'Builtin.Correctness' }],
        Rule: { SamplingConfig: { SamplingPercentage: 1 } },
        ExecutionStatus: 'DISABLED',
      },
    },
  },
});
