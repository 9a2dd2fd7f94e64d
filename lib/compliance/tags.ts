import { type GraphResource, Opaque, perResource, textOf } from '../analysis';
import type { Tier } from './rule';

/** Tags by key, from both of CloudFormation's forms: a list of Key and Value, or a map. */
export const tagsOf = perResource(
  ({ Tags }): ReadonlyMap<string, string> => (Tags === undefined ? NO_TAGS : new Map(entriesOf(Tags))),
);

const NO_TAGS: ReadonlyMap<string, string> = new Map();

function entriesOf(tags: unknown): readonly (readonly [string, string])[] {
  if (tags === null || typeof tags !== 'object' || tags instanceof Opaque) {
    return [];
  }
  return Array.isArray(tags)
    ? tags.map((tag) => [textOf(tag?.Key), textOf(tag?.Value)])
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
