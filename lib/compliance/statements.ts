import { textOf } from '../analysis';
import { asList } from './expect';

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

const known = new WeakMap<object, readonly Statement[]>();

/** Statements of a policy document in any of the forms that IAM accepts. Each document is read once. */
export function statementsOf(document: unknown): readonly Statement[] {
  if (document === null || typeof document !== 'object') {
    return [];
  }
  const statements = known.get(document) ?? read(document);
  known.set(document, statements);
  return statements;
}

function read({ Statement: statements }: { Statement?: unknown }): Statement[] {
  return asList(statements).flatMap((statement, index) =>
    statement !== null && typeof statement === 'object'
      ? [statementAt(statement as Record<string, unknown>, index)]
      : [],
  );
}

function statementAt(statement: Record<string, unknown>, index: number): Statement {
  return {
    index,
    sid: textOf(statement.Sid ?? ''),
    effect: textOf(statement.Effect),
    actions: asList(statement.Action).map(textOf),
    principals: principalsOf(statement.Principal),
    resources: asList(statement.Resource).map(textOf),
    conditions: conditionsOf(statement.Condition),
    inverted: ['NotAction', 'NotPrincipal', 'NotResource'].some((element) => element in statement),
  };
}

function principalsOf(principal: unknown): string[] {
  if (principal !== null && typeof principal === 'object' && !Array.isArray(principal)) {
    return Object.values(principal).flatMap(asList).map(textOf);
  }
  return asList(principal).map(textOf);
}

/** Blocks by operator; what is no block is left out. */
function conditionsOf(condition: unknown): Statement['conditions'] {
  const blocks = Object.entries(condition ?? {}).filter(([, block]) => block !== null && typeof block === 'object');
  return Object.fromEntries(blocks);
}

/** Condition keys that say who calls, from where, or for whom; each holds somebody back when it is in an Allow. */
const BINDING =
  /^(aws:(principal(account|arn|orgid|orgpaths|tag\/.+)|resource(account|orgid|orgpaths)|source(account|arn|owner|orgid|orgpaths|vpc|vpce|vpcarn|ip)|vpcsourceip|userid|username|calledvia)|kms:(calleraccount|viaservice|encryptioncontext:.+)|lambda:functionurlauthtype|iam:passedtoservice)$/i;

/** Whether anyone at all is let through: an Allow for every principal, without a condition that says who. */
export function allowsAnyone({ effect, principals, conditions, inverted }: Statement): boolean {
  const everyone = principals.includes('*') || (inverted && principals.length === 0);
  return effect === 'Allow' && everyone && !conditionKeys(conditions).some((key) => BINDING.test(key));
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

/** Whether an action of a policy, which may hold wildcards, covers this action of a service. */
export function actionCovers(pattern: string, action: string): boolean {
  return /[*?]/.test(pattern)
    ? wildcard(pattern.toLowerCase()).test(action.toLowerCase())
    : pattern.toLowerCase() === action.toLowerCase();
}

const MOST_WILDCARDS = 10_000;

const wildcards = new Map<string, RegExp>();

/** Patterns repeat from policy to policy, so each is compiled once; hostile templates must not fill the memory. */
function wildcard(pattern: string): RegExp {
  if (wildcards.size > MOST_WILDCARDS) {
    wildcards.clear();
  }
  const known = wildcards.get(pattern) ?? compiled(pattern);
  wildcards.set(pattern, known);
  return known;
}

function compiled(pattern: string): RegExp {
  const parts = pattern.split(/([*?])/).map((part) => ({ '*': '.*', '?': '.' })[part] ?? escaped(part));
  return new RegExp(`^${parts.join('')}$`, 's');
}

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
}
