import { Opaque, textOf, valueOfJson } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_ERROR, type Verdict, type Violation } from '../../rule';
import { allowsAnyone, statementName, statementsOf } from '../../statements';

/** A principal that stands for many: a wildcard, or an account as a whole. */
const MANY = /\*|:root$/;

/** What is wrong with a policy, by the type that holds it. */
const FAULTS: Readonly<Record<string, (policy: unknown) => Violation[]>> = {
  'AWS::OpenSearchServerless::AccessPolicy': (policy) => asList(policy).flatMap(namelessPrincipals),
  'AWS::OpenSearchServerless::SecurityPolicy': (policy) => asList(policy).flatMap(publicAccess),
  'AWS::S3Vectors::VectorBucketPolicy': anyone,
};

/** The store behind a knowledge base is reached from known networks and services, by principals with a name. */
export const bedrockKnowledgeBaseStorePrivate = rule({
  id: 'BedrockKnowledgeBaseStorePrivate',
  appliesTo: Object.keys(FAULTS),
  scope: 'ai',
  level: ALWAYS_ERROR,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-4', 'SC-7'], owasp: ['LLM08:2025'], atlas: ['AML.T0070'] },
  why: 'With the store open to the internet or to many, leaked credentials are enough to read the documents or to poison them.',
  fix: 'Set AllowFromPublic to false with SourceVPCEs or SourceServices, and name each principal in the access policy.',
  claims: ['Policy'],
  beyondGuard: 'these policies are JSON in a text',
  check: ({ type, properties }): Verdict => {
    const policy = valueOfJson(properties.Policy);
    if (policy instanceof Opaque) {
      return [unresolved('Policy', policy)];
    }
    if (type === 'AWS::OpenSearchServerless::SecurityPolicy' && properties.Type !== 'network') {
      return undefined;
    }
    return policy === undefined ? [violation('Policy', 'found nothing, expected a policy')] : FAULTS[type](policy);
  },
  compliant: networkPolicy({ AllowFromPublic: false, SourceServices: ['bedrock.amazonaws.com'] }),
  nonCompliant: networkPolicy({ AllowFromPublic: true }),
});

/** OpenSearch Serverless Developer Guide, "Network access for Amazon OpenSearch Serverless". */
function publicAccess(block: unknown): Violation[] {
  return textOf(valueAt(block, 'AllowFromPublic')) === 'true'
    ? [violation('Policy', 'found AllowFromPublic true, expected false')]
    : [];
}

function namelessPrincipals(block: unknown): Violation[] {
  return asList(valueAt(block, 'Principal'))
    .map(textOf)
    .filter((principal) => MANY.test(principal))
    .map((principal) => violation('Policy', `found principal ${principal}, expected roles by name`));
}

function anyone(policy: unknown): Violation[] {
  return statementsOf(policy)
    .filter(allowsAnyone)
    .map((statement) => violation('Policy', `${statementName(statement)} lets anyone in`));
}

function networkPolicy(access: object) {
  const Policy = JSON.stringify([{ Rules: [{ ResourceType: 'collection', Resource: ['collection/kb'] }], ...access }]);
  return {
    Base: { Type: 'AWS::Bedrock::KnowledgeBase', Properties: {} },
    Network: { Type: 'AWS::OpenSearchServerless::SecurityPolicy', Properties: { Type: 'network', Policy } },
  };
}
