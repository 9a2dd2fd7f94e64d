import { textOf } from '../analysis';
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
      sid: textOf(statement.Sid ?? ''),
      effect: textOf(statement.Effect),
      actions: asList(statement.Action).map(textOf),
      principals: principalsOf(statement.Principal),
      resources: asList(statement.Resource).map(textOf),
      conditions: conditionsOf(statement.Condition),
      inverted: ['NotAction', 'NotPrincipal', 'NotResource'].some((element) => element in statement),
    }));
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
