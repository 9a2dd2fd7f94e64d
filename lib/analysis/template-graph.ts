import { arnOf } from './identity';
import { loadAssembly, loadTemplates, type NamedFile } from './load';
import { type Assumptions, Resolver } from './resolver';
import type { StackTemplate, TemplateResource } from './template';

/** One resource of the assembly, with its properties resolved. */
export interface GraphResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Path of the construct that made it, or `stack/logicalId` in a template made by hand. */
  readonly path: string;
  /** Name or id that it is assumed to get. */
  readonly name: string;
  readonly arn: string;
  /** Properties with every intrinsic function resolved, or an `Opaque` in its place. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Properties as the template has them. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The resource as the template has it. */
  readonly template: TemplateResource;
}

/**
 * All templates of an assembly, with references between resources and stacks resolved.
 *
 * A resource that is deployed only under a condition is there, so that it is judged too; `Fn::If` takes the value of
 * its assumed outcome, and `worlds()` gives both. Each resource gets the same assumed name and ARN every time. Never
 * throws on a legal template: what it does not know stays `Opaque`.
 */
export class TemplateGraph {
  /** The graph of a synthesized cloud assembly, such as `cdk.out`. Throws PALISADE-X001 for a file that is not JSON. */
  static fromAssembly(directory: string): TemplateGraph {
    return new TemplateGraph(loadAssembly(directory));
  }

  /** The graph of templates in files of their own. Throws PALISADE-X001 for a file that is not JSON. */
  static fromFiles(files: readonly NamedFile[]): TemplateGraph {
    return new TemplateGraph(loadTemplates(files));
  }

  /** Every resource, in the order of stacks and templates. */
  readonly resources: readonly GraphResource[];

  private readonly resolver: Resolver;
  private readonly byType: ReadonlyMap<string, readonly GraphResource[]>;
  private readonly byLogicalId: ReadonlyMap<string, GraphResource>;
  private readonly byArn: ReadonlyMap<string, GraphResource>;
  private readonly indexes = new Map<string, ReadonlyMap<unknown, readonly GraphResource[]>>();
  private opposite?: TemplateGraph;

  constructor(
    private readonly templates: readonly StackTemplate[],
    private readonly assumptions: Assumptions = {},
  ) {
    this.resolver = new Resolver(templates, assumptions);
    this.resources = templates.flatMap((template) => this.resourcesOf(template));
    this.byType = grouped(this.resources, ({ type }) => [type]);
    this.byLogicalId = new Map(this.resources.map((resource) => [`${resource.stack}/${resource.logicalId}`, resource]));
    this.byArn = new Map(this.resources.map((resource) => [resource.arn, resource]));
  }

  /** Resources of the given types. */
  ofType(...types: string[]): GraphResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** Resources of a type whose property (a dotted path), or one item of it, has this value: the policies of a bucket, the rules of a group. */
  where(type: string, property: string, value: unknown): readonly GraphResource[] {
    return this.indexed(`${type} ${property}`, type, ({ properties }) => valuesAt(properties, property), value);
  }

  /** The resource of a type with this name: what its Ref gives, for most types. */
  withName(type: string, name: unknown): GraphResource | undefined {
    return typeof name === 'string'
      ? this.indexed(`${type} name`, type, (resource) => [resource.name], name)[0]
      : undefined;
  }

  /** The resource with this ARN, if the assembly makes it. */
  withArn(arn: unknown): GraphResource | undefined {
    return typeof arn === 'string' ? this.byArn.get(arn) : undefined;
  }

  /** The resource of a stack by logical id. */
  withLogicalId(stack: string, logicalId: string): GraphResource | undefined {
    return this.byLogicalId.get(`${stack}/${logicalId}`);
  }

  /** Resources whose construct path ends in these segments, `Resource` left out: `Keys/Data` finds `dev/data/Keys/Data/Resource`. */
  atPath(suffix: string): GraphResource[] {
    return this.resources.filter(({ path }) => `/${path.replace(/\/Resource$/, '')}`.endsWith(`/${suffix}`));
  }

  /** Resolves a value of a template of `stack`. */
  resolve(stack: string, value: unknown): unknown {
    return this.resolver.resolve(stack, value);
  }

  /**
   * This graph, and the one with the opposite outcome of every condition that was not chosen, where any value depends
   * on one. Two worlds see both values of each `Fn::If`, not every combination of conditions.
   */
  worlds(): readonly TemplateGraph[] {
    if (!this.resolver.usedAssumption) {
      return [this];
    }
    const otherwise = !(this.assumptions.otherwise ?? true);
    this.opposite ??= new TemplateGraph(this.templates, { ...this.assumptions, otherwise });
    return [this, this.opposite];
  }

  /** Looks a value up in an index that is made when it is first asked for. */
  private indexed(
    key: string,
    type: string,
    valuesOf: (resource: GraphResource) => readonly unknown[],
    value: unknown,
  ): readonly GraphResource[] {
    const index = this.indexes.get(key) ?? grouped(this.ofType(type), valuesOf);
    this.indexes.set(key, index);
    return index.get(value) ?? [];
  }

  private resourcesOf({ stack, template, paths }: StackTemplate): GraphResource[] {
    return Object.entries(template.Resources ?? {})
      .filter(([, resource]) => typeof resource?.Type === 'string')
      .map(([logicalId, resource]) => this.resource(stack, logicalId, resource, paths?.[logicalId]));
  }

  private resource(stack: string, logicalId: string, template: TemplateResource, known?: string): GraphResource {
    const raw = template.Properties ?? {};
    const name = this.resolver.nameOf(stack, logicalId);
    const path = template.Metadata?.['aws:cdk:path'] ?? known;
    return {
      stack,
      logicalId,
      type: template.Type,
      path: typeof path === 'string' ? path : `${stack}/${logicalId}`,
      name,
      arn: arnOf(template.Type, this.resolver.placementOf(stack), name),
      properties: asRecord(this.resolve(stack, raw)),
      raw,
      template,
    };
  }
}

/** The value at a dotted path, or every item of it. */
function valuesAt(properties: Readonly<Record<string, unknown>>, path: string): readonly unknown[] {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined | null)?.[key], properties);
  return [value].flat();
}

function grouped<K>(
  resources: readonly GraphResource[],
  keysOf: (resource: GraphResource) => readonly K[],
): Map<K, GraphResource[]> {
  const groups = new Map<K, GraphResource[]>();
  for (const resource of resources) {
    for (const key of keysOf(resource)) {
      const group = groups.get(key);
      group ? group.push(resource) : groups.set(key, [resource]);
    }
  }
  return groups;
}

/** Properties that are no object, such as the result of a macro, hold nothing that can be read. */
function asRecord(value: unknown): Record<string, unknown> {
  const plain = value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? (value as Record<string, unknown>) : {};
}
