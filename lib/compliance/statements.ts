import { memoized, memoizedByText, Opaque, textOf } from '../analysis';
import { asList, unresolved, valueAt } from './expect';
import type { Violation } from './rule';

/** One statement of a resolved policy document, with every element as a list. */
export interface Statement {
  /** Its position in the document: the last part of a finding's property path. */
  readonly index: number;
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly principals: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Uses NotAction, NotPrincipal or NotResource: names everything but a list. */
  readonly inverted: boolean;
}

/** Statements of a policy document in any of the forms that IAM accepts. Each document is read once. */
export function statementsOf(document: unknown): readonly Statement[] {
  return document !== null && typeof document === 'object' ? read(document) : [];
}

const read = memoized(({ Statement: statements }: { readonly Statement?: unknown }): readonly Statement[] =>
  asList(statements).flatMap((statement, index) =>
    statement !== null && typeof statement === 'object' && !(statement instanceof Opaque)
      ? [statementAt(statement as Record<string, unknown>, index)]
      : [],
  ),
);

/** A finding for each statement that only a deployment knows, or for the whole document at this path. */
export function unreadStatements(document: unknown, at: string): Violation[] {
  if (document instanceof Opaque) {
    return [unresolved(at, document)];
  }
  const statements = valueAt(document, 'Statement');
  return asList(statements).flatMap((statement, index) =>
    statement instanceof Opaque
      ? [unresolved(statements === statement ? `${at}.Statement` : `${at}.Statement.${index}`, statement)]
      : [],
  );
}

function statementAt(statement: Record<string, unknown>, index: number): Statement {
  return {
    index,
    sid: textOf(statement.Sid ?? ''),
    effect: textOf(statement.Effect),
    actions: textsOf(statement.Action),
    principals: principalsOf(statement.Principal),
    resources: textsOf(statement.Resource),
    conditions: conditionsOf(statement.Condition),
    inverted: ['NotAction', 'NotPrincipal', 'NotResource'].some((element) => element in statement),
  };
}

function principalsOf(principal: unknown): readonly string[] {
  if (principal !== null && typeof principal === 'object' && !Array.isArray(principal)) {
    return Object.values(principal).flatMap(textsOf);
  }
  return textsOf(principal);
}

/** The list itself where it holds nothing but texts: most do. */
function textsOf(value: unknown): readonly string[] {
  const list = asList(value);
  return list.every((item) => typeof item === 'string') ? list : list.map(textOf);
}

const UNCONDITIONAL = {};

/**
 * Blocks by operator; what is no block is left out. What only a deployment knows stands under its reason, which is no
 * operator and no key: so that it is not taken for a statement without conditions, nor for a condition that is known.
 */
function conditionsOf(condition: unknown): Statement['conditions'] {
  if (condition === undefined) {
    return UNCONDITIONAL;
  }
  const blocks = condition instanceof Opaque ? { [`${condition}`]: condition } : condition;
  return Object.fromEntries(
    Object.entries(blocks ?? {})
      .filter(([, block]) => block !== null && typeof block === 'object')
      .map(([operator, block]) => [operator, block instanceof Opaque ? { [`${block}`]: block } : block]),
  );
}

/** Condition keys that say who calls, from where, or for whom; each holds somebody back when it is in an Allow. */
const BINDING =
  /^(aws:(principal(account|arn|orgid|orgpaths|tag\/.+)|resource(account|orgid|orgpaths)|source(account|arn|owner|orgid|orgpaths|vpc|vpce|vpcarn|ip)|vpcsourceip|userid|username|calledvia)|kms:(calleraccount|viaservice|encryptioncontext:.+)|lambda:functionurlauthtype|iam:passedtoservice)$/i;

/** Whether anyone at all is let through: an Allow for every principal, without a condition that says who. */
export function allowsAnyone({ effect, principals, conditions, inverted }: Statement): boolean {
  const everyone = principals.includes('*') || (inverted && principals.length === 0);
  return effect === 'Allow' && everyone && !conditionKeys(conditions).some((key) => BINDING.test(key));
}

/** How findings call a statement. */
export function statementName({ sid, index }: Statement): string {
  return sid === '' ? `statement ${index}` : `statement '${sid}'`;
}

/** Names of all condition keys of a statement. */
export function conditionKeys(conditions: Statement['conditions']): string[] {
  return Object.values(conditions).flatMap((block) => Object.keys(block));
}

/** Whether the statement denies, to everyone, every request of a service (such as `s3`) that is not sent over TLS. */
export function deniesPlainText({ effect, actions, principals, conditions }: Statement, service: string): boolean {
  const secure = conditions.Bool?.['aws:SecureTransport'] ?? conditions.BoolIfExists?.['aws:SecureTransport'];
  const everything = actions.some((action) => action === '*' || action.toLowerCase() === `${service}:*`);
  return effect === 'Deny' && everything && principals.includes('*') && textOf(secure) === 'false';
}

/** Whether a resource of a policy, which may hold wildcards, covers this one. ARNs are told apart by case, actions are not. */
export function resourceCovers(pattern: string, resource: string): boolean {
  return /[*?]/.test(pattern) ? wildcard(pattern).test(resource) : pattern === resource;
}

/** Whether an action of a policy, which may hold wildcards, covers this action of a service. */
export function actionCovers(pattern: string, action: string): boolean {
  return /[*?]/.test(pattern)
    ? wildcard(pattern.toLowerCase()).test(action.toLowerCase())
    : pattern.toLowerCase() === action.toLowerCase();
}

/** Patterns repeat from policy to policy, so each is compiled once. */
const wildcard = memoizedByText((pattern) => {
  const parts = pattern.split(/([*?])/).map((part) => ({ '*': '.*', '?': '.' })[part] ?? escaped(part));
  return new RegExp(`^${parts.join('')}$`, 's');
});

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
}
