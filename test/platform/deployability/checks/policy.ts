import { ASSUMED_ACCOUNT, type GraphResource, partitionOf } from '../../../../lib/analysis';

/** One statement of a resolved policy, with every list made one. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `Service:x`, `AWS:x`, or `AWS:*` for everybody. */
  readonly principals: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy document. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement } = (document ?? {}) as { Statement?: unknown };
  return listOf(Statement).map((item) => {
    const statement = item as Record<string, unknown>;
    return {
      effect: String(statement.Effect),
      actions: listOf(statement.Action).map(String),
      resources: listOf(statement.Resource).map(String),
      principals: principalsOf(statement.Principal),
      conditions: (statement.Condition ?? {}) as Statement['conditions'],
    };
  });
}

function principalsOf(principal: unknown): string[] {
  if (typeof principal === 'string') {
    return [`AWS:${principal}`];
  }
  return Object.entries(principal ?? {}).flatMap(([kind, names]) => listOf(names).map((name) => `${kind}:${name}`));
}

/** Whether an action pattern of a policy, such as `kms:GenerateDataKey*`, covers the action. */
export function covers(pattern: string, action: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(action);
}

/** Whether some statement allows `principal` every action, under conditions that `accepts` finds fit. */
export function allows(
  statements: readonly Statement[],
  principal: string,
  actions: readonly string[],
  accepts: (conditions: Statement['conditions']) => boolean = () => true,
): boolean {
  return actions.every((action) =>
    statements.some(
      ({ effect, principals, actions: patterns, conditions }) =>
        effect === 'Allow' &&
        principals.includes(principal) &&
        patterns.some((pattern) => covers(pattern, action)) &&
        accepts(conditions),
    ),
  );
}

/** A condition's values, whatever operator compares them. */
export function conditionValues(conditions: Statement['conditions'], key: string): string[] {
  return Object.values(conditions).flatMap((block) => listOf(block[key]).map(String));
}

/** The account as a principal. */
export function accountPrincipal(region: string): string {
  return `AWS:arn:${partitionOf(region)}:iam::${ASSUMED_ACCOUNT}:root`;
}

/** Every value as a list; nothing is an empty one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) {
    return [];
  }
  return Array.isArray(value) ? value : [value];
}

/** A fault at a resource, as the tests compare it. */
export function fault({ stack, logicalId }: GraphResource, problem: string): string {
  return `${stack}/${logicalId}: ${problem}`;
}
