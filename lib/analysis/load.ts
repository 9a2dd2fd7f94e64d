import * as fs from 'node:fs';
import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';
import { ASSEMBLY_MANIFEST, loadAssembly } from './assembly';
import { withNestedStacks } from './nested-stacks';
import { noTemplate, readTemplate, readText, templateIn, unreadable } from './read-template';
import { isKnownRegion, knownRegion } from './region';
import { distinctStacks } from './stack-names';
import type { StackTemplate, Template } from './template';
import { isRecord } from './values';

/** A template in a file of its own. */
export interface NamedFile {
  /** Name of the stack that it makes. */
  readonly name: string;
  readonly path: string;
  /** Region it is deployed to. @default - one that stands for any */
  readonly region?: string;
}

const TEMPLATE_FILE = /\.(json|ya?ml|template)$/i;

/** What a text says only if it is meant as a template, well-formed or not. */
const TEMPLATE_MARK = /AWSTemplateFormatVersion|\bType["']?\s*:\s*["']?AWS::/;

/** Reads templates from files, their nested stacks included. Throws as `readTemplate` does. */
export function loadTemplates(files: readonly NamedFile[]): StackTemplate[] {
  return withNestedStacks(distinctStacks(files.map((file) => stackIn(file, readTemplate(file.path)))));
}

/**
 * Reads what a command line names: templates, cloud assemblies (folders with a manifest.json) and folders, of which
 * every template below counts, and an assembly below as a whole. A template that another one nests is read as its
 * nested stack only.
 *
 * Throws PALISADE-X003 for a path that is not there, PALISADE-X002 for a file that is no template, PALISADE-X005 if
 * there is no template at all, and as `readTemplate` and `loadAssembly` do.
 */
export function loadPaths(paths: readonly string[]): StackTemplate[] {
  const given = paths.map(
    (item): Found => (isFolder(item) ? inFolder(item) : { assemblies: [], files: [inFile(item)] }),
  );
  const assemblies = given.flatMap((found) => found.assemblies.flatMap(loadAssembly));
  const files = outermost(distinctStacks(given.flatMap((found) => found.files)));
  const templates = distinctStacks([...assemblies, ...files]);
  if (templates.length === 0) {
    throw new PalisadeError({
      code: 'PALISADE-X005',
      where: paths.join(', ') || 'command line',
      problem: 'there is no CloudFormation template, so nothing would be checked',
      fix: 'name templates, a folder that holds some, or a synthesized assembly (cdk.out)',
    });
  }
  return templates;
}

/**
 * The paths that `loadPaths` takes, with folders of templates replaced by the templates and assemblies in them: each is
 * an assembly of its own. Throws PALISADE-X003 for a path that is not there.
 */
export function pathsOfEach(paths: readonly string[]): string[] {
  return paths.flatMap((item) => {
    if (!isFolder(item) || fs.existsSync(path.join(item, ASSEMBLY_MANIFEST))) {
      return [item];
    }
    const { assemblies, files } = walk(item);
    return [...assemblies, ...files.filter((file) => TEMPLATE_MARK.test(readText(file)))];
  });
}

/** What a path of the command line stands for. */
interface Found {
  readonly assemblies: readonly string[];
  readonly files: readonly StackTemplate[];
}

function inFile(file: string): StackTemplate {
  const template = readTemplate(file);
  if (!isRecord(template.Resources)) {
    throw noTemplate(file, 'it has no Resources');
  }
  return stackIn({ name: stackName(path.basename(file)), path: file }, template);
}

function inFolder(folder: string): Found {
  if (fs.existsSync(path.join(folder, ASSEMBLY_MANIFEST))) {
    return { assemblies: [folder], files: [] };
  }
  const { assemblies, files } = walk(folder);
  return {
    assemblies,
    files: files.flatMap((file) => {
      const template = templateAt(file);
      return template ? [stackIn({ name: stackName(path.relative(folder, file)), path: file }, template)] : [];
    }),
  };
}

/** Assemblies and possible templates below a folder, in the order of their names. Links to folders are not followed. */
function walk(folder: string): { assemblies: string[]; files: string[] } {
  const found = { assemblies: [] as string[], files: [] as string[] };
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const entries = entriesOf(next);
    if (next !== folder && isAssembly(next, entries)) {
      found.assemblies.push(next);
      continue;
    }
    for (const entry of entries) {
      const at = path.join(next, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
        folders.push(at);
      } else if (entry.isFile() && TEMPLATE_FILE.test(entry.name)) {
        found.files.push(at);
      }
    }
  }
  return { assemblies: found.assemblies.sort(), files: found.files.sort() };
}

/** Below a folder, a manifest.json may be anything; the CDK also marks its folders. */
function isAssembly(folder: string, entries: readonly fs.Dirent[]): boolean {
  const names = entries.map(({ name }) => name);
  return names.includes(ASSEMBLY_MANIFEST) && (names.includes('cdk.out') || /(^|[/\\])assembly-/.test(folder));
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** The template in a file of a folder. A file that is no template, or is malformed and does not look like one, is skipped. */
function templateAt(file: string): Template | undefined {
  const text = readText(file);
  if (!text.includes('Resources')) {
    return undefined;
  }
  try {
    const template = templateIn(file, text);
    return isRecord(template.Resources) && isTemplate(template, text) ? template : undefined;
  } catch (error) {
    if (error instanceof PalisadeError && !TEMPLATE_MARK.test(text)) {
      return undefined;
    }
    throw error;
  }
}

function isTemplate({ Resources }: Template, text: string): boolean {
  return (
    TEMPLATE_MARK.test(text) || Object.values(Resources ?? {}).some((resource) => typeof resource?.Type === 'string')
  );
}

/** All with their nested stacks, without those templates that another one nests: they are deployed as its part. */
function outermost(templates: readonly StackTemplate[]): StackTemplate[] {
  const families = new Map(templates.map((root) => [root, withNestedStacks([root])]));
  const nestedBy = new Map<string, StackTemplate[]>();
  for (const [root, [, ...nested]] of families) {
    for (const file of new Set(nested.map((template) => path.resolve(template.file)))) {
      nestedBy.set(file, [...(nestedBy.get(file) ?? []), root]);
    }
  }
  for (const root of templates) {
    const around = nestedBy.get(path.resolve(root.file)) ?? [];
    // Of two that nest each other, one stays.
    if (around.some((other) => other !== root && families.has(other))) {
      families.delete(root);
    }
  }
  return [...families.values()].flat();
}

function stackIn({ name, path: file, region }: NamedFile, template: Template): StackTemplate {
  return { stack: name, region: knownRegion(region), regionIsFixed: isKnownRegion(region), file, template };
}

/** `service.template.json` makes the stack `service`. */
function stackName(file: string): string {
  return file
    .replace(TEMPLATE_FILE, '')
    .replace(/\.template$/i, '')
    .replaceAll(path.sep, '/');
}

function isFolder(item: string): boolean {
  try {
    return fs.statSync(item).isDirectory();
  } catch (error) {
    throw unreadable(item, error);
  }
}
