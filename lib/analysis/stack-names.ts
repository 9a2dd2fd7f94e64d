import type { StackTemplate } from './template';

/**
 * The templates with names of stacks of their own: the second `Service`, of another Region or file, is `Service-2`.
 * A nested stack follows its parent in the list, and in its name.
 */
export function distinctStacks(templates: readonly StackTemplate[]): StackTemplate[] {
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  const renamed = new Map<string, string>();
  return templates.map((template) => {
    const parent = template.parent && {
      ...template.parent,
      stack: renamed.get(template.parent.stack) ?? template.parent.stack,
    };
    const moved = parent && parent.stack !== template.parent?.stack;
    const wanted = moved ? `${parent.stack}/${parent.logicalId}` : template.stack;
    let stack = wanted;
    while (taken.has(stack)) {
      const number = (numbers.get(wanted) ?? 1) + 1;
      numbers.set(wanted, number);
      stack = `${wanted}-${number}`;
    }
    taken.add(stack);
    renamed.set(template.stack, stack);
    return stack === template.stack && !moved ? template : { ...template, stack, ...(parent && { parent }) };
  });
}
