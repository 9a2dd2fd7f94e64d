import { rule } from '../../define-rule';
import { isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { mayCallModels } from './functions';

const bounded = isSet('ReservedConcurrentExecutions');

/** A function that calls models has a bound on how many calls run at once. */
export const lambdaConcurrencyBounded = rule({
  id: 'LambdaConcurrencyBounded',
  scope: 'ai',
  appliesTo: ['AWS::Lambda::Function'],
  level: ALWAYS_WARNING,
  annexA: ['A.4.5', 'A.6.2.6'],
  crosswalk: { nist80053: ['SC-5', 'SC-6'], owasp: ['LLM10:2025'], atlas: ['AML.T0029', 'AML.T0034'] },
  why: 'A flood of requests becomes a flood of paid model calls, up to the concurrency of the whole account.',
  fix: 'Set ReservedConcurrentExecutions to what the AI system needs at its peak.',
  claims: ['ReservedConcurrentExecutions'],
  beyondGuard: 'only the policies of its role tell whether a function may call models',
  configRules: ['LAMBDA_CONCURRENCY_CHECK'],
  check: (fn, graph) => (mayCallModels(fn, graph) ? bounded.judge(fn.properties, '') : undefined),
  compliant: example({ ReservedConcurrentExecutions: 20 }),
  nonCompliant: example({}),
});

function example(properties: object) {
  const Statement = [{ Effect: 'Allow', Action: 'sagemaker:InvokeEndpoint', Resource: '*' }];
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyName: 'Call', PolicyDocument: { Statement } }] },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...properties },
    },
  };
}
