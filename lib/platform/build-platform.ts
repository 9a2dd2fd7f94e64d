import * as path from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { PalisadeError } from '../../runtime/errors';
import {
  ExceptionRegister,
  ExceptionRegisterChecks,
  Iso42001Checks,
  RecordedAwsSolutionsChecks,
  RecordedNist80053R5Checks,
  RegisteredChecks,
} from '../compliance';
import { loadManifests, type Manifests, type StageName } from '../manifest';
import { PlatformStage } from './platform-stage';

/** Where the platform comes from. */
export interface PlatformOptions {
  /** Folder with `organization.yaml`, `exceptions.yaml` and `systems/`. */
  readonly manifestFolder: string;
  /**
   * Folder with `measurements/<system>.json` and the sources of images, for AI systems that enclaves serve.
   * @default - `enclave` beside the manifest folder
   */
  readonly enclaveFolder?: string;
  /** The one stage to build. @default - every stage of the organization */
  readonly stage?: string;
  /** The day of the check, `YYYY-MM-DD`. @default - today, in UTC */
  readonly asOf?: string;
}

/** A platform that is built but not yet synthesized. */
export interface Platform {
  readonly manifests: Manifests;
  readonly asOf: string;
  readonly stages: readonly StageName[];
  readonly iso42001: Iso42001Checks;
}

/**
 * Builds the platform in `app` from its manifests and registers the checks that judge it at synthesis.
 *
 * Throws ManifestError (PALISADE-M...) for bad manifests and PALISADE-P001 for an unknown stage, before anything is made.
 */
export function buildPlatform(app: App, options: PlatformOptions): Platform {
  const asOf = options.asOf ?? new Date().toISOString().slice(0, 10);
  const manifests = loadManifests(options.manifestFolder, { asOf });
  const stages = selectStages(manifests, options.stage);
  const enclaveFolder = options.enclaveFolder ?? path.resolve(options.manifestFolder, '..', 'enclave');
  for (const stage of stages) {
    new PlatformStage(app, stage, { stage, manifests, enclaveFolder });
  }
  return { manifests, asOf, stages, iso42001: registerChecks(app, manifests, asOf) };
}

function selectStages({ organization }: Manifests, wanted?: string): StageName[] {
  const stages = Object.keys(organization.stages) as StageName[];
  if (wanted === undefined) {
    return stages;
  }
  const selected = stages.filter((stage) => stage === wanted);
  if (selected.length === 0) {
    throw new PalisadeError({
      code: 'PALISADE-P001',
      where: 'context stage',
      problem: `found '${wanted}', organization.yaml has ${stages.join(', ')}`,
      fix: 'pass -c stage=NAME with one of these, or nothing for all',
    });
  }
  return selected;
}

function registerChecks(app: App, manifests: Manifests, asOf: string): Iso42001Checks {
  const register = new ExceptionRegister(manifests.exceptions, asOf);
  const iso42001 = new Iso42001Checks(app);
  const packs = [new RecordedAwsSolutionsChecks(app), new RecordedNist80053R5Checks(app), iso42001];
  Validations.of(app).addPlugins(
    ...packs.map((pack) => new RegisteredChecks(pack, register)),
    new ExceptionRegisterChecks(register),
  );
  return iso42001;
}
