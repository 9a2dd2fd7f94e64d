import { rule } from '../../define-rule';
import { each, isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const store = isOwnKey('ArtifactStore.EncryptionKey.Id');
const stores = each('ArtifactStores', [store], { atLeastOne: true });

/** What a pipeline passes from action to action is encrypted with a key of the owner. */
export const codePipelineArtifactsCmk = rule({
  id: 'CodePipelineArtifactsCmk',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.1.3', 'A.4.5'],
  crosswalk: { nist80053: ['SC-12', 'SC-28', 'SI-7'], owasp: ['LLM03:2025'] },
  why: "Under AWS's own key, whoever reads or replaces an artifact in the bucket needs no permission on a key.",
  fix: 'Set EncryptionKey of the artifact store to a customer managed key.',
  appliesTo: ['AWS::CodePipeline::Pipeline'],
  claims: ['ArtifactStore.EncryptionKey.Id', 'ArtifactStores.*.ArtifactStore.EncryptionKey.Id'],
  beyondGuard: 'Guard takes ArtifactStore for ArtifactStores, which is the list for pipelines of several Regions',
  check: ({ properties }) => (properties.ArtifactStores === undefined ? store : stores).judge(properties, ''),
  compliant: example({ EncryptionKey: { Id: 'key' } }),
  nonCompliant: example({ Location: 'bucket' }),
});

function example(ArtifactStore: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: { Tags, ArtifactStore } },
  };
}
