import * as fs from 'node:fs';
import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';
import { loadPaths, Positions, pathsOfEach } from '../analysis';
import type { Rule } from '../compliance/rule';
import { type AcceptedReason, acceptedByRegister, acceptedBySynthesis } from './accepted';
import { readBaseline } from './baseline';
import { type CheckContext, type CheckReport, checkTemplates, mergeReports } from './check';
import { creationPlaces } from './creation';
import { templatePath } from './template-path';

/** How `checkPaths` judges. */
export interface CheckOptions {
  /** Every file and every assembly is one of its own. @default - all together are one */
  readonly each?: boolean;
  /** Report in JSON whose findings are known. @default - none */
  readonly baseline?: string;
  /** Exception register in YAML. @default - only what the synthesis of an assembly accepted */
  readonly exceptions?: string;
  /** The day on which exceptions must hold, `YYYY-MM-DD`. @default - today, in UTC */
  readonly asOf?: string;
}

/** A report, and what could not be read on the way. */
export interface Judgement {
  readonly report: CheckReport;
  /** With `each`: what cannot be read as templates. Without it, the first such fault is thrown. */
  readonly unreadable: readonly PalisadeError[];
}

/** Judges templates, folders of templates and assemblies by their paths. Throws PalisadeError for what cannot be read. */
export async function checkPaths(
  paths: readonly string[],
  rules: readonly Rule[],
  options: CheckOptions = {},
): Promise<Judgement> {
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline);
  const registered = await acceptedIn(options);
  const judge = (own: readonly string[]) =>
    checkTemplates(loadPaths(own), rules, { ...contextOf(own, registered), baseline });
  if (!options.each) {
    return { report: judge(paths), unreadable: [] };
  }
  const unreadable: PalisadeError[] = [];
  const reports = pathsOfEach(paths).flatMap((item) => {
    try {
      return [judge([item])];
    } catch (error) {
      if (!(error instanceof PalisadeError)) {
        throw error;
      }
      unreadable.push(error);
      return [];
    }
  });
  return { report: mergeReports(reports), unreadable };
}

/** Places and acceptances for the templates that these paths name. @param registered what an exception register accepts */
export function contextOf(paths: readonly string[], registered?: AcceptedReason): CheckContext {
  const positions = new Positions();
  const assemblies = paths.filter(isAssembly);
  const reasons = [...(registered ? [registered] : []), ...assemblies.map(acceptedBySynthesis)];
  const places = assemblies.map(creationPlaces);
  return {
    placeOf: (resource, property) => ({
      file: resource.file,
      ...positions.of(resource.file, templatePath(resource, property)),
    }),
    sourceOf: (resource) => firstOf(places, (place) => place(resource)),
    acceptedReason: (finding) => firstOf(reasons, (reason) => reason(finding)),
  };
}

async function acceptedIn({ exceptions, asOf }: CheckOptions): Promise<AcceptedReason | undefined> {
  return exceptions === undefined
    ? undefined
    : acceptedByRegister(exceptions, asOf ?? new Date().toISOString().slice(0, 10));
}

function isAssembly(item: string): boolean {
  return fs.existsSync(path.join(item, 'manifest.json'));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const value = find(item);
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}
