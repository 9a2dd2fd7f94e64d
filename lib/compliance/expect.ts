import { type GraphResource, Opaque, textOf } from '../analysis';
import type { Violation } from './rule';

/** Reads a property by its dotted path; undefined where any part is absent. */
export function propertyOf(resource: GraphResource, path: string): unknown {
  return valueAt(resource.properties, path);
}

/** Reads within any value; `Opaque` where a part of the path is. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of path.split('.')) {
    if (at === undefined || at instanceof Opaque) {
      return at;
    }
    at = own(at, key);
  }
  return at;
}

/** A member of its own: property names come from templates and may be those of Object.prototype. */
function own(value: unknown, key: string): unknown {
  const holds = value !== null && typeof value === 'object' && Object.hasOwn(value, key);
  return holds ? (value as Record<string, unknown>)[key] : undefined;
}

/** The property must have this value. CloudFormation also takes booleans as text. */
export function mustBe(resource: GraphResource, property: string, expected: string | boolean): Violation[] {
  const found = propertyOf(resource, property);
  if (found instanceof Opaque) {
    return [unresolved(property, found)];
  }
  return textOf(found) === textOf(expected)
    ? []
    : [violation(property, `found ${show(found)}, expected ${show(expected)}`)];
}

/** The property must be there. What only a deployment knows counts: it is a reference to something. */
export function mustExist(resource: GraphResource, property: string): Violation[] {
  const found = propertyOf(resource, property);
  const empty = found === undefined || found === '' || (Array.isArray(found) && found.length === 0);
  return empty ? [violation(property, `found ${show(found)}, expected a value`)] : [];
}

/** A violation at a property. */
export function violation(property: string, message: string): Violation {
  return { property, message };
}

/** A finding that says that the rule could not be proven. */
export function unresolved(property: string, value: Opaque): Violation {
  return { property, message: `cannot be judged before deployment: ${value}`, unresolved: true };
}

/** The property as a list; a single value counts as a list of one, an absent one as none. */
export function asList(value: unknown): unknown[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value : [value];
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
