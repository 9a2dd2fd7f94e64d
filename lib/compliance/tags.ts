import { type GraphResource, Opaque, textOf } from '../analysis';
import { asList, valueAt } from './expect';
import type { Tier } from './rule';

const known = new WeakMap<GraphResource, ReadonlyMap<string, string>>();

/** Tags by key, from both of CloudFormation's forms: a list of Key and Value, or a map. */
export function tagsOf(resource: GraphResource): ReadonlyMap<string, string> {
  const tags = known.get(resource) ?? new Map(entriesOf(resource.properties.Tags));
  known.set(resource, tags);
  return tags;
}

function entriesOf(tags: unknown): [string, string][] {
  if (tags === null || typeof tags !== 'object' || tags instanceof Opaque) {
    return [];
  }
  return Array.isArray(tags)
    ? asList(tags).map((tag) => [textOf(valueAt(tag, 'Key')), textOf(valueAt(tag, 'Value'))])
    : Object.entries(tags).map(([key, value]) => [key, textOf(value)]);
}

/** The impact tier that a resource states. @default undefined - it states none, or one that does not exist */
export function tierOf(resource: GraphResource): Tier | undefined {
  const value = tagsOf(resource).get('ai:impact');
  return value === 'minimal' || value === 'limited' || value === 'high' ? value : undefined;
}

/** The stage that a resource states. @default undefined - it states none */
export function stageOf(resource: GraphResource): string | undefined {
  return tagsOf(resource).get('ai:stage');
}

/** The data classes that a resource states, such as `personal`. */
export function dataClassesOf(resource: GraphResource): readonly string[] {
  return (
    tagsOf(resource)
      .get('ai:data-class')
      ?.split(/[\s,]+/) ?? []
  );
}
