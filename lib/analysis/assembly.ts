import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';
import { withNestedStacks } from './nested-stacks';
import { textOf } from './opaque';
import { readJson, readTemplate } from './read-template';
import { isKnownRegion, knownRegion } from './region';
import { distinctStacks } from './stack-names';
import type { StackTemplate } from './template';
import { asRecord, isRecord } from './values';

/** File that says what a cloud assembly holds. */
export const ASSEMBLY_MANIFEST = 'manifest.json';

/**
 * Reads every stack's template of a cloud assembly (`cdk.out`), nested assemblies and nested stacks included, sorted by
 * stack. Throws PALISADE-X004 for a manifest that is none, and as `readTemplate` does for its templates.
 */
export function loadAssembly(directory: string): StackTemplate[] {
  const templates = stacksOf(directory, new Set()).sort((a, b) => (a.stack < b.stack ? -1 : Number(a.stack > b.stack)));
  return withNestedStacks(distinctStacks(templates));
}

/** @param seen assemblies that were read: one that holds itself is read once */
function stacksOf(directory: string, seen: Set<string>): StackTemplate[] {
  const absolute = path.resolve(directory);
  if (seen.has(absolute)) {
    return [];
  }
  seen.add(absolute);
  return Object.entries(artifactsOf(directory)).flatMap(([id, artifact]): StackTemplate[] => {
    const { type, environment, properties, metadata, additionalMetadataFile } = asRecord(artifact);
    const { templateFile, stackName, directoryName } = asRecord(properties);
    if (type === 'cdk:cloud-assembly' && typeof directoryName === 'string') {
      return stacksOf(path.join(directory, directoryName), seen);
    }
    if (type !== 'aws:cloudformation:stack' || typeof templateFile !== 'string') {
      return [];
    }
    const file = path.join(directory, templateFile);
    const isInFile = typeof additionalMetadataFile === 'string';
    const constructs = isInFile ? readJson(path.join(directory, additionalMetadataFile)) : metadata;
    const region = textOf(environment ?? '')
      .split('/')
      .at(-1);
    return [
      {
        stack: typeof stackName === 'string' ? stackName : id,
        region: knownRegion(region),
        regionIsFixed: isKnownRegion(region),
        file,
        template: readTemplate(file),
        paths: pathsOf(asRecord(constructs)),
      },
    ];
  });
}

function artifactsOf(directory: string): Record<string, unknown> {
  const file = path.join(directory, ASSEMBLY_MANIFEST);
  const manifest = readJson(file);
  const artifacts = isRecord(manifest) ? (manifest.artifacts ?? {}) : undefined;
  if (!isRecord(artifacts)) {
    throw new PalisadeError({
      code: 'PALISADE-X004',
      where: file,
      problem: 'is not the manifest of a cloud assembly: it has no artifacts',
      fix: 'give the folder that cdk synth wrote (cdk.out), or name the templates themselves',
    });
  }
  return artifacts;
}

/**
 * Construct paths by logical id. The CDK records them even where templates carry no path metadata. An id that a stack
 * shares with a stack nested in it has none: the record does not say which is which.
 */
function pathsOf(metadata: Record<string, unknown>): Record<string, string> {
  const paths = new Map<string, string>();
  const shared = new Set<string>();
  for (const [construct, entries] of Object.entries(metadata)) {
    for (const { type, data } of Array.isArray(entries) ? entries.map(asRecord) : []) {
      if (type === 'aws:cdk:logicalId' && typeof data === 'string') {
        if (paths.has(data)) {
          shared.add(data);
        }
        paths.set(data, construct.replace(/^\//, ''));
      }
    }
  }
  return Object.fromEntries([...paths].filter(([logicalId]) => !shared.has(logicalId)));
}
