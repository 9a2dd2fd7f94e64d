import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { is, isSet } from '../../requirements';
import { ALWAYS_WARNING, type Violation } from '../../rule';
import { answersCloudFormation } from './functions';

const enforced = is('CodeSigningPolicies.UntrustedArtifactOnDeployment', 'Enforce');
const signed = isSet('CodeSigningConfigArn');

/**
 * A signing configuration refuses unsigned code, and no function of its stack goes without one. A stack that signs
 * nothing is left alone: signing is a decision about the whole delivery.
 */
export const lambdaCodeSigned = rule({
  id: 'LambdaCodeSigned',
  scope: 'ai',
  appliesTo: ['AWS::Lambda::CodeSigningConfig', 'AWS::Lambda::Function'],
  level: ALWAYS_WARNING,
  annexA: ['A.6.1.3', 'A.10.3'],
  crosswalk: { nist80053: ['CM-14', 'SI-7'], owasp: ['LLM03:2025'], atlas: ['AML.T0010'] },
  why: 'Whoever can upload a function package runs their own code with the role that calls the model.',
  fix: 'Set UntrustedArtifactOnDeployment to Enforce, and CodeSigningConfigArn on every function of the stack.',
  claims: ['CodeSigningPolicies.UntrustedArtifactOnDeployment', 'CodeSigningConfigArn'],
  beyondGuard: 'whether functions are to be signed depends on the other resources of the stack',
  check: (resource, graph) =>
    resource.type === 'AWS::Lambda::CodeSigningConfig'
      ? enforced.judge(resource.properties, '')
      : functionFaults(resource, graph),
  compliant: {
    ...config({ CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' } }),
    Function: { Type: 'AWS::Lambda::Function', Properties: { CodeSigningConfigArn: 'config' } },
  },
  nonCompliant: { ...config({}), Function: { Type: 'AWS::Lambda::Function', Properties: {} } },
});

/** Container images are not signed by this means (AWS Lambda Developer Guide, "Using code signing"). */
function functionFaults(fn: GraphResource, graph: TemplateGraph): Violation[] | undefined {
  const isImage = fn.properties.PackageType === 'Image';
  const concerned = signingStacks(graph).has(fn.stack) && !isImage && !answersCloudFormation(fn, graph);
  return concerned ? signed.judge(fn.properties, '') : undefined;
}

function signingStacks(graph: TemplateGraph): ReadonlySet<string> {
  return graph.once(
    'stacks that sign code',
    () => new Set(graph.ofType('AWS::Lambda::CodeSigningConfig').map(({ stack }) => stack)),
  );
}

function config(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Config: { Type: 'AWS::Lambda::CodeSigningConfig', Properties: { Tags, ...properties } } };
}
