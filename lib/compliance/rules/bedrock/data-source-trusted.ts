import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';

const TYPE = 'DataSourceConfiguration.Type';
const BUCKET = 'DataSourceConfiguration.S3Configuration.BucketArn';
const OWNER = 'DataSourceConfiguration.S3Configuration.BucketOwnerAccountId';

/** Documents of a knowledge base come from where somebody answers for them. A crawled site that does is an accepted finding. */
export const bedrockDataSourceTrusted = rule({
  id: 'BedrockDataSourceTrusted',
  appliesTo: ['AWS::Bedrock::DataSource'],
  level: ALWAYS_WARNING,
  annexA: ['A.7.3', 'A.7.5'],
  crosswalk: { owasp: ['LLM04:2025', 'LLM08:2025'], atlas: ['AML.T0070', 'AML.T0066'], nist80053: ['SI-10', 'SR-4'] },
  why: 'Who can write to a source, or takes over its name once it is free, decides what the model tells its users.',
  fix: 'Read from a bucket and name its account in BucketOwnerAccountId, instead of crawling the web.',
  claims: [TYPE, OWNER],
  beyondGuard: 'a bucket of the same assembly needs no owner',
  check: (source, graph) => {
    const type = propertyOf(source, TYPE);
    if (type instanceof Opaque) {
      return [unresolved(TYPE, type)];
    }
    if (type === 'WEB') {
      return [violation(TYPE, 'found "WEB", expected a source whose content somebody answers for')];
    }
    if (type !== 'S3') {
      return undefined;
    }
    return propertyOf(source, OWNER) === undefined && !graph.withArn(propertyOf(source, BUCKET))
      ? [violation(OWNER, 'found nothing, expected the account that owns the bucket')]
      : [];
  },
  compliant: sourceOf({ Type: 'S3', S3Configuration: { BucketOwnerAccountId: '111122223333' } }),
  nonCompliant: sourceOf({ Type: 'S3', S3Configuration: { BucketArn: 'arn:aws:s3:::documents' } }),
});

function sourceOf(DataSourceConfiguration: object) {
  return { Source: { Type: 'AWS::Bedrock::DataSource', Properties: { DataSourceConfiguration } } };
}
