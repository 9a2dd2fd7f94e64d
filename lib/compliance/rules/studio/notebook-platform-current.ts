import { rule } from '../../define-rule';
import { isOneOf } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/**
 * Platforms that AWS still patches, as of 2026-11: Amazon Linux 2 ended on 30 June 2026 and `notebook-al2-v3` can no
 * longer be created; Amazon Linux 2023 has support until June 2029 (Amazon Linux FAQs, CreateNotebookInstance).
 */
const SUPPORTED_PLATFORMS = ['notebook-al2023-v1'];

/** A notebook instance names a platform that still gets security updates. */
export const sageMakerNotebookPlatformCurrent = rule({
  id: 'SageMakerNotebookPlatformCurrent',
  level: ALWAYS_WARNING,
  annexA: ['A.4.4'],
  crosswalk: { securityHub: ['SageMaker.8'], nist80053: ['SI-2'] },
  why: 'An operating system out of support gets no fixes, so a known flaw stays open beside the training data.',
  fix: `Set PlatformIdentifier to ${SUPPORTED_PLATFORMS.join(' or ')}.`,
  requires: { 'AWS::SageMaker::NotebookInstance': [isOneOf('PlatformIdentifier', SUPPORTED_PLATFORMS)] },
  configRules: ['SAGEMAKER_NOTEBOOK_INSTANCE_PLATFORM_VERSION'],
  compliant: {
    Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { PlatformIdentifier: 'notebook-al2023-v1' } },
  },
  nonCompliant: {
    Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { PlatformIdentifier: 'notebook-al2-v2' } },
  },
});
