import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import type { ContainerImage } from '../../constructs';
import { PalisadeError } from '../../runtime/errors';

const IMAGE = /^(?:(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+\/)?([a-z0-9._/-]+)@(sha256:[0-9a-f]{64})$/;

/**
 * The images of a manifest: `<repository>@sha256:<hex>` of the own account, or with the host of another account's
 * registry in front. The first trains; the second, or the first again, serves.
 *
 * Throws PALISADE-P003 for an image that is not named by its digest.
 */
export function containerImages(scope: Construct, images: readonly string[]): ContainerImage[] {
  return images.map((image, index) => {
    const [, account, region, repositoryName, digest] = IMAGE.exec(image) ?? [];
    if (!digest) {
      throw new PalisadeError({
        code: 'PALISADE-P003',
        where: `manifests: model.images: ${image}`,
        problem: 'the image is not named by its digest, so nobody can say what will run',
        fix: 'name it <repository>@sha256:<digest>; `aws ecr describe-images` shows the digest',
      });
    }
    const repository = { service: 'ecr', account, region, resource: 'repository', resourceName: repositoryName };
    const repositoryArn = Stack.of(scope).formatArn(repository);
    const id = `Image${index}`;
    return {
      repository: ecr.Repository.fromRepositoryAttributes(scope, id, { repositoryArn, repositoryName }),
      digest,
    };
  });
}
