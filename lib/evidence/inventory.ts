/** What one stack deploys. */
export interface StackInventory {
  /** Name of the stack. */
  readonly stack: string;
  /** Number of resources. */
  readonly resources: number;
  /** Number of resources by CloudFormation type. */
  readonly types: Readonly<Record<string, number>>;
}

/** A stack's name and its parsed template. */
export interface NamedTemplate {
  readonly stack: string;
  readonly template: { readonly Resources?: Readonly<Record<string, { readonly Type: string }>> };
}

/** Counts resources by stack and type. ISO/IEC 42001 A.4.2 and A.4.5 ask for such a record. */
export function inventory(templates: readonly NamedTemplate[]): StackInventory[] {
  return templates.map(({ stack, template }) => {
    const types = Object.values(template.Resources ?? {})
      .map(({ Type }) => Type)
      .sort();
    const counts = new Map<string, number>();
    for (const type of types) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    return { stack, resources: types.length, types: Object.fromEntries(counts) };
  });
}
