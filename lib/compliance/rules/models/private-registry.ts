import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_HIGH, type Violation } from '../../rule';
import { AWS_IMAGE_ACCOUNTS } from './aws-image-registries';
import { containersOf } from './containers';

const ECR = /^(\d{12})\.dkr[.-]ecr/;

/**
 * Images of a model come from a registry of the owner: ECR, or a registry within the VPC. Security Hub's twins accept the
 * latter only; an ECR repository of one's own is as private, so it passes here. AWS's images should be mirrored.
 */
export const sageMakerModelPrivateRegistry = rule({
  id: 'SageMakerModelPrivateRegistry',
  appliesTo: ['AWS::SageMaker::Model'],
  level: ERROR_FROM_HIGH,
  annexA: ['A.10.3', 'A.4.4'],
  crosswalk: {
    securityHub: ['SageMaker.16', 'SageMaker.19'],
    nist80053: ['SR-3', 'CM-7'],
    owasp: ['LLM03:2025'],
    atlas: ['AML.T0010'],
  },
  why: "Whoever publishes to another's registry decides what code sees the model and its requests, and when it changes.",
  fix: 'Mirror the image into an ECR repository of your own and scan it there, or set RepositoryAccessMode to Vpc for a registry in the VPC.',
  claims: ['PrimaryContainer.Image', 'Containers.*.Image'],
  beyondGuard: 'image references are put together by intrinsic functions, which Guard sees unresolved',
  check: (model) => {
    const described = containersOf(model).filter((at) => propertyOf(model, `${at}.ModelPackageName`) === undefined);
    return described.length === 0 ? undefined : described.flatMap((at) => judgeContainer(model, at));
  },
  compliant: {
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: { PrimaryContainer: { ImageConfig: { RepositoryAccessMode: 'Vpc' } } },
    },
  },
  nonCompliant: {
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: {
        PrimaryContainer: {
          Image: '763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312',
          ImageConfig: { RepositoryAccessMode: 'Platform' },
        },
      },
    },
  },
});

function judgeContainer(model: GraphResource, at: string): Violation[] {
  const mode = propertyOf(model, `${at}.ImageConfig.RepositoryAccessMode`);
  if (mode instanceof Opaque) {
    return [unresolved(`${at}.ImageConfig.RepositoryAccessMode`, mode)];
  }
  return mode === 'Vpc' ? [] : judgeImage(`${at}.Image`, propertyOf(model, `${at}.Image`));
}

function judgeImage(at: string, image: unknown): Violation[] {
  if (image === undefined) {
    return [violation(at, 'found no image of a registry of the owner')];
  }
  const registry = textOf(image).split('/')[0];
  if (image instanceof Opaque || registry.startsWith('<')) {
    return [unresolved(at, new Opaque(`registry ${registry}`))];
  }
  const [, account] = ECR.exec(registry) ?? [];
  if (account === undefined) {
    return [violation(at, `found registry ${registry}, expected ECR or a registry in the VPC`)];
  }
  return AWS_IMAGE_ACCOUNTS.has(account)
    ? [violation(at, `found AWS's registry ${account}, expected one of the owner`)]
    : [];
}
