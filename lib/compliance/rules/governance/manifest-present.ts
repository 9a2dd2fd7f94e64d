import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { answersCloudFormation, mayCallModels } from '../application/functions';
import { AI_TYPES, systemOf, systemsOf } from './systems';

const FUNCTION = 'AWS::Lambda::Function';

/**
 * No shadow AI: where an assembly names its AI systems, every AI resource belongs to one, and so does every function
 * that may call a model. Whether the manifest of that system is valid is checked when it is loaded (PALISADE-M codes).
 */
export const governanceManifestPresent = rule({
  id: 'GovernanceManifestPresent',
  scope: 'ai',
  appliesTo: [...AI_TYPES, FUNCTION],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.2', 'A.6.2.3', 'A.9.4'],
  crosswalk: { nist80053: ['CM-8', 'PM-5'], nistAiRmf: ['GOVERN 1.6', 'MAP 1.1'], euAiAct: ['Art. 26', 'Art. 9'] },
  why: 'A model that someone adds beside the registered ones has no owner, no impact assessment and no approval.',
  fix: 'Declare the AI system in a manifest, and deploy the resource within it, so that it carries ai:system-id.',
  claims: ['Tags'],
  beyondGuard: 'what a resource must say depends on what others of the assembly say',
  check: (resource, graph) => {
    if (systemsOf(graph).stacks.size === 0 || !usesModels(resource, graph)) {
      return undefined;
    }
    return systemOf(resource) === undefined ? [violation('Tags', 'found no ai:system-id, which others here have')] : [];
  },
  compliant: example('AWS::Bedrock::Prompt', { Tags: { 'ai:system-id': 'x' } }),
  nonCompliant: example('AWS::Bedrock::Prompt', {}),
});

function usesModels(resource: GraphResource, graph: TemplateGraph): boolean {
  return (
    resource.type !== FUNCTION || (mayCallModels(resource, graph) === true && !answersCloudFormation(resource, graph))
  );
}

function example(Type: string, Properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Key: { Type: 'AWS::KMS::Key', Properties: { Tags } }, Resource: { Type, Properties } };
}
