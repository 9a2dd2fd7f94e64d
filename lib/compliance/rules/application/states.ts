import { Opaque, perResource, textOf, workflowDefinition } from '../../../analysis';
import { valueAt } from '../../expect';

/** A task of a state machine. */
export interface Task {
  readonly name: string;
  /** ARN of the integration, such as `arn:aws:states:::aws-sdk:lambda:putFunctionConcurrency`. */
  readonly integration: string;
  /** What its API call gets. */
  readonly parameters: unknown;
  /** Whether an error leads to another state. */
  readonly catches: boolean;
}

/** Deeper than any definition that Step Functions accepts. */
const MAX_DEPTH = 200;

/** Tasks of a state machine at any depth; `Opaque` where its definition is not in the template. */
export const tasksOf = perResource(({ Definition, DefinitionString }): readonly Task[] | Opaque => {
  const definition = workflowDefinition(DefinitionString ?? Definition);
  return definition instanceof Opaque ? definition : tasksIn('definition', definition, 0);
});

/** Branches of Parallel and processors of Map hold states of their own. */
function tasksIn(name: string, value: unknown, depth: number): Task[] {
  if (value === null || typeof value !== 'object' || value instanceof Opaque || depth > MAX_DEPTH) {
    return [];
  }
  const nested = Object.entries(value).flatMap(([key, item]) => tasksIn(key, item, depth + 1));
  return valueAt(value, 'Type') === 'Task' ? [task(name, value), ...nested] : nested;
}

function task(name: string, state: object): Task {
  const catchers = valueAt(state, 'Catch');
  return {
    name,
    integration: textOf(valueAt(state, 'Resource')),
    parameters: valueAt(state, 'Parameters') ?? valueAt(state, 'Arguments'),
    catches: Array.isArray(catchers) && catchers.length > 0,
  };
}
