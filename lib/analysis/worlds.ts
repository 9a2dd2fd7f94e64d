import type { Resolver } from './resolver';
import type { StackTemplate } from './template';
import { intrinsicOf } from './values';

/** How deep values may nest, as in the resolver. */
const MAX_DEPTH = 200;

/** Whether some value of a resource or an output depends on a condition that only an assumption decides. */
export function dependsOnCondition(templates: readonly StackTemplate[], resolver: Resolver): boolean {
  return templates.some(({ stack, template }) => {
    const isOpen = (condition: unknown) =>
      typeof condition !== 'string' || resolver.outcomeOf(stack, condition) === undefined;
    const resources = Object.values(template.Resources ?? {}).map((resource) => resource?.Properties);
    return [...resources, template.Outputs].some((value) => holdsIf(value, isOpen, 0));
  });
}

function holdsIf(value: unknown, isOpen: (condition: unknown) => boolean, depth: number): boolean {
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) {
    return false;
  }
  const [name, argument] = intrinsicOf(value) ?? [];
  return (
    (name === 'Fn::If' && Array.isArray(argument) && isOpen(argument[0])) ||
    Object.values(value).some((item) => holdsIf(item, isOpen, depth + 1))
  );
}
