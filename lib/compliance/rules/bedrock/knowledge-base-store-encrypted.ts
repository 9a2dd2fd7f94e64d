import { type GraphResource, Opaque, textOf, valueOfJson } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, valueAt, violation } from '../../expect';
import { is, isOwnKey, type Requirement } from '../../requirements';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';

interface Store {
  /** Property without which another resource, or none, decides on the key. @default - always judged */
  readonly within?: string;
  readonly requires: readonly Requirement[];
}

const VECTORS = [is('EncryptionConfiguration.SseType', 'aws:kms'), isOwnKey('EncryptionConfiguration.KmsKeyArn')];

const MANAGED = 'KnowledgeBaseConfiguration.ManagedKnowledgeBaseConfiguration';

/** Stores of vectors that name their key. An index has the key of its bucket unless it names one. */
const STORES: Readonly<Record<string, Store>> = {
  'AWS::Bedrock::KnowledgeBase': {
    within: MANAGED,
    requires: [isOwnKey(`${MANAGED}.ServerSideEncryptionConfiguration.KmsKeyArn`)],
  },
  'AWS::OpenSearchServerless::Collection': {
    within: 'EncryptionConfig',
    requires: [isOwnKey('EncryptionConfig.KmsKeyArn')],
  },
  'AWS::S3Vectors::Index': { within: 'EncryptionConfiguration', requires: VECTORS },
  'AWS::S3Vectors::VectorBucket': { requires: VECTORS },
};

/** The store behind a knowledge base is encrypted with a key of the owner. */
export const bedrockKnowledgeBaseStoreEncrypted = rule({
  id: 'BedrockKnowledgeBaseStoreEncrypted',
  appliesTo: [...Object.keys(STORES), 'AWS::OpenSearchServerless::SecurityPolicy'],
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'], owasp: ['LLM08:2025'] },
  why: "Vectors give back much of the text they were made from, and under AWS's own key nobody sees who reads them.",
  fix: 'Encrypt the vector store with a customer managed key: KmsKeyArn, or KmsARN in the encryption policy.',
  claims: [
    ...new Set([
      ...Object.values(STORES).flatMap(({ requires }) => requires.flatMap(({ claims }) => claims)),
      'Policy',
    ]),
  ],
  beyondGuard: 'the encryption policy of a collection is JSON in a text',
  check: (store) =>
    store.type === 'AWS::OpenSearchServerless::SecurityPolicy' ? policyVerdict(store) : verdict(store),
  compliant: bucketWith({ SseType: 'aws:kms', KmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/own' }),
  nonCompliant: bucketWith({ SseType: 'AES256' }),
});

function verdict(store: GraphResource): Verdict {
  const { within, requires } = STORES[store.type];
  return within !== undefined && propertyOf(store, within) === undefined
    ? undefined
    : requires.flatMap(({ judge }) => judge(store.properties, ''));
}

/** OpenSearch Serverless Developer Guide, "Encryption in Amazon OpenSearch Serverless". */
function policyVerdict({ properties }: GraphResource): Verdict {
  if (properties.Type !== 'encryption') {
    return undefined;
  }
  const policy = valueOfJson(properties.Policy);
  if (policy instanceof Opaque) {
    return [unresolved('Policy', policy)];
  }
  const own = valueAt(policy, 'KmsARN') !== undefined && textOf(valueAt(policy, 'AWSOwnedKey')) !== 'true';
  return own ? [] : [violation('Policy', 'found no customer managed key, expected KmsARN')];
}

function bucketWith(EncryptionConfiguration: object) {
  return {
    Base: { Type: 'AWS::Bedrock::KnowledgeBase', Properties: {} },
    Vectors: { Type: 'AWS::S3Vectors::VectorBucket', Properties: { EncryptionConfiguration } },
  };
}
