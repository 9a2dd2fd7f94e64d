import * as fs from 'node:fs';
import * as path from 'node:path';
import { textOf } from './opaque';
import { readJson, readTemplate } from './read-template';
import { NESTED_STACK } from './stacks';
import type { StackTemplate, Template, TemplateResource } from './template';
import { asRecord } from './values';

/** How many stacks may nest in each other. Deeper ones are not read; `TemplateGraph.nestedStack` tells. */
const MAX_LEVELS = 10;

/** How many nested stacks are read at most. Files that nest each other many times over would never end. */
const MAX_NESTED = 1000;

/**
 * The templates, each followed by those of its nested stacks, as far as their files are there: the file asset of a CDK
 * assembly, or the relative path that `aws cloudformation package` replaces. A nested stack is called
 * `parent/logicalId`. Throws as `readTemplate` does for a file that is there.
 */
export function withNestedStacks(templates: readonly StackTemplate[]): StackTemplate[] {
  return new NestedStacks(templates).all();
}

class NestedStacks {
  private readonly names: Set<string>;
  private readonly read = new Map<string, Template>();
  private readonly assets = new Map<string, ReadonlyMap<string, string>>();
  private left = MAX_NESTED;

  constructor(private readonly templates: readonly StackTemplate[]) {
    this.names = new Set(templates.map(({ stack }) => stack));
  }

  all(): StackTemplate[] {
    return this.templates.flatMap((template) => [template, ...this.within(template, [path.resolve(template.file)])]);
  }

  private within(around: StackTemplate, files: readonly string[]): StackTemplate[] {
    return Object.entries(around.template.Resources ?? {}).flatMap(([logicalId, resource]) => {
      const file = resource?.Type === NESTED_STACK ? this.fileOf(around, resource) : undefined;
      const stack = `${around.stack}/${logicalId}`;
      const isNew = file !== undefined && !files.includes(file) && !this.names.has(stack);
      if (!isNew || files.length > MAX_LEVELS || this.left === 0) {
        return [];
      }
      this.left -= 1;
      this.names.add(stack);
      const parent = { stack: around.stack, logicalId };
      const nested: StackTemplate = { ...around, stack, file, template: this.templateOf(file), parent };
      return [nested, ...this.within(nested, [...files, file])];
    });
  }

  private fileOf({ file }: StackTemplate, { Metadata, Properties }: TemplateResource): string | undefined {
    const folder = path.dirname(file);
    const url = asRecord(Properties).TemplateURL;
    const relative = typeof url === 'string' && !url.includes('://') ? url : undefined;
    const named = asRecord(Metadata)['aws:asset:path'] ?? relative ?? this.assetIn(folder, url);
    const found = typeof named === 'string' && !named.includes('\u0000') ? path.resolve(folder, named) : undefined;
    return found !== undefined && isFile(found) ? found : undefined;
  }

  /** Without asset metadata, an assembly's asset manifests say which file has the hash in a URL. */
  private assetIn(folder: string, url: unknown): string | undefined {
    const [hash] = /[0-9a-f]{64}/.exec(textOf(url)) ?? [];
    if (hash === undefined) {
      return undefined;
    }
    const assets = this.assets.get(folder) ?? assetsOf(folder);
    this.assets.set(folder, assets);
    return assets.get(hash);
  }

  private templateOf(file: string): Template {
    const template = this.read.get(file) ?? readTemplate(file);
    this.read.set(file, template);
    return template;
  }
}

/** Files of assets by hash, from every asset manifest of a folder. */
function assetsOf(folder: string): ReadonlyMap<string, string> {
  const manifests = fs.readdirSync(folder).filter((name) => name.endsWith('.assets.json'));
  return new Map(
    manifests.flatMap((name) =>
      Object.entries(asRecord(asRecord(readJson(path.join(folder, name))).files)).flatMap(([hash, asset]) => {
        const { path: file } = asRecord(asRecord(asset).source);
        return typeof file === 'string' ? [[hash, file] as const] : [];
      }),
    ),
  );
}

/** Not a device or a pipe: reading those may never end. */
function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
