import type { TemplateResource } from '../../../lib/analysis';
import { weakerDocuments } from './statements';
import { GONE, generic, nodes, type Path, replaced } from './trees';
import { INSERTIONS, PROTECTORS, shorterLists, WEAKER_TEXT, weakerValues } from './weakenings';

/** One change that weakens the security of one resource. */
export interface Mutant {
  readonly logicalId: string;
  readonly type: string;
  /** Dotted path of what was changed, or the type if the resource is gone. */
  readonly property: string;
  /** The same as rules claim it: `*` for positions in lists, and each key of a condition that was lost. */
  readonly touches: readonly string[];
  /** What was done to it, in a few words. */
  readonly change: string;
  /** The resource as it is now. @default - it is gone */
  readonly resource?: TemplateResource;
}

type Change = Omit<Mutant, 'logicalId' | 'type'>;

/** Every way in which the catalogue weakens one resource. */
export function mutantsOf(logicalId: string, resource: TemplateResource): Mutant[] {
  const { Type: type, Properties = {} } = resource;
  const changes = [
    ...nodes(Properties).flatMap(([path, value]) =>
      changesAt(type, path, value).map((change) => inProperties(resource, change)),
    ),
    ...(INSERTIONS[type] ?? []).map(([property, value]) =>
      inProperties(resource, changed(property.split('.'), value, `set to ${JSON.stringify(value).slice(0, 40)}`)),
    ),
    ...retained(resource),
    ...(PROTECTORS.includes(type) ? [{ property: type, touches: [type], change: 'dropped' }] : []),
  ];
  return changes.map((change) => ({ logicalId, type, ...change }));
}

/** A property's new value. */
interface PropertyChange extends Change {
  readonly path: Path;
  readonly value: unknown;
}

function changed(path: Path, value: unknown, change: string): PropertyChange {
  return { path, value, change, property: path.join('.'), touches: [generic(path)] };
}

function inProperties(resource: TemplateResource, { path, value, ...change }: PropertyChange): Change {
  const Properties = replaced(resource.Properties ?? {}, path, value) as TemplateResource['Properties'];
  return { ...change, resource: { ...resource, Properties } };
}

function changesAt(type: string, path: Path, value: unknown): PropertyChange[] {
  const property = generic(path);
  return [
    ...weakerValues(property, value).map((weaker) => changed(path, weaker, named(weaker))),
    ...shorterLists(property, value).map(([name, list]) => ({
      ...changed(path, list, 'taken out'),
      property: `${path.join('.')}.${name}`,
      touches: [`${property}.${name}`],
    })),
    ...weakerDocuments(type, value).map(({ touches, change, document }) => ({
      ...{ path, change, value: document },
      property: [...path, touches[0]].join('.'),
      touches: touches.map((touched) => `${property}.${touched.replace(/^Statement\.\d+/, 'Statement.*')}`),
    })),
    ...weakerTexts(path, value),
  ];
}

function named(value: unknown): string {
  return value === GONE ? 'taken out' : `set to ${JSON.stringify(value)}`;
}

/** Where a document stands as text, or as an object of another service's making. */
const TEXTS = /^(Definition|DefinitionString|PipelineDefinition\.PipelineDefinitionBody|Policy)$/;

/** Fn::Join keeps a text in parts, so the whole value is changed as JSON. */
function weakerTexts(path: Path, value: unknown): PropertyChange[] {
  if (!TEXTS.test(path.join('.'))) {
    return [];
  }
  const text = JSON.stringify(value);
  return WEAKER_TEXT.flatMap(([change, pattern, replacement]) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }, position) => {
      const weaker = text.slice(0, index) + replacement + text.slice(index + found.length);
      return changed(path, JSON.parse(weaker), `${change} (${position + 1})`);
    }),
  );
}

function retained(resource: TemplateResource): Change[] {
  return (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((policy) => /^Retain/.test(resource[policy] ?? ''))
    .map((policy) => ({
      ...{ property: policy, touches: [policy], change: 'set to "Delete"' },
      resource: { ...resource, [policy]: 'Delete' },
    }));
}
