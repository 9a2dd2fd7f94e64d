import { variablesOf } from './conditions';
import type { GraphResource } from './graph-resource';
import { namePropertyOf } from './identity';
import { Opaque } from './opaque';
import type { Resolver } from './resolver';
import type { RawValue, Stacks } from './stacks';
import { inTwo, intrinsicOf, scalarText } from './values';

/** One resource naming another in a property. */
export interface Reference {
  readonly from: GraphResource;
  /** Dotted path of the property that holds the reference. */
  readonly property: string;
  readonly to: GraphResource;
}

/** What finding references needs of a graph. */
export interface ReferenceScope {
  readonly resources: readonly GraphResource[];
  readonly stacks: Stacks;
  readonly resolver: Resolver;
  readonly withLogicalId: (stack: string, logicalId: string) => GraphResource | undefined;
  readonly withArn: (arn: string) => GraphResource | undefined;
}

/** All references of a graph, by either end. */
export interface ReferenceIndex {
  readonly from: ReadonlyMap<GraphResource, readonly Reference[]>;
  readonly to: ReadonlyMap<GraphResource, readonly Reference[]>;
}

/** How deep values may nest, as in the resolver. */
const MAX_DEPTH = 200;

/** How many segments of an ARN are taken off to find its resource: object keys, streams, versions. */
const MAX_SEGMENTS = 8;

const ARN = /arn:[^\s"'\\,<>]+/g;

/**
 * Every reference between resources: by `Ref`, `Fn::GetAtt` and `Fn::Sub`, through exports and through parameters and
 * outputs of nested stacks, and by ARNs and given names that are written out. `DependsOn` is an order, no reference.
 * A name counts only in a property that is called after the type, as `TableName` or `Roles`: the same name may belong
 * to many things. Takes time linear to the size of the templates.
 */
export function findReferences(scope: ReferenceScope): ReferenceIndex {
  const targets = new Targets(scope);
  const named = namedResources(scope.resources);
  const from = new Map<GraphResource, Reference[]>();
  const to = new Map<GraphResource, Reference[]>();
  for (const resource of scope.resources) {
    const found = new Map<string, Reference>();
    const add = (property: string, target: GraphResource | undefined) => {
      if (target && target !== resource) {
        const key = `${property}\u0000${target.stack}\u0000${target.logicalId}`;
        found.set(key, { from: resource, property, to: target });
      }
    };
    eachFunction(resource.raw, (property, value) => {
      for (const target of targets.of(resource.stack, value)) {
        add(property, target);
      }
    });
    eachText(resource.properties, (property, text) => {
      for (const [arn] of text.includes('arn:') ? text.matchAll(ARN) : []) {
        add(property, owner(scope, arn));
      }
      for (const candidate of named.get(text)?.values() ?? []) {
        add(property, isCalledAfter(property, candidate, resource) ? candidate : undefined);
      }
    });
    from.set(resource, [...found.values()]);
    for (const reference of found.values()) {
      const known = to.get(reference.to) ?? [];
      known.push(reference);
      to.set(reference.to, known);
    }
  }
  return { from, to };
}

/** Finds the resources that a value names, directly or through outputs, exports and parameters of nested stacks. */
class Targets {
  private readonly known = new Map<string, ReadonlySet<GraphResource>>();

  constructor(private readonly scope: ReferenceScope) {}

  of(stack: string, value: unknown): ReadonlySet<GraphResource> {
    const found = new Set<GraphResource>();
    this.collect(stack, value, found, 0);
    return found;
  }

  private collect(stack: string, value: unknown, found: Set<GraphResource>, depth: number): void {
    if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) {
      return;
    }
    const [name, argument] = intrinsicOf(value) ?? [];
    for (const target of name === undefined ? [] : this.named(stack, name, argument, depth)) {
      found.add(target);
    }
    for (const item of name === 'Fn::If' ? this.branches(stack, argument) : Object.values(value)) {
      this.collect(stack, item, found, depth + 1);
    }
  }

  private named(stack: string, name: string, argument: unknown, depth: number): Iterable<GraphResource> {
    switch (name) {
      case 'Ref':
        return this.reference(stack, scalarText(argument), depth);
      case 'Fn::GetAtt':
        return this.attribute(
          stack,
          Array.isArray(argument) ? argument.map(scalarText) : inTwo(scalarText(argument)),
          depth,
        );
      case 'Fn::Sub':
        return variablesOf(argument).flatMap((variable) => [
          ...(variable.includes('.')
            ? this.attribute(stack, inTwo(variable), depth)
            : this.reference(stack, variable, depth)),
        ]);
      case 'Fn::ImportValue': {
        const exported = scalarText(this.scope.resolver.resolve(stack, argument));
        return this.through(`export ${exported}`, this.scope.resolver.exported(stack, exported), depth);
      }
      default:
        return [];
    }
  }

  private reference(stack: string, name: string, depth: number): Iterable<GraphResource> {
    const resource = this.scope.withLogicalId(stack, name);
    return resource ? [resource] : this.through(`given ${stack} ${name}`, this.scope.stacks.given(stack, name), depth);
  }

  private attribute(stack: string, [logicalId = '', attribute = '']: string[], depth: number): Iterable<GraphResource> {
    const output = this.scope.stacks.outputOf(stack, logicalId, attribute);
    const resource = this.scope.withLogicalId(stack, logicalId);
    return output
      ? this.through(`output ${stack} ${logicalId}.${attribute}`, output, depth)
      : resource
        ? [resource]
        : [];
  }

  /** Targets of a value that stands elsewhere, found once; none of one that needs itself. */
  private through(key: string, raw: RawValue | undefined, depth: number): ReadonlySet<GraphResource> {
    const known = this.known.get(key);
    if (known) {
      return known;
    }
    const found = new Set<GraphResource>();
    this.known.set(key, found);
    if (raw) {
      this.collect(raw.stack, raw.value, found, depth + 1);
    }
    return found;
  }

  /** Both, unless the template decides which one is deployed. */
  private branches(stack: string, argument: unknown): unknown[] {
    const [condition, then, otherwise] = Array.isArray(argument) ? argument : [];
    const outcome = typeof condition === 'string' ? this.scope.resolver.outcomeOf(stack, condition) : undefined;
    return outcome === undefined ? [then, otherwise] : [outcome ? then : otherwise];
  }
}

/** Calls back for every outermost function of a value, with its dotted path. */
function eachFunction(value: unknown, found: (property: string, value: object) => void, path = '', depth = 0): void {
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) {
    return;
  }
  if (intrinsicOf(value)) {
    found(path, value);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    eachFunction(item, found, path === '' ? key : `${path}.${key}`, depth + 1);
  }
}

/** Calls back for every text of a resolved value, with its dotted path. */
function eachText(value: unknown, found: (property: string, text: string) => void, path = '', depth = 0): void {
  if (typeof value === 'string') {
    found(path, value);
  } else if (value !== null && typeof value === 'object' && !(value instanceof Opaque) && depth <= MAX_DEPTH) {
    for (const [key, item] of Object.entries(value)) {
      eachText(item, found, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  }
}

/** The resource whose ARN this is, or starts this. */
function owner({ withArn }: ReferenceScope, arn: string): GraphResource | undefined {
  let rest = arn;
  for (let taken = 0; taken <= MAX_SEGMENTS && rest !== ''; taken += 1) {
    const resource = withArn(rest);
    if (resource) {
      return resource;
    }
    rest = rest.slice(0, Math.max(rest.lastIndexOf('/'), rest.lastIndexOf(':'), 0));
  }
  return undefined;
}

/** Resources by name and type; of two with the same, the first, as a look-up by name finds it. */
function namedResources(resources: readonly GraphResource[]): ReadonlyMap<string, ReadonlyMap<string, GraphResource>> {
  const named = new Map<string, Map<string, GraphResource>>();
  for (const resource of resources) {
    const byType = named.get(resource.name) ?? new Map<string, GraphResource>();
    named.set(resource.name, byType);
    if (!byType.has(resource.type)) {
      byType.set(resource.type, resource);
    }
  }
  return named;
}

/** `TableName`, `Tables.0` and `SourceTable` are called after `AWS::DynamoDB::Table`, but for the resource's own name. */
function isCalledAfter(property: string, { type }: GraphResource, from: GraphResource): boolean {
  const key = property.split('.').findLast((segment) => !/^\d+$/.test(segment)) ?? '';
  const noun = type.split('::').at(-1) ?? '';
  return noun !== '' && property !== namePropertyOf(from.type) && key.toLowerCase().includes(noun.toLowerCase());
}
