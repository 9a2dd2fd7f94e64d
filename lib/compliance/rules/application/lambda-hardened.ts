import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { isNot, isOwnKey, isSet, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { tagsOf } from '../../tags';
import { answersCloudFormation, mayCallModels } from './functions';
import { DEPRECATED_RUNTIMES } from './lambda-runtimes';

const REQUIREMENTS = [
  isSet('VpcConfig.SubnetIds'),
  whenSet('Environment.Variables', [isOwnKey('KmsKeyArn')]),
  isNot('Runtime', DEPRECATED_RUNTIMES),
];

/**
 * A function on the path of an AI system's data runs in a VPC, with its own key and a patched runtime. Tracing and log
 * formats help operators, but protect nothing, so they are not asked here.
 */
export const lambdaHardened = rule({
  id: 'LambdaHardened',
  scope: 'ai',
  appliesTo: ['AWS::Lambda::Function'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.1.3'],
  crosswalk: { securityHub: ['Lambda.2', 'Lambda.3'], nist80053: ['SC-7', 'SC-28', 'SI-2'], owasp: ['LLM02:2025'] },
  why: 'Injected code in a function outside a VPC can send prompts and answers to any host on the internet.',
  fix: 'Set VpcConfig, KmsKeyArn for the environment, and a Runtime that AWS still patches.',
  claims: ['VpcConfig.SubnetIds', 'KmsKeyArn', 'Runtime'],
  beyondGuard: 'only the role and the custom resources tell whether a function handles data of an AI system',
  configRules: ['LAMBDA_INSIDE_VPC'],
  check: (fn, graph) =>
    isOnDataPath(fn, graph) ? REQUIREMENTS.flatMap(({ judge }) => judge(fn.properties, '')) : undefined,
  compliant: example({ VpcConfig: { SubnetIds: ['subnet-1'] } }),
  nonCompliant: example({ Runtime: 'python3.8' }),
});

/** A role outside the assembly may be allowed anything, so its function counts. */
function isOnDataPath(fn: GraphResource, graph: TemplateGraph): boolean {
  const concerned = [...tagsOf(fn).keys()].some((key) => key.startsWith('ai:')) || mayCallModels(fn, graph) !== false;
  return concerned && !answersCloudFormation(fn, graph);
}

function example(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Function: { Type: 'AWS::Lambda::Function', Properties: { Tags, ...properties } } };
}
