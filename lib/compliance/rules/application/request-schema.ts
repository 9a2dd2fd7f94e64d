import { textOf } from '../../../analysis';
import { asList, valueAt } from '../../expect';

/** Deeper than any schema that API Gateway accepts. */
const MAX_DEPTH = 50;

/**
 * Where a JSON schema (draft 4) lets through what nobody foresaw: texts and lists of any length, members without a
 * name, values of any type. Empty for a schema that bounds everything.
 */
export function unboundedParts(schema: unknown): string[] {
  return valueAt(schema, 'type') === 'object' ? parts(schema, '', 0) : ['the body is not declared as an object'];
}

function parts(schema: unknown, at: string, depth: number): string[] {
  if (depth > MAX_DEPTH) {
    return [`${name(at)} is nested too deep`];
  }
  if (['enum', 'const', '$ref'].some((key) => valueAt(schema, key) !== undefined)) {
    return [];
  }
  const alternatives = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => asList(valueAt(schema, key)));
  const types = asList(valueAt(schema, 'type')).map(textOf);
  if (types.length === 0) {
    return alternatives.length === 0
      ? [`${name(at)} has no type`]
      : alternatives.flatMap((item) => parts(item, at, depth + 1));
  }
  return types.flatMap((type) => PARTS.get(type)?.(schema, at, depth) ?? []);
}

type Judge = (schema: unknown, at: string, depth: number) => string[];

/** By type. A map, because a schema may name a type as a member of Object.prototype is called. */
const PARTS: ReadonlyMap<string, Judge> = new Map(
  Object.entries<Judge>({
    array: (schema, at, depth) => [
      ...(valueAt(schema, 'maxItems') === undefined ? [`${name(at)} has no maxItems`] : []),
      ...asList(valueAt(schema, 'items')).flatMap((item) => parts(item, `${at}[]`, depth + 1)),
    ],
    object: (schema, at, depth) => {
      const members = Object.entries(valueAt(schema, 'properties') ?? {});
      return [
        ...(valueAt(schema, 'additionalProperties') === false ? [] : [`${name(at)} accepts additional properties`]),
        ...(members.length === 0 ? [`${name(at)} names no property`] : []),
        ...members.flatMap(([key, member]) => parts(member, at === '' ? key : `${at}.${key}`, depth + 1)),
      ];
    },
    string: (schema, at) =>
      ['maxLength', 'format'].every((key) => valueAt(schema, key) === undefined)
        ? [`${name(at)} has no maxLength`]
        : [],
  }),
);

function name(at: string): string {
  return at === '' ? 'the body' : at;
}
