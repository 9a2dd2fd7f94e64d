import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** What Bedrock keeps while it reads documents into a knowledge base is encrypted with a key of the owner. */
export const bedrockDataSourceCmk = rule({
  id: 'BedrockDataSourceCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { securityHub: ['Bedrock.1'], nist80053: ['SC-12', 'SC-28'], owasp: ['LLM08:2025'] },
  why: 'During ingestion the documents lie outside of your buckets, under a key that you can neither watch nor withdraw.',
  fix: 'Set ServerSideEncryptionConfiguration.KmsKeyArn to a customer managed key.',
  requires: { 'AWS::Bedrock::DataSource': [isOwnKey('ServerSideEncryptionConfiguration.KmsKeyArn')] },
  compliant: dataSource({
    ServerSideEncryptionConfiguration: { KmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/own' },
  }),
  nonCompliant: dataSource({}),
});

function dataSource(Properties: object) {
  return { Source: { Type: 'AWS::Bedrock::DataSource', Properties } };
}
