import { textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustBe, propertyOf } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { isPublicSite, receivesAccessLogs } from './buckets';

const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** What an AI system stores keeps its earlier versions. Object Lock turns versioning on by itself. */
export const s3Versioned = rule({
  id: 'S3Versioned',
  appliesTo: ['AWS::S3::Bucket'],
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.5', 'A.7.2'],
  crosswalk: { securityHub: ['S3.14'], nist80053: ['CP-9', 'SI-12'], atlas: ['AML.T0020'] },
  why: 'Whoever overwrites a dataset or a model in place poisons it, and nothing is left to compare it with or return to.',
  fix: 'Set VersioningConfiguration.Status to Enabled.',
  claims: ['VersioningConfiguration.Status'],
  beyondGuard: 'only other resources say that a bucket receives access logs or is a public site, made by a build',
  check: (bucket, graph) => {
    if (receivesAccessLogs(bucket, graph) || isPublicSite(bucket, graph)) {
      return undefined;
    }
    const locked = textOf(propertyOf(bucket, 'ObjectLockEnabled')) === 'true';
    return locked ? [] : mustBe(bucket, 'VersioningConfiguration.Status', 'Enabled');
  },
  configRules: ['S3_BUCKET_VERSIONING_ENABLED'],
  compliant: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' }, Tags } },
  },
  nonCompliant: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags } } },
});
