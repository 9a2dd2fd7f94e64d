import { rule } from '../../define-rule';
import { each, is, isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { inside } from '../structure';

const RECOVERY = is('PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', true);
const DELETION = is('DeletionProtectionEnabled', true);
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** A table is encrypted with one's own key, can be restored to any second, and is not deleted by mistake. */
export const dynamoDbProtected = rule({
  id: 'DynamoDbProtected',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.6.2.8'],
  crosswalk: { securityHub: ['DynamoDB.2', 'DynamoDB.6'], nist80053: ['CP-9', 'CP-10', 'SC-12', 'SC-28'] },
  why: 'A wrong deployment deletes the features, sessions or decisions of an AI system, and nothing brings them back.',
  fix: 'Set SSESpecification with a KMSMasterKeyId of yours, point-in-time recovery, and DeletionProtectionEnabled.',
  requires: {
    'AWS::DynamoDB::Table': [
      inside('SSESpecification', [
        is('SSESpecification.SSEEnabled', true),
        isOwnKey('SSESpecification.KMSMasterKeyId'),
      ]),
      RECOVERY,
      DELETION,
    ],
    'AWS::DynamoDB::GlobalTable': [
      is('SSESpecification.SSEEnabled', true),
      each('Replicas', [isOwnKey('SSESpecification.KMSMasterKeyId'), RECOVERY, DELETION], { atLeastOne: true }),
    ],
  },
  configRules: ['DYNAMODB_PITR_ENABLED', 'DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED', 'DYNAMODB_TABLE_ENCRYPTED_KMS'],
  compliant: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        SSESpecification: { SSEEnabled: true, KMSMasterKeyId: 'key' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        Tags,
      },
    },
  },
  nonCompliant: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { Tags } } },
});
