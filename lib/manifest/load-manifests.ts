import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import type * as z from 'zod';
import type { PalisadeError } from '../../runtime/errors';
import { type AiSystem, systemSchema } from './ai-system';
import { checkAgainstOrganization } from './check-against-organization';
import { checkAppetite, checkExceptions } from './check-exceptions';
import { checkOrganization } from './check-organization';
import { checkSystem } from './check-system';
import { type ExceptionEntry, exceptionsSchema } from './exceptions';
import { describe, explain } from './explain';
import { date } from './fields';
import { type Fault, faultsIn, ManifestError } from './manifest-error';
import { type Organization, organizationSchema } from './organization';
import { readYaml, systemCode, unexpectedEntry } from './read-yaml';

/** Options of `loadManifests`. */
export interface LoadOptions {
  /** The day on which the manifests are judged, `YYYY-MM-DD`: the only clock. */
  readonly asOf: string;
}

/** Everything that the manifests declare, checked. */
export interface Manifests {
  /** The day on which they were judged. */
  readonly asOf: string;
  readonly organization: Organization;
  /** Sorted by id. */
  readonly systems: readonly AiSystem[];
  /** Sorted by id. */
  readonly exceptions: readonly ExceptionEntry[];
}

/**
 * Reads and checks `organization.yaml`, `exceptions.yaml` and `systems/*.yaml` in `folder`. Writes nothing.
 *
 * Throws one ManifestError that lists every fault: PALISADE-M002 to M037, in docs/manifests.md. Rules that span two
 * values are checked once the files they stand in have the right form.
 */
export function loadManifests(folder: string, options: LoadOptions): Manifests {
  const name = path.basename(path.resolve(folder));
  const asOf = requireDate(options.asOf, name);
  const faults: PalisadeError[] = [];
  const source = (file: string): Source => ({ path: path.join(folder, file), fault: faultsIn(`${name}/${file}`) });

  const organizationFile = source('organization.yaml');
  const organization = parse(organizationFile, organizationSchema, faults);
  if (organization) {
    collect(faults, checkOrganization(organization, organizationFile.fault));
  }

  const systems = systemIds(source('systems'), faults).flatMap((id) => {
    const file = source(`systems/${id}.yaml`);
    const system = parse(file, systemSchema, faults);
    if (!system) {
      return [];
    }
    collect(faults, checkSystem(system, id, asOf, file.fault));
    if (organization) {
      collect(faults, checkAgainstOrganization(system, organization, file.fault));
    }
    return [system];
  });

  const exceptionsFile = source('exceptions.yaml');
  const exceptions = parse(exceptionsFile, exceptionsSchema, faults)?.exceptions ?? [];
  collect(faults, checkExceptions(exceptions, asOf, exceptionsFile.fault));
  if (organization) {
    collect(faults, checkAppetite(exceptions, organization, exceptionsFile.fault));
  }

  if (!organization || faults.length > 0) {
    throw new ManifestError(name, faults);
  }
  return { asOf, organization, systems: byId(systems), exceptions: byId(exceptions) };
}

/**
 * Reads and checks an exception register by itself, without the organization whose appetite bounds it. Throws one
 * ManifestError that lists every fault.
 */
export function loadExceptions(file: string, options: LoadOptions): ExceptionEntry[] {
  const asOf = requireDate(options.asOf, file);
  const faults: PalisadeError[] = [];
  const source: Source = { path: file, fault: faultsIn(file) };
  const exceptions = parse(source, exceptionsSchema, faults)?.exceptions ?? [];
  collect(faults, checkExceptions(exceptions, asOf, source.fault));
  if (faults.length > 0) {
    throw new ManifestError(file, faults);
  }
  return byId(exceptions);
}

/** One file or folder, and how to report about it. */
interface Source {
  readonly path: string;
  readonly fault: Fault;
}

function requireDate(asOf: string, folder: string): string {
  const result = date().safeParse(asOf);
  if (result.success) {
    return result.data;
  }
  const problem = `found ${describe(asOf)}, allowed: ${result.error.issues[0].message}`;
  const fault = faultsIn('loadManifests');
  throw new ManifestError(folder, [fault('PALISADE-M035', 'asOf', problem, 'pass a day, such as 2026-11-24')]);
}

/** The content of a file in the form of its schema; undefined, with faults added, when it has another. */
function parse<T>({ path, fault }: Source, schema: z.ZodType<T>, faults: PalisadeError[]): T | undefined {
  const content = readYaml(path, fault);
  if ('faults' in content) {
    collect(faults, content.faults);
    return undefined;
  }
  const result = schema.safeParse(content.data);
  if (result.success) {
    return result.data;
  }
  collect(faults, explain(schema, content.data, result.error.issues, fault));
  return undefined;
}

/** The names of the files in `systems/`, without their ending, sorted. Hidden files are none of ours. */
function systemIds({ path, fault }: Source, faults: PalisadeError[]): string[] {
  const unexpected = unexpectedEntry(path, 'folder');
  if (unexpected) {
    const problem = `found ${unexpected.found}, expected a folder`;
    faults.push(fault(unexpected.code, '', problem, 'make the folder; it may be empty'));
    return [];
  }
  try {
    const entries = readdirSync(path).filter((entry) => !entry.startsWith('.'));
    return entries.sort().flatMap((entry) => systemId(entry, fault, faults));
  } catch (error) {
    faults.push(fault('PALISADE-M003', '', `cannot be read: ${systemCode(error)}`, 'let the reader list the folder'));
    return [];
  }
}

function systemId(entry: string, fault: Fault, faults: PalisadeError[]): string[] {
  if (entry.endsWith('.yaml')) {
    return [entry.slice(0, -'.yaml'.length)];
  }
  const problem = `found ${describe(entry)}, expected files named <id>.yaml`;
  faults.push(fault('PALISADE-M008', '', problem, 'rename it, or move it elsewhere'));
  return [];
}

/** Adds one by one: a spread of a long list of arguments would overflow the stack. */
function collect(faults: PalisadeError[], more: Iterable<PalisadeError>): void {
  for (const fault of more) {
    faults.push(fault);
  }
}

function byId<T extends { readonly id: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((one, other) => (one.id < other.id ? -1 : 1));
}
