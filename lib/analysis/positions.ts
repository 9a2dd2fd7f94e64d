import type { Node as JsonNode } from 'jsonc-parser';
import type { Node as YamlNode } from 'yaml';
import { jsonPackage, yamlPackage } from './lazily';
import { Lines, type Position } from './lines';
import { type Format, formatOf, readText } from './read-template';
import { parseYaml } from './yaml-text';

/** Way to a value of a template: keys, and indexes of lists as numbers or as text. */
export type TemplatePath = readonly (string | number)[];

/** Where something stands that was found by its key: the offset, and what is below it. */
interface Step<N> {
  readonly offset: number;
  readonly value: N | undefined;
}

/** Finds offsets in one text. */
type OffsetFinder = (path: TemplatePath) => number;

/**
 * Line and column of the deepest part of a path that a template has: of the key, or of the item of a list. The start of
 * the text, if it has none or is malformed.
 */
export function positionOf(text: string, format: Format, path: TemplatePath): Position {
  return new Lines(text).at(offsetFinder(text, format)(path));
}

/** Finds places in the files of one run. Each file is read and parsed once, and only if something in it is asked for. */
export class Positions {
  private readonly files = new Map<string, (path: TemplatePath) => Position>();

  /** Line and column as `positionOf` gives them. Throws PALISADE-X003 for a file that cannot be read. */
  of(file: string, path: TemplatePath): Position {
    const known = this.files.get(file) ?? this.read(file);
    this.files.set(file, known);
    return known(path);
  }

  private read(file: string): (path: TemplatePath) => Position {
    const text = readText(file);
    const lines = new Lines(text);
    const offsetOf = offsetFinder(text, formatOf(file, text));
    return (path) => lines.at(offsetOf(path));
  }
}

function offsetFinder(text: string, format: Format): OffsetFinder {
  try {
    return format === 'json' ? inJson(text) : inYaml(text);
  } catch (error) {
    if (error instanceof RangeError) {
      return () => 0;
    }
    throw error;
  }
}

function inJson(text: string): OffsetFinder {
  return finder(jsonPackage().parseTree(text), (node) => {
    const steps = new Map<string, Step<JsonNode>>();
    const children = node.children ?? [];
    for (const [index, child] of children.entries()) {
      const [key, value] = node.type === 'object' ? (child.children ?? []) : [undefined, child];
      const name = key ? String(key.value) : `${index}`;
      steps.set(name, { offset: child.offset, value });
    }
    return steps;
  });
}

function inYaml(text: string): OffsetFinder {
  const { isCollection, isMap, isNode, isPair, isScalar } = yamlPackage();
  const document = parseYaml(text);
  const resolved = (node: unknown) =>
    yamlPackage().isAlias(node) ? node.resolve(document) : isNode(node) ? node : undefined;
  return finder<YamlNode>(document.contents ?? undefined, (node) => {
    const steps = new Map<string, Step<YamlNode>>();
    for (const [index, item] of (isCollection(node) ? node.items : []).entries()) {
      const [key, value] = isPair(item) ? [item.key, item.value] : [undefined, item];
      const name = isMap(node) && isScalar(key) ? String(key.value) : `${index}`;
      const at = [key, value, node].find((part) => isNode(part) && part.range);
      steps.set(name, { offset: (at as YamlNode | undefined)?.range?.[0] ?? 0, value: resolved(value) });
    }
    return steps;
  });
}

/** Walks down a path; the keys of each node are collected once, so that many look-ups stay cheap. */
function finder<N extends object>(
  root: N | undefined,
  stepsOf: (node: N) => ReadonlyMap<string, Step<N>>,
): OffsetFinder {
  const known = new WeakMap<N, ReadonlyMap<string, Step<N>>>();
  return (path) => {
    let offset = 0;
    let node = root;
    for (const key of path) {
      const steps: ReadonlyMap<string, Step<N>> = (node && (known.get(node) ?? stepsOf(node))) ?? new Map();
      if (node) {
        known.set(node, steps);
      }
      const step = steps.get(`${key}`);
      if (!step) {
        break;
      }
      offset = step.offset;
      node = step.value;
    }
    return offset;
  };
}
