import type { GraphResource, TemplateGraph } from '../../../analysis';
import { holdsPersonalData } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { is } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Bedrock deletes unless it is told to retain (Bedrock User Guide, "Delete an Amazon Bedrock knowledge base"). */
const deletes = is('DataDeletionPolicy', 'DELETE', { byDefault: 'DELETE' });

/** Vectors made of personal data go with their source. What becomes of others is the owner's choice. */
export const bedrockDataSourceDeletionPolicy = rule({
  id: 'BedrockDataSourceDeletionPolicy',
  appliesTo: ['AWS::Bedrock::DataSource'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.7.5'],
  crosswalk: { nist80053: ['SI-12', 'MP-6'], owasp: ['LLM02:2025', 'LLM08:2025'] },
  why: 'Vectors that stay when their documents are erased still answer questions about the people in them.',
  fix: 'Set DataDeletionPolicy to DELETE, or leave it out.',
  claims: deletes.claims,
  beyondGuard: 'a data source has no tags: its knowledge base or its bucket says what class of data it holds',
  check: (resource, graph) => (isPersonal(resource, graph) ? deletes.judge(resource.properties, '') : undefined),
  compliant: source({}),
  nonCompliant: source({ DataDeletionPolicy: 'RETAIN' }),
});

function isPersonal(source: GraphResource, graph: TemplateGraph): boolean {
  const base = graph.withName('AWS::Bedrock::KnowledgeBase', propertyOf(source, 'KnowledgeBaseId'));
  const bucket = graph.withArn(propertyOf(source, 'DataSourceConfiguration.S3Configuration.BucketArn'));
  return [base, bucket].some((holder) => holder !== undefined && holdsPersonalData.holds(holder));
}

function source(properties: object) {
  return {
    Base: { Type: 'AWS::Bedrock::KnowledgeBase', Properties: { Tags: { 'ai:data-class': 'personal' } } },
    Source: { Type: 'AWS::Bedrock::DataSource', Properties: { KnowledgeBaseId: { Ref: 'Base' }, ...properties } },
  };
}
