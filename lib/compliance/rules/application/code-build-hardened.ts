import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { is, isOwnKey, isSet } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { buildSpecOf } from './pipeline';

const CLOUDWATCH = 'LogsConfig.CloudWatchLogs.Status';

const OWN_KEY = isOwnKey('EncryptionKey');

const REQUIREMENTS = [
  isSet('VpcConfig.VpcId'),
  is('Artifacts.EncryptionDisabled', false, { byDefault: false }),
  is('Visibility', 'PRIVATE', { byDefault: 'PRIVATE' }),
  is('Source.InsecureSsl', false, { byDefault: false }),
];

const PRIVILEGED = 'Environment.PrivilegedMode';

/** Tools that make container images, which is what privileged mode is for (AWS CodeBuild User Guide, "Privileged mode"). */
const IMAGE_BUILD = /\b(docker|buildah|podman|cdk-assets)\b/;

/** A build that makes what serves or trains runs in a VPC, private, logged, encrypted, and without root on its host. */
export const codeBuildHardened = rule({
  id: 'CodeBuildHardened',
  scope: 'ai',
  appliesTo: ['AWS::CodeBuild::Project'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.1.3', 'A.4.4'],
  crosswalk: {
    securityHub: ['CodeBuild.4'],
    nist80053: ['CM-7', 'SA-15', 'SC-28'],
    owasp: ['LLM03:2025'],
    atlas: ['AML.T0010'],
  },
  why: 'Who controls one dependency of an open build controls every image and model that leaves it.',
  fix: 'Set EncryptionKey and VpcConfig, keep logs and TLS on, keep the project private and PrivilegedMode false.',
  claims: [...[OWN_KEY, ...REQUIREMENTS].flatMap(({ claims }) => claims), CLOUDWATCH, PRIVILEGED],
  beyondGuard: 'only the build specification tells whether a build makes images and so needs privileged mode',
  check: (project) => [
    ...(keepsNothing(project) ? [] : OWN_KEY.judge(project.properties, '')),
    ...REQUIREMENTS.flatMap(({ judge }) => judge(project.properties, '')),
    ...logging(project),
    ...privilegedMode(project),
  ],
  compliant: example({ EncryptionKey: 'key', VpcConfig: { VpcId: 'vpc-1' } }),
  nonCompliant: example({ Environment: { PrivilegedMode: true }, Source: { BuildSpec: 'npm test' } }),
});

/** The key encrypts artifacts and the cache (AWS CodeBuild API Reference, CreateProject), so a build without both has no use for it. */
function keepsNothing(project: GraphResource): boolean {
  const secondary = propertyOf(project, 'SecondaryArtifacts');
  const cache = propertyOf(project, 'Cache.Type') ?? 'NO_CACHE';
  return propertyOf(project, 'Artifacts.Type') === 'NO_ARTIFACTS' && secondary === undefined && cache !== 'S3';
}

/** CodeBuild logs to CloudWatch unless it is told not to; logs in a bucket serve as well. */
function logging(project: GraphResource): Violation[] {
  const isOff = propertyOf(project, CLOUDWATCH) === 'DISABLED';
  return isOff && propertyOf(project, 'LogsConfig.S3Logs.Status') !== 'ENABLED'
    ? [violation(CLOUDWATCH, 'found DISABLED, and no logs in a bucket')]
    : [];
}

/** A specification that is not in the template may build images or not. */
function privilegedMode(project: GraphResource): Violation[] {
  const mode = propertyOf(project, PRIVILEGED);
  if (mode instanceof Opaque) {
    return [unresolved(PRIVILEGED, mode)];
  }
  const spec = buildSpecOf(project);
  if (textOf(mode) !== 'true' || (typeof spec === 'string' && IMAGE_BUILD.test(spec))) {
    return [];
  }
  return spec instanceof Opaque
    ? [unresolved(PRIVILEGED, spec)]
    : [violation(PRIVILEGED, 'found true, for a build that makes no container image')];
}

function example(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Project: { Type: 'AWS::CodeBuild::Project', Properties: { Tags, ...properties } } };
}
