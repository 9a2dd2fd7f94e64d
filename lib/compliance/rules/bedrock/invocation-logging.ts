import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustExist, propertyOf } from '../../expect';
import { isOwnKey, type Requirement } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';

/** What must be encrypted, by the property that names it. */
const STORES: Readonly<Record<string, { readonly type: string; readonly encrypted: Requirement }>> = {
  LogGroupName: { type: 'AWS::Logs::LogGroup', encrypted: isOwnKey('KmsKeyId') },
  LargeDataBucket: {
    type: 'AWS::S3::Bucket',
    encrypted: isOwnKey(
      'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
    ),
  },
};

const DESTINATIONS = [...Object.keys(STORES), 'RoleArn'];

/**
 * Prompts and completions are recorded in full, under a key of the owner. CloudFormation has no type for the
 * configuration, of which an account and Region has one; it is judged where an assembly sets it.
 */
export const bedrockInvocationLogging = rule({
  id: 'BedrockInvocationLogging',
  appliesTo: ['Custom::BedrockInvocationLogging'],
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8'],
  crosswalk: { nist80053: ['AU-2', 'AU-3', 'AU-12'], euAiAct: ['Art. 12', 'Art. 19'], nistAiRmf: ['MEASURE 2.4'] },
  why: 'Without prompts and completions on record, nobody can tell what a manipulated model was asked and what it gave away.',
  fix: 'Set LogGroupName, RoleArn and LargeDataBucket, and encrypt log group and bucket with a customer managed key.',
  claims: DESTINATIONS,
  beyondGuard: 'the keys are those of the log group and the bucket that it names',
  check: (logging, graph) => [
    ...DESTINATIONS.flatMap((property) => mustExist(logging, property)),
    ...Object.keys(STORES).flatMap((property) => unencrypted(logging, property, graph)),
  ],
  compliant: logging({
    LogGroupName: 'calls',
    LargeDataBucket: 'large-calls',
    RoleArn: 'arn:aws:iam::111122223333:role/r',
  }),
  nonCompliant: logging({ LogGroupName: 'calls', RoleArn: 'arn:aws:iam::111122223333:role/r' }),
});

function unencrypted(logging: GraphResource, property: string, graph: TemplateGraph): Violation[] {
  const { type, encrypted } = STORES[property];
  const store = graph.withName(type, propertyOf(logging, property));
  return store
    ? encrypted
        .judge(store.properties, '')
        .map((fault) => ({ ...fault, property, message: `${store.path}: ${fault.message}` }))
    : [];
}

function logging(Properties: object) {
  return { Logging: { Type: 'Custom::BedrockInvocationLogging', Properties } };
}
