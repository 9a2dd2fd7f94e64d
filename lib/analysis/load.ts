import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StackTemplate, Template } from './template';

/** Region that stands for a stack whose Region only its deployment decides. */
const ANY_REGION = 'us-east-1';

/** The part of a cloud assembly's manifest.json that is read here. */
interface AssemblyManifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly properties?: {
          readonly templateFile?: string;
          readonly stackName?: string;
          readonly directoryName?: string;
        };
      }
    >
  >;
}

/** Reads every stack's template of a cloud assembly (`cdk.out`), nested assemblies included, sorted by stack. */
export function loadAssembly(directory: string): StackTemplate[] {
  const manifest = readJson<AssemblyManifest>(path.join(directory, 'manifest.json'));
  const templates = Object.entries(manifest.artifacts ?? {}).flatMap(([id, { type, environment, properties }]) => {
    if (type === 'cdk:cloud-assembly' && properties?.directoryName) {
      return loadAssembly(path.join(directory, properties.directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) {
      return [];
    }
    const file = path.join(directory, properties.templateFile);
    return [
      { stack: properties.stackName ?? id, region: regionOf(environment), file, template: readJson<Template>(file) },
    ];
  });
  return templates.sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/** The Region, or one that stands for it where only the deployment decides. */
export function knownRegion(region: string | undefined): string {
  return !region || region.startsWith('unknown') || region.includes('$') ? ANY_REGION : region;
}

/** `aws://unknown-account/eu-west-1` */
function regionOf(environment = ''): string {
  const region = environment.split('/').at(-1);
  return knownRegion(region);
}

/** Reads one JSON template, as the CDK writes it. */
export function readTemplate(file: string): Template {
  return readJson<Template>(file);
}

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}
