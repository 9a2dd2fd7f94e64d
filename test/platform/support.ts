import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadAssembly, type StackTemplate, TemplateGraph, type TemplateResource } from '../../lib/analysis';
import { loadManifests, type StageName } from '../../lib/manifest';
import { PlatformStage } from '../../lib/platform';

/** The day on which the shipped manifests are valid. */
export const AS_OF = '2026-11-24';

/** Folder of the package. */
export const PACKAGE = path.join(__dirname, '..', '..');

/** A synthesized platform. */
export interface Assembly {
  readonly directory: string;
  readonly templates: readonly StackTemplate[];
  readonly graph: TemplateGraph;
}

const temporaryFolders: string[] = [];

afterAll(() => {
  for (const folder of temporaryFolders.splice(0)) {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

/** An empty folder outside the package, removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-'));
  temporaryFolders.push(folder);
  return folder;
}

/**
 * Synthesizes the platform as `palisade synth` does, without the packs that judge it: what is deployed is the subject
 * here, and the packs cost more than everything else.
 */
export function synthesize(manifestFolder = path.join(PACKAGE, 'manifests'), stage?: StageName): Assembly {
  const manifests = loadManifests(manifestFolder, { asOf: AS_OF });
  const directory = temporaryFolder();
  const { context } = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'cdk.json'), 'utf8'));
  const app = new App({ outdir: directory, context: { ...context, 'aws:cdk:enable-path-metadata': true } });
  for (const name of stage ? [stage] : (Object.keys(manifests.organization.stages) as StageName[])) {
    new PlatformStage(app, name, { stage: name, manifests, enclaveFolder: path.join(PACKAGE, 'enclave') });
  }
  app.synth();
  const templates = loadAssembly(directory);
  return { directory, templates, graph: new TemplateGraph(templates) };
}

/** A copy of the shipped manifests in a temporary folder, with `edit` applied to the files it names. */
export function manifestsWith(edits: Record<string, (text: string) => string>): string {
  const folder = temporaryFolder();
  fs.cpSync(path.join(PACKAGE, 'manifests'), folder, { recursive: true });
  for (const [file, edit] of Object.entries(edits)) {
    const target = path.join(folder, file);
    const before = fs.readFileSync(target, 'utf8');
    const after = edit(before);
    if (after === before) {
      throw new Error(`the edit of ${file} changed nothing`);
    }
    fs.writeFileSync(target, after);
  }
  return folder;
}

/** The template of a stack made by hand. */
export function stackOf(resources: Record<string, TemplateResource>, stack = 'broken'): StackTemplate {
  return { stack, region: 'eu-west-1', file: `${stack}.template.json`, template: { Resources: resources } };
}

/** The graph of one stack made by hand. */
export function graphOf(resources: Record<string, TemplateResource>): TemplateGraph {
  return new TemplateGraph([stackOf(resources)]);
}
