import * as z from 'zod';
import type { PalisadeError } from '../../runtime/errors';
import type { Fault } from './manifest-error';
import { nearest } from './nearest';

const SEE = 'see docs/manifests.md';

type Path = readonly PropertyKey[];

/** Most faults of form that are listed of one file. */
const MAX_FAULTS = 100;

/** Turns what Zod found in `data` into faults: what stands there, what is allowed, and what was perhaps meant. */
export function explain(
  schema: z.ZodType,
  data: unknown,
  issues: readonly z.core.$ZodIssue[],
  fault: Fault,
): PalisadeError[] {
  return issues
    .slice(0, MAX_FAULTS)
    .flatMap((issue) => explainOne(schema, data, issue, fault))
    .slice(0, MAX_FAULTS);
}

function explainOne(schema: z.ZodType, data: unknown, issue: z.core.$ZodIssue, fault: Fault): PalisadeError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, data, issue.path);
    return issue.keys.slice(0, MAX_FAULTS).map((key) => unknownKey(key, [...issue.path, key], known, fault));
  }
  const found = valueAt(data, issue.path);
  const place = format(issue.path);
  if (found === undefined) {
    const meaning = schemaAt(schema, data, issue.path)?.description ?? `allowed: ${allowedBy(issue)}`;
    return [fault('PALISADE-M011', place, `missing, ${meaning}`, `add ${place}, ${SEE}`)];
  }
  const allowed = allowedBy(issue);
  const problem = `found ${describe(found)}, allowed: ${allowed}`;
  if (issue.code === 'invalid_type' || (issue.code === 'invalid_union' && !issue.discriminator)) {
    const quote = allowed === 'text' && typeof found === 'number';
    return [fault('PALISADE-M013', place, problem, quote ? 'put the value in quotes' : `write ${allowed}, ${SEE}`)];
  }
  return [fault('PALISADE-M014', place, problem, suggestion(found, issue) ?? `change the value, ${SEE}`)];
}

function unknownKey(key: string, path: Path, known: string[], fault: Fault): PalisadeError {
  const meant = nearest(key, known);
  return fault(
    'PALISADE-M010',
    format(path),
    `unknown key, known here: ${known.join(', ') || 'none'}`,
    meant ? `did you mean '${meant}'?` : 'remove it; what is yours goes under governance',
  );
}

const TYPE_NAMES: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
  number: 'a number',
};

function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'invalid_value':
    case 'invalid_union':
      return optionsOf(issue)?.join(', ') ?? 'text, a number, true or false';
    case 'too_small':
      return `at least ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unit(issue.origin)}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

function suggestion(found: unknown, issue: z.core.$ZodIssue): string | undefined {
  const options = optionsOf(issue);
  const meant = typeof found === 'string' && options ? nearest(found, options) : undefined;
  return meant && `did you mean '${meant}'?`;
}

/** The values of an enumeration, or of the key that tells the branches of a union apart. */
function optionsOf(issue: z.core.$ZodIssue): string[] | undefined {
  if (issue.code === 'invalid_value') {
    return issue.values.map(String);
  }
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : undefined;
}

/** A value as an error names it: short and on one line, whatever it is. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) {
    return `a list of ${value.length}`;
  }
  if (typeof value === 'object' && value !== null) {
    return 'a mapping';
  }
  const text = typeof value === 'string' ? `'${value}'` : value === null ? 'an empty value' : String(value);
  const start = text.slice(0, 81).replace(/\p{Cc}/gu, ' ');
  return start.length > 80 ? `${start.slice(0, 77)}...` : start;
}

/** A key path as a reader writes it: `stages.prod.approvals[0].date`. */
export function format(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === 'number') {
        return `[${step}]`;
      }
      const key = String(step);
      return /^[\w-]+$/.test(key) ? `.${key}` : `[${describe(key)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? value[step as never] : undefined,
    data,
  );
}

/** The schema that governs the value at `path`; undefined below what is free-form. */
function schemaAt(schema: z.ZodType, data: unknown, path: Path): z.ZodType | undefined {
  if (path.length === 0) {
    return schema;
  }
  const [step, ...rest] = path;
  const here = resolve(schema, data);
  const next =
    here instanceof z.ZodObject ? here.shape[String(step)] : here instanceof z.ZodArray ? here.element : undefined;
  return next && schemaAt(next as z.ZodType, valueAt(data, [step]), rest);
}

function keysAt(schema: z.ZodType, data: unknown, path: Path): string[] {
  const here = schemaAt(schema, data, path);
  const resolved = here && resolve(here, valueAt(data, path));
  return resolved instanceof z.ZodObject ? Object.keys(resolved.shape) : [];
}

/** Looks through what wraps a schema, and picks the branch of a union that the data names. */
function resolve(schema: z.ZodType, data: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return resolve(schema.unwrap() as z.ZodType, data);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const key = schema.def.discriminator;
    const chosen = schema.options.find(
      (option) =>
        option instanceof z.ZodObject && (option.shape[key] as z.ZodLiteral).values.has(valueAt(data, [key]) as string),
    );
    return (chosen as z.ZodType | undefined) ?? schema;
  }
  return schema;
}
