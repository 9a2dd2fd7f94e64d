import * as fs from 'node:fs';
import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';
import { textOf } from './opaque';
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
        /** Construct paths with their metadata; newer assemblies keep them in the file. */
        readonly metadata?: ConstructMetadata;
        readonly additionalMetadataFile?: string;
        readonly properties?: {
          readonly templateFile?: string;
          readonly stackName?: string;
          readonly directoryName?: string;
        };
      }
    >
  >;
}

type ConstructMetadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/** A template in a file of its own. */
export interface NamedFile {
  /** Name of the stack that it makes. */
  readonly name: string;
  readonly path: string;
  /** Region it is deployed to. @default - one that stands for any */
  readonly region?: string;
}

/** Reads templates from files. Throws PALISADE-X001 for a file that is not JSON. */
export function loadTemplates(files: readonly NamedFile[]): StackTemplate[] {
  return files.map(({ name, path: file, region }) => ({
    stack: name,
    region: knownRegion(region),
    file,
    template: readTemplate(file),
  }));
}

/** Reads every stack's template of a cloud assembly (`cdk.out`), nested assemblies included, sorted by stack. */
export function loadAssembly(directory: string): StackTemplate[] {
  const manifest = readJson<AssemblyManifest>(path.join(directory, 'manifest.json'));
  const templates = Object.entries(manifest.artifacts ?? {}).flatMap(([id, artifact]): StackTemplate[] => {
    const { type, environment, properties, metadata, additionalMetadataFile } = artifact;
    if (type === 'cdk:cloud-assembly' && properties?.directoryName) {
      return loadAssembly(path.join(directory, properties.directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) {
      return [];
    }
    const file = path.join(directory, properties.templateFile);
    const constructs = additionalMetadataFile
      ? readJson<ConstructMetadata>(path.join(directory, additionalMetadataFile))
      : metadata;
    return [
      {
        stack: properties.stackName ?? id,
        region: regionOf(environment),
        file,
        template: readTemplate(file),
        paths: pathsOf(constructs ?? {}),
      },
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

/** Reads one JSON template, as the CDK writes it. Throws PALISADE-X001 for a file that is not JSON. */
export function readTemplate(file: string): Template {
  return readJson<Template>(file);
}

/** Construct paths by logical id. The CDK records them even where templates carry no path metadata. */
function pathsOf(metadata: ConstructMetadata): Record<string, string> {
  const paths = Object.entries(metadata).flatMap(([path, entries]) =>
    entries
      .filter(({ type }) => type === 'aws:cdk:logicalId')
      .map(({ data }): [string, string] => [textOf(data), path.replace(/^\//, '')]),
  );
  return Object.fromEntries(paths);
}

function readJson<T>(file: string): T {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-X001',
      where: file,
      problem: `cannot be read as JSON: ${(error as Error).message}`,
      fix: 'give a synthesized assembly (cdk synth) or a CloudFormation template in JSON',
    });
  }
}
