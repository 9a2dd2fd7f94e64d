import type { GraphResource, TemplateGraph } from '../../../analysis';
import { holdsPersonalData } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { isOneOf } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const anyPolicy = isOneOf('DataDeletionPolicy', ['DELETE', 'RETAIN']);
const mustDelete = isOneOf('DataDeletionPolicy', ['DELETE']);

/** What becomes of the vectors when their source goes is decided, and for personal data it is erasure. */
export const bedrockDataSourceDeletionPolicy = rule({
  id: 'BedrockDataSourceDeletionPolicy',
  appliesTo: ['AWS::Bedrock::DataSource'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.7.5'],
  crosswalk: { nist80053: ['SI-12', 'MP-6'], owasp: ['LLM02:2025', 'LLM08:2025'] },
  why: 'Vectors that stay when their documents are erased still answer questions about the people in them.',
  fix: 'Set DataDeletionPolicy to DELETE for personal data, and to DELETE or RETAIN for other data.',
  claims: anyPolicy.claims,
  beyondGuard: 'a data source has no tags: its knowledge base or its bucket says what class of data it holds',
  check: (resource, graph) => (isPersonal(resource, graph) ? mustDelete : anyPolicy).judge(resource.properties, ''),
  compliant: source({ DataDeletionPolicy: 'DELETE' }),
  nonCompliant: source({}),
});

function isPersonal(source: GraphResource, graph: TemplateGraph): boolean {
  const base = graph.withName('AWS::Bedrock::KnowledgeBase', propertyOf(source, 'KnowledgeBaseId'));
  const bucket = graph.withArn(propertyOf(source, 'DataSourceConfiguration.S3Configuration.BucketArn'));
  return [base, bucket].some((holder) => holder !== undefined && holdsPersonalData.holds(holder));
}

function source(Properties: object) {
  return { Source: { Type: 'AWS::Bedrock::DataSource', Properties } };
}
