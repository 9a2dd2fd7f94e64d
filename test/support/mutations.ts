import { type StackTemplate, type Template, TemplateGraph, type TemplateResource } from '../../lib/analysis';

/** The graph of templates with the resource at the end of this construct path changed. Throws unless exactly one is there. */
export function withChanged(
  templates: readonly StackTemplate[],
  suffix: string,
  change: (properties: Record<string, unknown>) => Record<string, unknown>,
): TemplateGraph {
  let changed = 0;
  const graph = new TemplateGraph(
    templates.map((item) => {
      const Resources = Object.fromEntries(
        Object.entries(item.template.Resources ?? {}).map(([id, resource]): [string, TemplateResource] => {
          if (!isAt(resource, suffix)) {
            return [id, resource];
          }
          changed += 1;
          return [id, { ...resource, Properties: change({ ...resource.Properties }) }];
        }),
      );
      return { ...item, template: { ...item.template, Resources } };
    }),
  );
  if (changed !== 1) {
    throw new Error(`'${suffix}' names ${changed} resources`);
  }
  return graph;
}

/** The graph with the statements of these ids taken out of a policy. Throws if the policy has none of them. */
export function withoutStatements(
  templates: readonly StackTemplate[],
  suffix: string,
  ...ids: string[]
): TemplateGraph {
  return withChanged(templates, suffix, (properties) => {
    const name = ['PolicyDocument', 'KeyPolicy'].find((property) => property in properties) ?? 'PolicyDocument';
    const policy = properties[name] as { Statement: { Sid?: string }[] };
    const Statement = policy.Statement.filter(({ Sid }) => !ids.includes(Sid ?? ''));
    if (policy.Statement.length - Statement.length !== ids.length) {
      throw new Error(`'${suffix}' has not all of ${ids.join(', ')}`);
    }
    return { ...properties, [name]: { ...policy, Statement } };
  });
}

/** The graph with resources more in the stack whose name ends so. */
export function withAdded(
  templates: readonly StackTemplate[],
  stack: string,
  resources: NonNullable<Template['Resources']>,
): TemplateGraph {
  return new TemplateGraph(
    templates.map((item) =>
      item.stack.endsWith(stack)
        ? { ...item, template: { ...item.template, Resources: { ...item.template.Resources, ...resources } } }
        : item,
    ),
  );
}

/** The graph without the resource at the end of this construct path. Throws unless exactly one is there. */
export function withoutResource(templates: readonly StackTemplate[], suffix: string): TemplateGraph {
  let removed = 0;
  const graph = new TemplateGraph(
    templates.map((item) => {
      const kept = Object.entries(item.template.Resources ?? {}).filter(([, resource]) => !isAt(resource, suffix));
      removed += Object.keys(item.template.Resources ?? {}).length - kept.length;
      return { ...item, template: { ...item.template, Resources: Object.fromEntries(kept) } };
    }),
  );
  if (removed !== 1) {
    throw new Error(`'${suffix}' names ${removed} resources`);
  }
  return graph;
}

function isAt({ Metadata }: TemplateResource, suffix: string): boolean {
  return `/${String(Metadata?.['aws:cdk:path']).replace(/\/Resource$/, '')}`.endsWith(`/${suffix}`);
}
