import type { StackTemplate } from '../../../../lib/analysis';
import { listOf } from './policy';

/** Cycles between the resources of a template: CloudFormation refuses it before it makes anything. */
export function resourceCycles(templates: readonly StackTemplate[]): string[] {
  return templates.flatMap(({ stack, template }) => {
    const resources = template.Resources ?? {};
    const needs = Object.entries(resources).map(([id, resource]) => {
      const named = new Set([...referencesIn(resource.Properties), ...listOf(resource.DependsOn).map(String)]);
      return [id, [...named].filter((other) => Object.hasOwn(resources, other))] as const;
    });
    const cycle = cycleIn(new Map(needs));
    return cycle ? [`${stack}: ${cycle.join(' -> ')}`] : [];
  });
}

/** Cycles between stacks through exports: neither can be deployed first. */
export function stackCycles(templates: readonly StackTemplate[]): string[] {
  const exporters = new Map(
    templates.flatMap(({ stack, template }) =>
      Object.values(template.Outputs ?? {}).flatMap(({ Export }) => (Export ? [[String(Export.Name), stack]] : [])),
    ) as [string, string][],
  );
  const needs = templates.map(({ stack, template }) => {
    const imported = importsIn(template.Resources).map((name) => exporters.get(name) ?? name);
    return [stack, [...new Set(imported)]] as const;
  });
  const cycle = cycleIn(new Map(needs));
  return cycle ? [cycle.join(' -> ')] : [];
}

/** Imports of values that no stack of the assembly exports. */
export function missingExports(templates: readonly StackTemplate[]): string[] {
  const exported = new Set(
    templates.flatMap(({ template }) =>
      Object.values(template.Outputs ?? {}).map(({ Export }) => String(Export?.Name)),
    ),
  );
  return templates.flatMap(({ stack, template }) =>
    importsIn(template.Resources)
      .filter((name) => !exported.has(name))
      .map((name) => `${stack}: imports ${name}, which nothing exports`),
  );
}

/** Depth-first search; the path back to the first node met twice on it. */
function cycleIn(needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) {
      return [...path.slice(path.indexOf(node)), node];
    }
    if (done.has(node)) {
      return undefined;
    }
    for (const next of needs.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) {
        return cycle;
      }
    }
    done.add(node);
    return undefined;
  };
  for (const node of needs.keys()) {
    const cycle = visit(node, []);
    if (cycle) {
      return cycle;
    }
  }
  return undefined;
}

function referencesIn(value: unknown): string[] {
  return intrinsics(value, (name, argument) => {
    switch (name) {
      case 'Ref':
        return [String(argument)];
      case 'Fn::GetAtt':
        return [String(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0])];
      case 'Fn::Sub':
        return [...String(Array.isArray(argument) ? argument[0] : argument).matchAll(/\$\{([A-Za-z0-9]+)/g)].map(
          ([, id]) => id,
        );
      default:
        return [];
    }
  });
}

function importsIn(value: unknown): string[] {
  return intrinsics(value, (name, argument) => (name === 'Fn::ImportValue' ? [String(argument)] : []));
}

function intrinsics(value: unknown, read: (name: string, argument: unknown) => string[]): string[] {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([name, item]) => [...read(name, item), ...intrinsics(item, read)]);
}
