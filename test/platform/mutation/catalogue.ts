import type { TemplateResource } from '../../../lib/analysis';
import { isPolicy, weakerDocuments } from './statements';
import { GONE, generic, nodes, type Path, replaced } from './trees';
import { INSERTIONS, PROTECTORS, shorterLists, WEAKER_TEXTS, weakerValues } from './weakenings';

/** One change that weakens the security of one resource. */
export interface Mutant {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Dotted path of what was changed, or the type if the resource is gone. */
  readonly property: string;
  /** The same as rules claim it: `*` for positions in lists, and each key of a condition that was lost. */
  readonly touches: readonly string[];
  /** The kind of weakening, such as `encryption` or `denial lost`. */
  readonly kind: string;
  /** What was done to it, in a few words. */
  readonly change: string;
  /** The resource as it is now. @default - it is gone */
  readonly resource?: TemplateResource;
}

type Change = Omit<Mutant, 'logicalId' | 'stack' | 'type'>;

/** Every way in which the catalogue weakens one resource. */
export function mutantsOf(stack: string, logicalId: string, resource: TemplateResource): Mutant[] {
  const { Type: type, Properties = {} } = resource;
  const inProperties = [
    ...nodes(Properties).flatMap(([path, value]) => changesAt(type, path, value)),
    ...(INSERTIONS[type] ?? []).map(([property, value]) =>
      changed('setting added', property.split('.'), value, `set to ${JSON.stringify(value).slice(0, 40)}`),
    ),
  ];
  const changes: Change[] = [
    ...inProperties.map(({ path, value, ...change }) => ({ ...change, resource: withProperty(resource, path, value) })),
    ...unretained(resource),
    ...(PROTECTORS.includes(type)
      ? [{ kind: 'resource dropped', property: type, touches: [type], change: 'dropped' }]
      : []),
  ];
  return changes.map((change) => ({ stack, logicalId, type, ...change }));
}

function withProperty(resource: TemplateResource, path: Path, value: unknown): TemplateResource {
  const Properties = replaced(resource.Properties ?? {}, path, value) as TemplateResource['Properties'];
  return { ...resource, Properties };
}

/** A property's new value. */
interface PropertyChange extends Change {
  readonly path: Path;
  readonly value: unknown;
}

function changed(kind: string, path: Path, value: unknown, change: string): PropertyChange {
  return { kind, path, value, change, property: path.join('.'), touches: [generic(path)] };
}

function changesAt(type: string, path: Path, value: unknown): PropertyChange[] {
  const property = generic(path);
  return [
    ...weakerValues(property, value).map(({ kind, weaker }) => ({
      ...changed(kind, path, weaker, named(weaker)),
      touches: weaker === GONE && isPolicy(value) ? [property, `${property}.Statement.*`] : [property],
    })),
    ...shorterLists(property, value).map(([name, list]) => ({
      ...changed('item of a list taken out', path, list, 'taken out'),
      property: `${path.join('.')}.${name}`,
      touches: [`${property}.${name}`],
    })),
    ...weakerDocuments(type, value).map(({ kind, touches, change, document }) => ({
      ...{ kind, path, change, value: document },
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
  return WEAKER_TEXTS.flatMap(({ setting, change, pattern, replacement }) =>
    [...text.matchAll(pattern)].map(({ index }, position) => {
      const once = new RegExp(pattern.source);
      const weaker = text.slice(0, index) + text.slice(index).replace(once, replacement);
      return {
        ...changed('job in a text', path, JSON.parse(weaker), `${change} (${position + 1})`),
        property: `${path.join('.')}.${setting}`,
        touches: [`${path.join('.')}.${setting}`],
      };
    }),
  );
}

/** What holds neither data nor records is made again from its template. */
const REPLACEABLE = /^AWS::(ApiGateway|IAM)::/;

function unretained(resource: TemplateResource): Change[] {
  return (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((policy) => /^Retain/.test(resource[policy] ?? '') && !REPLACEABLE.test(resource.Type))
    .map((policy) => ({
      ...{ kind: 'retention and recovery', property: policy, touches: [policy], change: 'set to "Delete"' },
      resource: { ...resource, [policy]: 'Delete' },
    }));
}
