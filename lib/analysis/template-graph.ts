import { loadAssembly } from './assembly';
import { type GraphResource, LazyResource } from './graph-resource';
import { grouped, groupedByEach } from './grouped';
import { loadPaths, loadTemplates, type NamedFile } from './load';
import { findReferences, type Reference, type ReferenceIndex } from './references';
import { Reliance, type Tracked } from './reliance';
import { type Assumptions, Resolver } from './resolver';
import { distinctStacks } from './stack-names';
import { NESTED_STACK, Stacks } from './stacks';
import type { StackTemplate, TemplateResource } from './template';

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
  private readonly reliance = new Reliance();
  private readonly kept = new Map<unknown, Map<unknown, Tracked<unknown>>>();

  constructor(
    templates: readonly StackTemplate[],
    private readonly assumptions: Assumptions = {},
    private readonly other?: TemplateGraph,
  ) {
    this.stacks = new Stacks(distinctStacks(templates));
    this.resolver = new Resolver(this.stacks, assumptions, this.reliance);
    this.resources = this.stacks.all.flatMap((template) => this.resourcesOf(template));
    this.byType = grouped(this.resources, ({ type }) => type);
    this.byLogicalId = new Map(this.resources.map((resource) => [`${resource.stack}/${resource.logicalId}`, resource]));
  }

  /** Resources of a stack. */
  ofStack(stack: string): readonly GraphResource[] {
    return (
      this.once('resources by stack', () => grouped(this.resources, (resource) => resource.stack)).get(stack) ?? []
    );
  }

  /** The templates it was made from, nested ones included. */
  get templates(): readonly StackTemplate[] {
    return this.stacks.all;
  }

  /** Resources of the given types. */
  ofType(...types: string[]): GraphResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** Resources of a type whose property (a dotted path), or one item of it, has this value: the policies of a bucket, the rules of a group. */
  where(type: string, property: string, value: unknown): readonly GraphResource[] {
    return this.lookUp(type, property, ({ properties }) => valuesAt(properties, property), value);
  }

  /** The resource of a type with this name: what its Ref gives, for most types. */
  withName(type: string, name: unknown): GraphResource | undefined {
    return typeof name === 'string' ? this.lookUp(type, undefined, (resource) => [resource.name], name)[0] : undefined;
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

  /**
   * Computes something of the whole graph once: `key` names it. It must be kept here, not in a place of its own, to be
   * told apart in the worlds of `worlds()`.
   */
  once<T>(key: string, make: () => T): T {
    return this.onceFor(key, undefined, make);
  }

  /** Computes something once for each value of `about`: `key` names what. */
  onceFor<T>(key: string, about: unknown, make: () => T): T {
    const own = this.kept.get(key) ?? new Map<unknown, Tracked<unknown>>();
    this.kept.set(key, own);
    const known = own.get(about) ?? this.reliance.track(make);
    own.set(about, known);
    return this.reliance.use(known) as T;
  }

  /** Computes something, and tells whether it may be otherwise in another of the `worlds()`. */
  track<T>(compute: () => T): Tracked<T> {
    return this.reliance.track(compute);
  }

  /**
   * This graph, and the one with the opposite outcome of every condition that neither the template decides nor anyone
   * chose, where any value depends on one. Two worlds see both values of each `Fn::If`, not every combination of
   * conditions.
   */
  worlds(): readonly TemplateGraph[] {
    if (this.other) {
      return [this, this.other];
    }
    return this.once('worlds', () => {
      const otherwise = !(this.assumptions.otherwise ?? true);
      const isOne = this.resources.every((resource) => !this.isAssumed(resource));
      return isOne ? [this] : [this, new TemplateGraph(this.stacks.all, { ...this.assumptions, otherwise }, this)];
    });
  }

  /** Looks a value up among resources of a type. Only what some assumption gives a resource, or takes from it, rests on that. */
  private lookUp(
    type: string,
    about: string | undefined,
    valuesOf: ValuesOf,
    value: unknown,
  ): readonly GraphResource[] {
    const { groups, assumed } = this.onceFor(type, about, () => this.indexed(type, valuesOf));
    if (assumed.has(value)) {
      this.reliance.note();
    }
    return groups.get(value) ?? [];
  }

  private indexed(type: string, valuesOf: ValuesOf): Index {
    const assumed = new Set<unknown>();
    const groups = groupedByEach(this.ofType(type), (resource) => {
      const values = this.track(() => valuesOf(resource));
      for (const outcome of values.assumed ? this.inEveryWorld(resource, valuesOf) : []) {
        assumed.add(outcome);
      }
      return values.value;
    });
    return { groups, assumed };
  }

  /** What a resource has in any world. This asks what may be assumed, and rests on no assumption itself. */
  private inEveryWorld({ stack, logicalId }: GraphResource, valuesOf: ValuesOf): unknown[] {
    const inWorld = (world: TemplateGraph) => {
      const resource = world.withLogicalId(stack, logicalId);
      return resource ? valuesOf(resource) : [];
    };
    return this.track(() => this.worlds().flatMap(inWorld)).value;
  }

  /** Whether some outcome of conditions that is assumed decides what a resource is. */
  private isAssumed(resource: GraphResource): boolean {
    const { stack, template } = resource;
    return this.track(() => [
      resource.name,
      Object.keys(resource.properties),
      this.resolve(stack, template.UpdatePolicy),
    ]).assumed;
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

  private resourcesOf(source: StackTemplate): GraphResource[] {
    if (!this.isMade(source)) {
      return [];
    }
    return Object.entries(source.template.Resources ?? {})
      .filter(([, resource]) => typeof resource?.Type === 'string' && this.mayExist(source.stack, resource))
      .map(
        ([logicalId, resource]) =>
          this.other?.sameResource(source.stack, logicalId) ??
          new LazyResource(this.resolver, this.reliance, source, logicalId, resource),
      );
  }

  /** A resource that is the same in every world. */
  private sameResource(stack: string, logicalId: string): GraphResource | undefined {
    const resource = this.withLogicalId(stack, logicalId);
    return resource && !this.isAssumed(resource) ? resource : undefined;
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

type ValuesOf = (resource: GraphResource) => readonly unknown[];

/** Resources by value, and the values that, in some world, a resource has only by an assumption. */
interface Index {
  readonly groups: ReadonlyMap<unknown, readonly GraphResource[]>;
  readonly assumed: ReadonlySet<unknown>;
}

/** The value at a dotted path, or every item of it. */
function valuesAt(properties: Readonly<Record<string, unknown>>, path: string): readonly unknown[] {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined | null)?.[key], properties);
  return [value].flat();
}
