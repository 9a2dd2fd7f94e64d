import type { Resolver } from './resolver';
import { NESTED_STACK } from './stacks';
import type { StackTemplate } from './template';
import { intrinsicOf } from './values';

/** How deep values may nest, as in the resolver. */
const MAX_DEPTH = 200;

/**
 * Stacks of which some value may depend on a condition that only an assumption decides: their own, or of a stack whose
 * outputs they may read. A stack that only reads others cannot change them, so most stacks are the same in every world.
 */
export function stacksOnConditions(templates: readonly StackTemplate[], resolver: Resolver): ReadonlySet<string> {
  const affected = new Set(
    templates.filter((template) => dependsOnCondition(template, resolver)).map(({ stack }) => stack),
  );
  const gives = templates.some(
    ({ stack, template, parent }) => affected.has(stack) && (template.Outputs !== undefined || parent),
  );
  const others = gives ? templates.filter(readsOthers) : [];
  return new Set([...affected, ...others.map(({ stack }) => stack)]);
}

function dependsOnCondition({ stack, template }: StackTemplate, resolver: Resolver): boolean {
  const isOpen = (condition: unknown) =>
    typeof condition !== 'string' || resolver.outcomeOf(stack, condition) === undefined;
  return valuesOf(template).some((value) => holds(value, ifDepends(isOpen), 0));
}

/** A stack takes values from others by import, as a nested stack from around it, or from its own nested stacks. */
function readsOthers({ template, parent }: StackTemplate): boolean {
  const resources = Object.values(template.Resources ?? {});
  return (
    parent !== undefined ||
    resources.some((resource) => resource?.Type === NESTED_STACK) ||
    valuesOf(template).some((value) => holds(value, ([name]) => name === 'Fn::ImportValue', 0))
  );
}

function valuesOf({ Resources, Outputs }: StackTemplate['template']): unknown[] {
  return [...Object.values(Resources ?? {}).map((resource) => resource?.Properties), Outputs];
}

function ifDepends(isOpen: (condition: unknown) => boolean) {
  return ([name, argument]: readonly [string, unknown]) =>
    name === 'Fn::If' && Array.isArray(argument) && isOpen(argument[0]);
}

/** Whether a value holds, at any depth, an intrinsic function of some kind. */
function holds(value: unknown, isIt: (intrinsic: readonly [string, unknown]) => boolean, depth: number): boolean {
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) {
    return false;
  }
  const intrinsic = intrinsicOf(value);
  return (
    (intrinsic !== undefined && isIt(intrinsic)) || Object.values(value).some((item) => holds(item, isIt, depth + 1))
  );
}
