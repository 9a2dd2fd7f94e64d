import { rule } from '../../define-rule';
import { each, is, isOwnKey, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

const JOB = 'AWS::Glue::Job';
const configured = isSet('SecurityConfiguration');

const ENCRYPTION = [
  each('EncryptionConfiguration.S3Encryptions', [is('S3EncryptionMode', 'SSE-KMS'), isOwnKey('KmsKeyArn')], {
    atLeastOne: true,
  }),
  is('EncryptionConfiguration.CloudWatchEncryption.CloudWatchEncryptionMode', 'SSE-KMS'),
  isOwnKey('EncryptionConfiguration.CloudWatchEncryption.KmsKeyArn'),
  is('EncryptionConfiguration.JobBookmarksEncryption.JobBookmarksEncryptionMode', 'CSE-KMS'),
  isOwnKey('EncryptionConfiguration.JobBookmarksEncryption.KmsKeyArn'),
];

/** Jobs that prepare data run under a security configuration that encrypts their output, logs and bookmarks. */
export const glueJobsEncrypted = rule({
  id: 'GlueJobsEncrypted',
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.7.2', 'A.7.6', 'A.4.5'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'] },
  why: 'What a job writes on the way, such as shuffled rows and logs, is training data too.',
  fix: 'Set SecurityConfiguration of the job, with SSE-KMS for S3 and CloudWatch and CSE-KMS for bookmarks.',
  appliesTo: [JOB, 'AWS::Glue::SecurityConfiguration'],
  claims: [...configured.claims, ...ENCRYPTION.flatMap(({ claims }) => claims)],
  beyondGuard: 'security configurations have no tags that tell whether they belong to an AI system',
  check: ({ type, properties }) =>
    type === JOB ? configured.judge(properties, '') : ENCRYPTION.flatMap(({ judge }) => judge(properties, '')),
  compliant: example(
    { SecurityConfiguration: 'configuration' },
    {
      S3Encryptions: [{ S3EncryptionMode: 'SSE-KMS', KmsKeyArn: 'key' }],
      CloudWatchEncryption: { CloudWatchEncryptionMode: 'SSE-KMS', KmsKeyArn: 'key' },
      JobBookmarksEncryption: { JobBookmarksEncryptionMode: 'CSE-KMS', KmsKeyArn: 'key' },
    },
  ),
  nonCompliant: example({}, { S3Encryptions: [{ S3EncryptionMode: 'SSE-S3' }] }),
});

function example(job: object, EncryptionConfiguration: object) {
  return {
    Job: { Type: JOB, Properties: { Tags: { 'ai:system-id': 'x' }, ...job } },
    Configuration: { Type: 'AWS::Glue::SecurityConfiguration', Properties: { EncryptionConfiguration } },
  };
}
