import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { recordsObjectsOf } from '../logging/event-selectors';
import { receivesAccessLogs } from './buckets';

const DESTINATION = 'LoggingConfiguration.DestinationBucketName';
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/**
 * Who reads or changes what an AI system stores is recorded, by server access logs or by a trail's object events.
 * CloudFormation's default destination is the bucket itself, where whoever tampers with the data also holds the log.
 */
export const s3AccessLogged = rule({
  id: 'S3AccessLogged',
  appliesTo: ['AWS::S3::Bucket'],
  scope: 'ai',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.5', 'A.6.2.8'],
  crosswalk: { securityHub: ['S3.9', 'S3.22', 'S3.23'], nist80053: ['AU-2', 'AU-12'], euAiAct: ['Art. 12'] },
  why: 'After a leak or a poisoned dataset, nobody can say who read or replaced which object.',
  fix: 'Set LoggingConfiguration.DestinationBucketName, or record AWS::S3::Object data events in a trail.',
  claims: [DESTINATION],
  beyondGuard: 'a trail may record the accesses instead, and targets of such logs are exempt',
  check: (bucket, graph) => (receivesAccessLogs(bucket, graph) ? undefined : unlogged(bucket, graph)),
  configRules: ['S3_BUCKET_LOGGING_ENABLED'],
  compliant: {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { LoggingConfiguration: { DestinationBucketName: 'logs' }, Tags },
    },
  },
  nonCompliant: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags } } },
});

function unlogged(bucket: GraphResource, graph: TemplateGraph): Violation[] {
  const configuration = bucket.properties.LoggingConfiguration;
  if (configuration instanceof Opaque) {
    return [unresolved('LoggingConfiguration', configuration)];
  }
  const logged = propertyOf(bucket, DESTINATION) !== undefined || recordsObjectsOf(bucket, graph);
  return logged
    ? []
    : [violation(DESTINATION, 'found no other bucket for access logs, and no trail that records objects')];
}
