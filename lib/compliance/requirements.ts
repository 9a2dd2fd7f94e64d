import { Opaque, textOf } from '../analysis';
import { asList, unresolved, valueAt, violation } from './expect';
import type { Violation } from './rule';

/** One thing that a rule asks of the properties of a resource, or of an item of a list in them. */
export interface Requirement {
  /** Properties that it protects, as dotted paths; `*` stands for any item of a list. */
  readonly claims: readonly string[];
  /** What is wrong. `at` is the path of `holder` within the properties: empty, or ending in a dot. */
  readonly judge: (holder: unknown, at: string) => Violation[];
  /** The same in the language of CloudFormation Guard. `at` is the path of the holder: empty, or ending in a dot. */
  readonly guard: (at: string) => string;
}

type Scalar = string | number | boolean;

interface WithDefault {
  /** What the service assumes where the property is absent. @default - absence is a violation */
  readonly byDefault?: Scalar;
}

/** The property has this value. CloudFormation also takes booleans and numbers as text. */
export function is(path: string, value: Scalar, options?: WithDefault): Requirement {
  return isOneOf(path, [value], options);
}

/** The property has one of these values. */
export function isOneOf(path: string, values: readonly Scalar[], { byDefault }: WithDefault = {}): Requirement {
  const expected = values.map((value) => JSON.stringify(value)).join(' or ');
  return onValue(path, {
    byDefault,
    expected,
    holds: (found) => values.some((value) => textOf(value) === textOf(found)),
    guard: (at) => `${at} IN [${values.flatMap(spellings).join(', ')}]`,
  });
}

/** The property has none of these values; absence is fine unless the service's default is one of them. */
export function isNot(path: string, values: readonly Scalar[], { byDefault }: WithDefault = {}): Requirement {
  const text = values.map((value) => JSON.stringify(value)).join(' or ');
  const holds = (found: unknown) => !values.some((value) => textOf(value) === textOf(found));
  return onValue(path, {
    byDefault: byDefault ?? 'a value that the service chooses',
    expected: `anything but ${text}`,
    holds,
    guard: (at) => `${at} NOT IN [${values.flatMap(spellings).join(', ')}]`,
  });
}

/** The number at the property lies within these bounds, both included. */
export function isBetween(
  path: string,
  { min, max, byDefault }: WithDefault & { readonly min?: number; readonly max?: number },
): Requirement {
  const bounds = [min === undefined ? [] : [`at least ${min}`], max === undefined ? [] : [`at most ${max}`]].flat();
  return onValue(path, {
    byDefault,
    expected: bounds.join(' and '),
    holds: (found) => isWithin(Number(textOf(found)), min, max),
    guard: (at) =>
      [...(min === undefined ? [] : [`${at} >= ${min}`]), ...(max === undefined ? [] : [`${at} <= ${max}`])].join('\n'),
  });
}

function isWithin(found: number, min = -Infinity, max = Infinity): boolean {
  return found >= min && found <= max;
}

/** The text at the property matches. Regular expressions must be of the kind that Guard (Rust's `regex`) reads too. */
export function matches(path: string, pattern: RegExp, expected: string, { byDefault }: WithDefault = {}): Requirement {
  return onValue(path, {
    byDefault,
    expected,
    holds: (found) => pattern.test(textOf(found)),
    guard: (at) => `${at} == /${pattern.source}/`,
  });
}

/** The property is there and not empty. A reference counts, whatever it gives at deployment. */
export function isSet(path: string): Requirement {
  return {
    claims: [path],
    judge: (holder, at) => {
      const found = valueAt(holder, path);
      const empty =
        found === undefined || found === null || found === '' || (Array.isArray(found) && found.length === 0);
      return empty ? [violation(at + path, `found ${show(found)}, expected a value`)] : [];
    },
    guard: (at) =>
      [
        `${at}${path} exists`,
        whenBlock(`${at}${path} is_list`, `${at}${path} !empty`),
        whenBlock(`${at}${path} is_string`, `${at}${path} != ""`),
      ].join('\n'),
  };
}

/** The property is not there. */
export function isAbsent(path: string): Requirement {
  return {
    claims: [path],
    judge: (holder, at) => {
      const found = valueAt(holder, path);
      return found === undefined ? [] : [violation(at + path, `found ${show(found)}, expected nothing`)];
    },
    guard: (at) => `${at}${path} !exists`,
  };
}

/** The property names a customer managed key. `alias/aws/...` is AWS's: nobody can withdraw it or see who may use it. */
export function isOwnKey(path: string): Requirement {
  return {
    claims: [path],
    judge: (holder, at) => {
      const found = valueAt(holder, path);
      if (found === undefined || found === null || found === '') {
        return [violation(at + path, 'found no customer managed key')];
      }
      return /alias\/aws\//.test(textOf(found)) ? [violation(at + path, `found AWS's own key ${textOf(found)}`)] : [];
    },
    guard: (at) =>
      `${at}${path} exists\n${whenBlock(`${at}${path} is_string`, `${at}${path} != ""\n${at}${path} != /alias.aws./`)}`,
  };
}

/** Every item of the list obeys. An absent list has no item that breaks a rule, unless it must have one. */
export function each(
  path: string,
  requirements: readonly Requirement[],
  { atLeastOne = false }: { readonly atLeastOne?: boolean } = {},
): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims.map((claim) => `${path}.*.${claim}`)),
    judge: (holder, at) => {
      const list = valueAt(holder, path);
      if (list instanceof Opaque) {
        return [unresolved(at + path, list)];
      }
      const items = asList(list);
      return items.length === 0 && atLeastOne
        ? [violation(at + path, 'found none, expected at least one')]
        : items.flatMap((item, index) => requirements.flatMap(({ judge }) => judge(item, `${at}${path}.${index}.`)));
    },
    guard: (at) => {
      const inner = `${at}${path}[*] {\n${requirements.map(({ guard }) => guard('')).join('\n')}\n}`;
      return atLeastOne
        ? `${at}${path} exists\n${at}${path} !empty\n${inner}`
        : whenBlock(`${at}${path} exists`, inner);
    },
  };
}

/** Some item of the list meets all of these. */
export function some(path: string, requirements: readonly Requirement[], expected: string): Requirement {
  return {
    claims: [`${path}.*`, ...requirements.flatMap(({ claims }) => claims.map((claim) => `${path}.*.${claim}`))],
    judge: (holder, at) => {
      const list = valueAt(holder, path);
      if (list instanceof Opaque) {
        return [unresolved(at + path, list)];
      }
      const found = asList(list).map((item) => requirements.flatMap(({ judge }) => judge(item, '')));
      if (found.some((faults) => faults.length === 0)) {
        return [];
      }
      const undecided = found.find((faults) => faults.every((fault) => fault.unresolved));
      return undecided
        ? undecided.map((fault) => ({ ...fault, property: at + path }))
        : [violation(at + path, `found no ${expected}`)];
    },
    guard: (at) =>
      `${at}${path} exists\nsome ${at}${path}[*] {\n${requirements.map(({ guard }) => guard('')).join('\n')}\n}`,
  };
}

/** Where the property is there, these are asked of the same holder. */
export function whenSet(path: string, requirements: readonly Requirement[]): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) =>
      valueAt(holder, path) === undefined ? [] : requirements.flatMap(({ judge }) => judge(holder, at)),
    guard: (at) => whenBlock(`${at}${path} exists`, requirements.map(({ guard }) => guard(at)).join('\n')),
  };
}

/** Where none of these properties is there with a value, which would be the other way to comply, these are asked of the same holder. */
export function unlessSet(paths: readonly string[], requirements: readonly Requirement[]): Requirement {
  const others = paths.map(isSet);
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) =>
      others.some(({ judge }) => judge(holder, at).length === 0)
        ? []
        : requirements.flatMap(({ judge }) => judge(holder, at)),
    guard: (at) =>
      paths.reduceRight(
        (block, path) => `when ${at}${path} !exists or ${at}${path} empty {\n${block}\n}`,
        requirements.map(({ guard }) => guard(at)).join('\n'),
      ),
  };
}

/** At least one of the properties is there and not empty. */
export function isAnySet(paths: readonly string[]): Requirement {
  const options = paths.map(isSet);
  return {
    claims: paths,
    judge: (holder, at) =>
      options.some(({ judge }) => judge(holder, at).length === 0)
        ? []
        : [violation(at + paths[0], `found none of ${paths.join(', ')}`)],
    guard: (at) => paths.map((path) => `${at}${path} !empty`).join(' or\n'),
  };
}

/**
 * Where the property has this value, these are asked of the same holder. Where only a deployment knows the value, nobody
 * can tell whether what they find missing is missing.
 */
export function whenIs(path: string, value: Scalar, requirements: readonly Requirement[]): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) => {
      const found = valueAt(holder, path);
      const asked = () => requirements.flatMap(({ judge }) => judge(holder, at));
      if (found instanceof Opaque) {
        return asked().length > 0 ? [unresolved(at + path, found)] : [];
      }
      return textOf(found) === textOf(value) ? asked() : [];
    },
    guard: (at) =>
      whenBlock(
        `${at}${path} IN [${spellings(value).join(', ')}]`,
        requirements.map(({ guard }) => guard(at)).join('\n'),
      ),
  };
}

interface ValueTest {
  readonly byDefault: Scalar | undefined;
  readonly expected: string;
  readonly holds: (found: unknown) => boolean;
  readonly guard: (at: string) => string;
}

/** A requirement on a value that is there, or on the service's default. */
function onValue(path: string, { byDefault, expected, holds, guard }: ValueTest): Requirement {
  const absenceIsFine = byDefault !== undefined && holds(byDefault);
  return {
    claims: [path],
    judge: (holder, at) => {
      const found = valueAt(holder, path);
      if (found instanceof Opaque) {
        return [unresolved(at + path, found)];
      }
      if (found === undefined || found === null) {
        return absenceIsFine ? [] : [violation(at + path, `found nothing, expected ${expected}`)];
      }
      return holds(found) ? [] : [violation(at + path, `found ${show(found)}, expected ${expected}`)];
    },
    guard: (at) =>
      absenceIsFine ? whenBlock(`${at}${path} exists`, guard(at + path)) : `${at}${path} exists\n${guard(at + path)}`,
  };
}

function whenBlock(condition: string, block: string): string {
  return `when ${condition} {\n${block}\n}`;
}

/** A value as Guard may meet it: templates also write booleans and numbers as text. */
function spellings(value: Scalar): string[] {
  return typeof value === 'string' ? [`"${value}"`] : [String(value), `"${value}"`];
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : textOf(JSON.stringify(value)).slice(0, 120);
}
