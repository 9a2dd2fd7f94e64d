import { type GraphResource, textOf } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';

/** Bytes of a body that WAF inspects for API Gateway unless the ACL says more (AWS WAF Developer Guide, "Body"). */
const DEFAULT_LIMIT = 16_384;

/** Rules of a web ACL that act on what they match: a rule that only counts stops nobody. */
export function actingRules({ properties: { Rules } }: GraphResource): unknown[] {
  return asList(Rules).filter((rule) =>
    isManaged(rule)
      ? valueAt(rule, 'OverrideAction.Count') === undefined
      : ['Block', 'Captcha', 'Challenge'].some((action) => valueAt(rule, `Action.${action}`) !== undefined),
  );
}

/** Whether a rule limits how often one source may call. */
export function limitsRate(rule: unknown): boolean {
  return valueAt(rule, 'Statement.RateBasedStatement') !== undefined || isOwnGroup(rule);
}

/** Whether a rule applies a group that AWS or a vendor keeps current. */
export function isManaged(rule: unknown): boolean {
  return valueAt(rule, 'Statement.ManagedRuleGroupStatement') !== undefined || isOwnGroup(rule);
}

/** Whether a rule stops a body that is longer than what WAF inspects. */
export function stopsLargeBodies(rule: unknown, acl: GraphResource): boolean {
  const body = valueAt(rule, 'Statement.SizeConstraintStatement.FieldToMatch.Body');
  const size = Number(valueAt(rule, 'Statement.SizeConstraintStatement.Size'));
  const constrains =
    body !== undefined && (valueAt(body, 'OversizeHandling') === 'MATCH' || size < inspectedBytes(acl));
  return constrains || limitsByCommonRules(rule) || isOwnGroup(rule);
}

/** AWS's common rule set refuses bodies above 8 KB, unless that one rule is told to count. */
function limitsByCommonRules(rule: unknown): boolean {
  const group = valueAt(rule, 'Statement.ManagedRuleGroupStatement');
  const excluded = [...asList(valueAt(group, 'RuleActionOverrides')), ...asList(valueAt(group, 'ExcludedRules'))];
  return (
    valueAt(group, 'Name') === 'AWSManagedRulesCommonRuleSet' &&
    !excluded.some((item) => valueAt(item, 'Name') === 'SizeRestrictions_BODY')
  );
}

function inspectedBytes(acl: GraphResource): number {
  const limit = propertyOf(acl, 'AssociationConfig.RequestBody.API_GATEWAY.DefaultSizeInspectionLimit');
  const kilobytes = Number(/^KB_(\d+)$/.exec(textOf(limit))?.[1]);
  return kilobytes > 0 ? kilobytes * 1024 : DEFAULT_LIMIT;
}

/** What a rule group of one's own holds is not in this ACL; it may hold anything. */
function isOwnGroup(rule: unknown): boolean {
  return valueAt(rule, 'Statement.RuleGroupReferenceStatement') !== undefined;
}
