import * as fs from 'node:fs';
import * as path from 'node:path';
import type { GraphResource, TemplateGraph } from '../../../../lib/analysis';
import { fault, listOf } from './policy';

/** Runtimes that Lambda creates functions with, on both architectures (AWS Lambda Developer Guide, "Lambda runtimes"). */
const RUNTIMES = new Set(['nodejs22.x', 'nodejs24.x', 'python3.13', 'python3.14', 'provided.al2023']);
const ARCHITECTURES = new Set(['arm64', 'x86_64']);

/** Functions that Lambda would not create, or that would fail at their first call because the handler is not there. */
export function unfitFunctions(graph: TemplateGraph, directory: string): string[] {
  return graph.ofType('AWS::Lambda::Function').flatMap((resource) => {
    const { Runtime, Architectures, Handler } = resource.properties;
    const architectures = listOf(Architectures ?? 'x86_64').map(String);
    const asset = assetOf(resource, directory);
    return [
      ...(RUNTIMES.has(String(Runtime)) ? [] : [fault(resource, `runtime ${Runtime} is not known`)]),
      ...architectures
        .filter((a) => !ARCHITECTURES.has(a))
        .map((a) => fault(resource, `architecture ${a} is not known`)),
      ...(asset
        ? handlerFaults(resource, asset, String(Handler))
        : [fault(resource, 'its asset is not in the assembly')]),
    ];
  });
}

/** Files of assets that tell where they were built, or carry their sources along. */
export function leakyAssets(directory: string, machine: readonly string[]): string[] {
  return fs
    .readdirSync(directory)
    .filter((name) => name.startsWith('asset.'))
    .flatMap((name) => filesIn(path.join(directory, name)))
    .flatMap((file) => {
      const content = fs.readFileSync(file, 'latin1');
      const found = [
        ...(file.endsWith('.map') || content.includes('sourceMappingURL=') ? ['a source map'] : []),
        ...machine.filter((folder) => content.includes(folder)),
      ];
      return found.map((what) => `${path.relative(directory, file)}: ${what}`);
    });
}

/** The asset's folder, by the hash in its S3 key. */
function assetOf({ properties }: GraphResource, directory: string): string | undefined {
  const { S3Key } = (properties.Code ?? {}) as { S3Key?: unknown };
  const folder = path.join(directory, `asset.${String(S3Key).replace(/\.zip$/, '')}`);
  return S3Key !== undefined && fs.existsSync(folder) ? folder : undefined;
}

function handlerFaults(resource: GraphResource, asset: string, handler: string): string[] {
  const [file, name] = [handler.slice(0, handler.lastIndexOf('.')), handler.slice(handler.lastIndexOf('.') + 1)];
  const found = ['.js', '.mjs', '.cjs', '.py'].map((ending) => path.join(asset, file + ending)).find(fs.existsSync);
  if (!found) {
    return [fault(resource, `no file of its asset has ${handler}`)];
  }
  return fs.readFileSync(found, 'utf8').includes(name) ? [] : [fault(resource, `${file} does not export ${name}`)];
}

function filesIn(folder: string): string[] {
  if (fs.statSync(folder).isFile()) {
    return [folder];
  }
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
