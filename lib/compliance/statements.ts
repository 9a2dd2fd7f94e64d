import { asList } from './expect';

/** One statement of a resolved policy document, with every element as a list. */
export interface Statement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly principals: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Uses NotAction, NotPrincipal or NotResource: names everything but a list. */
  readonly inverted: boolean;
}

/** Statements of a policy document in any of the forms that IAM accepts. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement: statements } = (document ?? {}) as { Statement?: unknown };
  return asList(statements)
    .filter((statement): statement is Record<string, unknown> => statement !== null && typeof statement === 'object')
    .map((statement) => ({
      sid: String(statement.Sid ?? ''),
      effect: String(statement.Effect),
      actions: asList(statement.Action).map(String),
      principals: principalsOf(statement.Principal),
      resources: asList(statement.Resource).map(String),
      conditions: (statement.Condition ?? {}) as Statement['conditions'],
      inverted: ['NotAction', 'NotPrincipal', 'NotResource'].some((element) => element in statement),
    }));
}

/** Allows something to anyone whom a condition does not hold back. */
export function isUnconditionedAllow({ effect, conditions }: Statement): boolean {
  return effect === 'Allow' && Object.keys(conditions).length === 0;
}

function principalsOf(principal: unknown): string[] {
  if (principal !== null && typeof principal === 'object' && !Array.isArray(principal)) {
    return Object.values(principal).flatMap(asList).map(String);
  }
  return asList(principal).map(String);
}
