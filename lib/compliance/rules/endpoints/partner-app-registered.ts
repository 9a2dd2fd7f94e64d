import { rule } from '../../define-rule';
import { is, isOwnKey, some } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** An app of a third party belongs to an AI system with an owner, and keeps its data under the owner's key. */
export const sageMakerPartnerAppRegistered = rule({
  id: 'SageMakerPartnerAppRegistered',
  level: ALWAYS_WARNING,
  annexA: ['A.10.3'],
  crosswalk: { nist80053: ['SA-9', 'SC-12', 'SR-6'], nistAiRmf: ['GOVERN 6.1'], owasp: ['LLM03:2025'] },
  why: 'A vendor that nobody answers for sees experiments and prompts of all teams, and no register lists it when it is breached.',
  fix: 'Tag the app with ai:system-id and ai:owner, list its vendor in the manifest, and set KmsKeyId to a customer managed key.',
  requires: {
    'AWS::SageMaker::PartnerApp': [
      some('Tags', [is('Key', 'ai:system-id')], 'the tag ai:system-id'),
      some('Tags', [is('Key', 'ai:owner')], 'the tag ai:owner'),
      isOwnKey('KmsKeyId'),
    ],
  },
  compliant: {
    App: {
      Type: 'AWS::SageMaker::PartnerApp',
      Properties: {
        KmsKeyId: 'key',
        Tags: [
          { Key: 'ai:system-id', Value: 'credit-scoring' },
          { Key: 'ai:owner', Value: 'lending.models@example.com' },
        ],
      },
    },
  },
  nonCompliant: { App: { Type: 'AWS::SageMaker::PartnerApp', Properties: {} } },
});
