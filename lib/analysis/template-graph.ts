import { loadAssembly } from './assembly';
import { type GraphResource, LazyResource } from './graph-resource';
import { loadPaths, loadTemplates, type NamedFile } from './load';
import { findReferences, type Reference, type ReferenceIndex } from './references';
import { type Assumptions, Resolver } from './resolver';
import { distinctStacks } from './stack-names';
import { NESTED_STACK, Stacks } from './stacks';
import type { StackTemplate, TemplateResource } from './template';
import { stacksOnConditions } from './worlds';

export type { GraphResource } from './graph-resource';

/**
 * All templates of an assembly, with references between resources and stacks resolved.
 *
 * A resource that is deployed only under a condition is there, so that it is judged too, unless the template itself
 * decides that it never is. `Fn::If` takes the value of its outcome, decided or assumed, and `worlds()` gives both of
 * those that are assumed. Each resource gets the same assumed name and ARN every time. Never throws on a legal
 * template: what it does not know stays `Opaque`.
 */
export class TemplateGraph {
  /** The graph of a synthesized cloud assembly, such as `cdk.out`. Throws as `loadAssembly` does. */
  static fromAssembly(directory: string): TemplateGraph {
    return new TemplateGraph(loadAssembly(directory));
  }

  /** The graph of templates in files of their own. Throws as `loadTemplates` does. */
  static fromFiles(files: readonly NamedFile[]): TemplateGraph {
    return new TemplateGraph(loadTemplates(files));
  }

  /** The graph of what a command line names: files, assemblies, folders of templates. Throws as `loadPaths` does. */
  static fromPaths(paths: readonly string[]): TemplateGraph {
    return new TemplateGraph(loadPaths(paths));
  }

  /** Every resource, in the order of stacks and templates. */
  readonly resources: readonly GraphResource[];

  private readonly stacks: Stacks;
  private readonly resolver: Resolver;
  private readonly byType: ReadonlyMap<string, readonly GraphResource[]>;
  private readonly byLogicalId: ReadonlyMap<string, GraphResource>;
  private readonly indexes = new Map<string, ReadonlyMap<unknown, readonly GraphResource[]>>();
  private readonly computed = new Map<string, unknown>();

  constructor(
    templates: readonly StackTemplate[],
    private readonly assumptions: Assumptions = {},
    private readonly other?: OtherWorld,
  ) {
    this.stacks = new Stacks(distinctStacks(templates));
    this.resolver = new Resolver(this.stacks, assumptions);
    this.resources = this.stacks.all.flatMap((template) => this.resourcesOf(template));
    this.byType = grouped(this.resources, ({ type }) => [type]);
    this.byLogicalId = new Map(this.resources.map((resource) => [`${resource.stack}/${resource.logicalId}`, resource]));
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
    const byArn = this.once('arns', () => new Map(this.resources.map((resource) => [resource.arn, resource])));
    return typeof arn === 'string' ? byArn.get(arn) : undefined;
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

  /** References that a resource makes to others. */
  references(resource: GraphResource): readonly Reference[] {
    return this.referenceIndex().from.get(resource) ?? [];
  }

  /** References that others make to a resource. */
  referencedBy(resource: GraphResource): readonly Reference[] {
    return this.referenceIndex().to.get(resource) ?? [];
  }

  /** The nested stack that an `AWS::CloudFormation::Stack` makes. Undefined if its template was not found, and so is not judged. */
  nestedStack({ stack, logicalId }: GraphResource): string | undefined {
    return this.stacks.childOf(stack, logicalId);
  }

  /** Computes something of the whole graph once: `key` names it. */
  once<T>(key: string, make: () => T): T {
    if (!this.computed.has(key)) {
      this.computed.set(key, make());
    }
    return this.computed.get(key) as T;
  }

  /**
   * This graph, and the one with the opposite outcome of every condition that neither the template decides nor anyone
   * chose, where any value depends on one. Two worlds see both values of each `Fn::If`, not every combination of
   * conditions.
   */
  worlds(): readonly TemplateGraph[] {
    return this.once('worlds', () => {
      const otherwise = !(this.assumptions.otherwise ?? true);
      const affected = stacksOnConditions(this.stacks.all, this.resolver);
      return affected.size > 0
        ? [this, new TemplateGraph(this.stacks.all, { ...this.assumptions, otherwise }, { graph: this, affected })]
        : [this];
    });
  }

  private referenceIndex(): ReferenceIndex {
    return this.once('references', () =>
      findReferences({
        resources: this.resources,
        stacks: this.stacks,
        resolver: this.resolver,
        withLogicalId: (stack, logicalId) => this.withLogicalId(stack, logicalId),
        withArn: (arn) => this.withArn(arn),
      }),
    );
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

  private resourcesOf(source: StackTemplate): GraphResource[] {
    if (!this.isMade(source)) {
      return [];
    }
    const shared = this.other?.affected.has(source.stack) ? undefined : this.other?.graph;
    return Object.entries(source.template.Resources ?? {})
      .filter(([, resource]) => typeof resource?.Type === 'string' && this.mayExist(source.stack, resource))
      .map(
        ([logicalId, resource]) =>
          shared?.withLogicalId(source.stack, logicalId) ??
          new LazyResource(this.resolver, source, logicalId, resource),
      );
  }

  /** Whether the resource that makes a nested stack may exist, and all stacks around it. */
  private isMade({ parent }: StackTemplate): boolean {
    const around = parent && this.stacks.get(parent.stack);
    const maker = parent && this.stacks.resource(parent.stack, parent.logicalId);
    if (!around || !maker) {
      return true;
    }
    return maker.Type === NESTED_STACK && this.mayExist(around.stack, maker) && this.isMade(around);
  }

  private mayExist(stack: string, { Condition }: TemplateResource): boolean {
    return typeof Condition !== 'string' || this.resolver.outcomeOf(stack, Condition) !== false;
  }
}

/** A graph of the same templates, and the stacks that are not the same in this one. Resources of all others are shared. */
interface OtherWorld {
  readonly graph: TemplateGraph;
  readonly affected: ReadonlySet<string>;
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
