/**
 * The part of JSON Schema (draft 4, which API Gateway's models are) that the gateway's protocols need. A schema is data: API
 * Gateway checks by the same one, and nothing is compiled, so a cold start pays for nothing.
 */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** In Unicode code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
}

/** Where a value does not fit its schema, and why. */
export interface Misfit {
  /** As `messages[0].content`; empty for the whole. */
  readonly where: string;
  readonly problem: string;
}

/** The first place where `value` does not fit. Linear in the value for a given schema. */
export function misfit(value: unknown, schema: Schema, where = ''): Misfit | undefined {
  if (schema.anyOf) {
    return misfitOfAny(value, schema.anyOf, where);
  }
  if (schema.enum && !schema.enum.includes(value as string)) {
    return { where, problem: `is none of ${schema.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}` };
  }
  if (schema.type && !isOf(schema.type, value)) {
    return { where, problem: `is no ${schema.type}` };
  }
  if (typeof value === 'string') {
    return lengthOf(value, schema, where);
  }
  if (typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    return value < minimum || value > maximum ? { where, problem: `is not ${minimum} to ${maximum}` } : undefined;
  }
  if (Array.isArray(value)) {
    return inArray(value, schema, where);
  }
  return value !== null && typeof value === 'object' ? inObject(value, schema, where) : undefined;
}

/** Of several forms, the one that got furthest explains best what is wrong. */
function misfitOfAny(value: unknown, forms: readonly Schema[], where: string): Misfit | undefined {
  let furthest: Misfit | undefined;
  for (const form of forms) {
    const found = misfit(value, form, where);
    if (!found) {
      return undefined;
    }
    if (!furthest || found.where.length > furthest.where.length) {
      furthest = found;
    }
  }
  return furthest?.where === where ? { where, problem: 'fits none of the allowed forms' } : furthest;
}

function isOf(type: NonNullable<Schema['type']>, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'object':
      return value !== null && typeof value === 'object' && !Array.isArray(value);
    default:
      // The remaining types are those of JavaScript.
      return typeof value === type;
  }
}

function lengthOf(text: string, { minLength = 0, maxLength = Infinity }: Schema, where: string): Misfit | undefined {
  // A code point is one or two units: only near the bounds do they have to be counted.
  const length = text.length > maxLength || text.length < minLength * 2 ? codePoints(text) : text.length;
  return length < minLength || length > maxLength
    ? { where, problem: `is not ${minLength} to ${maxLength} characters` }
    : undefined;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}

function inArray(values: readonly unknown[], schema: Schema, where: string): Misfit | undefined {
  const { items, minItems = 0, maxItems = Infinity } = schema;
  if (values.length < minItems || values.length > maxItems) {
    return { where, problem: `has not ${minItems} to ${maxItems} items` };
  }
  for (const [index, value] of items ? values.entries() : []) {
    const found = misfit(value, items as Schema, `${where}[${index}]`);
    if (found) {
      return found;
    }
  }
  return undefined;
}

function inObject(value: object, schema: Schema, where: string): Misfit | undefined {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const inside = (name: string) => (where === '' ? name : `${where}.${name}`);
  for (const [name, part] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name);
    if (!known && !additionalProperties) {
      return { where: inside(name.slice(0, 40)), problem: 'is not a known field' };
    }
    const found = known ? misfit(part, properties[name], inside(name)) : undefined;
    if (found) {
      return found;
    }
  }
  const missing = required.find((name) => !Object.hasOwn(value, name));
  return missing === undefined ? undefined : { where: inside(missing), problem: 'is missing' };
}
