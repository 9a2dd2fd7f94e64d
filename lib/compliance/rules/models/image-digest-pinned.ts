import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { CONTAINERS, placesOf } from './containers';

const DIGEST = '@sha256:0bc379e8ddd901c149d7cb62cb3ee637baf05b8d8a087245758daf61ab73c9d3';
const REPOSITORY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/models';

/** A digest, or the tag of a CDK asset, which is a hash of what was built. */
const PINNED = /(@sha256:|:)[0-9a-f]{64}$/;

const IMAGES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(CONTAINERS).map(([type, paths]) => [type, paths.map((path) => `${path}.Image`)]),
  ),
  'AWS::BedrockAgentCore::Runtime': ['AgentRuntimeArtifact.ContainerConfiguration.ContainerUri'],
};

/** What was scanned and approved is what runs: images are named by digest, not by a tag that can be moved. */
export const sageMakerModelImageDigestPinned = rule({
  id: 'SageMakerModelImageDigestPinned',
  appliesTo: Object.keys(IMAGES),
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.4', 'A.10.3'],
  crosswalk: { nist80053: ['CM-2', 'SI-7', 'SR-11'], owasp: ['LLM03:2025', 'ASI04'], atlas: ['AML.T0010'] },
  why: 'A tag can be moved to another image after approval, and the next instance that starts runs unreviewed code on model and requests.',
  fix: 'Name the image by its digest (repository@sha256:...), or build it as a CDK asset.',
  claims: Object.values(IMAGES).flat(),
  beyondGuard: 'image references are put together by intrinsic functions, which Guard sees unresolved',
  check: (resource) => {
    const images = IMAGES[resource.type]
      .flatMap((path) => placesOf(resource, path))
      .filter((at) => isThere(resource, at));
    return images.length === 0 ? undefined : images.flatMap((at) => judgeImage(resource, at));
  },
  compliant: withImage(`${REPOSITORY}${DIGEST}`),
  nonCompliant: withImage(`${REPOSITORY}:latest`),
});

function isThere(resource: GraphResource, at: string): boolean {
  return propertyOf(resource, at) !== undefined;
}

/** A model package may give the digest beside the image. */
function judgeImage(resource: GraphResource, at: string): Violation[] {
  const image = propertyOf(resource, at);
  const text = textOf(image);
  if (PINNED.test(text) || isThere(resource, `${at}Digest`)) {
    return [];
  }
  return image instanceof Opaque || text.endsWith('>')
    ? [unresolved(at, new Opaque(`image ${text}`))]
    : [violation(at, `found ${JSON.stringify(text)}, expected a digest (@sha256:...)`)];
}

function withImage(Image: string) {
  return { Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { Image } } } };
}
