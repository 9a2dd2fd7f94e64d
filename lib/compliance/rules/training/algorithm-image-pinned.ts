import { rule } from '../../define-rule';
import { matches, unlessSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** A digest, or the tag of a CDK image asset, which is a hash of what the image is built from. */
const PINNED = /(@sha256|container-assets-[^:]+):[0-9a-f]{64}$/;

/** An algorithm trains with one image, and not with whatever its tag names next. */
export const sageMakerAlgorithmImagePinned = rule({
  id: 'SageMakerAlgorithmImagePinned',
  level: ALWAYS_WARNING,
  annexA: ['A.4.4', 'A.10.3'],
  crosswalk: { nist80053: ['CM-2', 'SR-4', 'SI-7'], owasp: ['LLM03:2025'], atlas: ['AML.T0010'] },
  why: 'Whoever may push to the repository moves the tag, and the next training runs their code on the data.',
  fix: 'Name the TrainingImage by digest, or set TrainingImageDigest.',
  requires: {
    'AWS::SageMaker::Algorithm': [
      unlessSet(
        ['TrainingSpecification.TrainingImageDigest'],
        [matches('TrainingSpecification.TrainingImage', PINNED, 'an image by digest')],
      ),
    ],
  },
  compliant: algorithm(`@sha256:${'a'.repeat(64)}`),
  nonCompliant: algorithm(':latest'),
});

function algorithm(version: string) {
  const TrainingImage = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/trainer${version}`;
  return {
    Algorithm: { Type: 'AWS::SageMaker::Algorithm', Properties: { TrainingSpecification: { TrainingImage } } },
  };
}
