import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, mustExist, unresolved, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { actingRules, isManaged, limitsRate, stopsLargeBodies } from './web-acl';

const ACL = 'AWS::WAFv2::WebACL';
const LOGGING = 'AWS::WAFv2::LoggingConfiguration';
const ASSOCIATION = 'AWS::WAFv2::WebACLAssociation';
const STAGE = 'AWS::ApiGateway::Stage';

/** A firewall stands before every REST API, acts on what it finds, and keeps a record without credentials. */
export const apiWaf = rule({
  id: 'ApiWaf',
  scope: 'ai',
  appliesTo: [STAGE, LOGGING, ACL],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.9.2', 'A.4.5'],
  crosswalk: {
    securityHub: ['APIGateway.4', 'WAF.10', 'WAF.11'],
    nist80053: ['SC-5', 'SC-7', 'SI-4'],
    owasp: ['LLM10:2025'],
  },
  why: 'A firewall that is missing, counts only, or skips the end of long bodies lets floods and exploits through.',
  fix: 'Associate a web ACL with rate-based, managed and body-size rules that block, and log it with authorization redacted.',
  claims: ['Rules.*', 'Rules.*.Action', 'Rules.*.OverrideAction', 'RedactedFields.*', LOGGING, ASSOCIATION],
  beyondGuard: 'stage, association, ACL and logging are resources of their own',
  configRules: ['API_GW_ASSOCIATED_WITH_WAF', 'WAFV2_LOGGING_ENABLED'],
  check: (resource, graph) => JUDGES[resource.type](resource, graph),
  compliant: example(
    [
      {
        Statement: { ManagedRuleGroupStatement: { Name: 'AWSManagedRulesCommonRuleSet' } },
        OverrideAction: { None: {} },
      },
      { Statement: { RateBasedStatement: { Limit: 2000, AggregateKeyType: 'IP' } }, Action: { Block: {} } },
    ],
    [{ SingleHeader: { Name: 'authorization' } }],
  ),
  nonCompliant: {
    ...example([{ Statement: { RateBasedStatement: { Limit: 2000 } }, Action: { Count: {} } }], []),
    Stage: { Type: STAGE, Properties: {} },
  },
});

const JUDGES: Readonly<Record<string, (resource: GraphResource, graph: TemplateGraph) => Violation[]>> = {
  [STAGE]: (stage, graph) =>
    isAssociated(stage, graph) ? [] : [violation('WebACLAssociation', 'found no web ACL for this stage')],
  [LOGGING]: (logging) => [...mustExist(logging, 'ResourceArn'), ...redaction(logging)],
  [ACL]: aclFaults,
};

/** Who calls with a bearer token or a session must not find it in a log. */
function redaction({ properties: { RedactedFields } }: GraphResource): Violation[] {
  return asList(RedactedFields).some(isAuthorization)
    ? []
    : [violation('RedactedFields', 'found no redaction of the header authorization')];
}

function isAuthorization(field: unknown): boolean {
  return textOf(valueAt(field, 'SingleHeader.Name')).toLowerCase() === 'authorization';
}

function aclFaults(acl: GraphResource, graph: TemplateGraph): Violation[] {
  const { Rules } = acl.properties;
  if (Rules instanceof Opaque) {
    return [unresolved('Rules', Rules)];
  }
  const acting = actingRules(acl);
  return [
    ...(acting.some(limitsRate) ? [] : [violation('Rules', 'found no rate-based rule that blocks')]),
    ...(acting.some(isManaged) ? [] : [violation('Rules', 'found no managed rule group that blocks')]),
    ...(acting.some((item) => stopsLargeBodies(item, acl))
      ? []
      : [violation('Rules', 'found no rule that blocks bodies longer than WAF inspects')]),
    ...(graph.where(LOGGING, 'ResourceArn', acl.arn).length > 0
      ? []
      : [violation('LoggingConfiguration', 'found no logging for this web ACL')]),
  ];
}

function isAssociated({ name, properties: { RestApiId, StageName } }: GraphResource, graph: TemplateGraph): boolean {
  return [name, StageName].some((stage) =>
    associations(graph).has(`/restapis/${textOf(RestApiId)}/stages/${textOf(stage)}`),
  );
}

/** Stages with a web ACL, as the last part of their ARN. */
function associations(graph: TemplateGraph): ReadonlySet<string> {
  return graph.once('stages with a web ACL', () => new Set(graph.ofType(ASSOCIATION).map(stagePart)));
}

function stagePart({ properties: { ResourceArn } }: GraphResource): string {
  return textOf(ResourceArn).replace(/^.*?(?=\/restapis\/)/, '');
}

function example(Rules: object[], RedactedFields: object[]) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Tags } },
    Stage: { Type: STAGE, Properties: { RestApiId: { Ref: 'Api' } } },
    Acl: { Type: ACL, Properties: { Rules } },
    Association: {
      Type: 'AWS::WAFv2::WebACLAssociation',
      Properties: {
        ResourceArn: {
          'Fn::Join': ['/', ['arn:aws:apigateway:eu-west-1::', 'restapis', { Ref: 'Api' }, 'stages', { Ref: 'Stage' }]],
        },
        WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] },
      },
    },
    Logging: {
      Type: LOGGING,
      Properties: { ResourceArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, RedactedFields },
    },
  };
}
