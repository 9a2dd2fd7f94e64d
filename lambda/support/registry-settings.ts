import { PalisadeError } from '../../runtime/errors';

/** What the model registry's constructs tell its functions. */
export interface RegistrySettings {
  /** Account that owns the bucket. */
  readonly account: string;
  /** Bucket of registered artifacts and approvals. */
  readonly bucket: string;
  /** Name of the model package group. */
  readonly group: string;
  /** ARN of the key that signs approvals. */
  readonly sealKey: string;
}

/** Reads the environment of a registry's function. Throws PALISADE-R206 for what is not set. */
export function registrySettings(environment: NodeJS.ProcessEnv): RegistrySettings {
  return {
    account: registrySetting(environment, 'ACCOUNT'),
    bucket: registrySetting(environment, 'BUCKET'),
    group: registrySetting(environment, 'GROUP'),
    sealKey: registrySetting(environment, 'SEAL_KEY'),
  };
}

/** One variable. Throws PALISADE-R206. */
export function registrySetting(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value) {
    throw new PalisadeError({
      code: 'PALISADE-R206',
      where: `environment.${name}`,
      problem: 'not set',
      fix: 'deploy the function with the ModelRegistry and ApprovedModel constructs',
    });
  }
  return value;
}

/**
 * ARN of a package of this group, from outside. Throws PALISADE-R207 for anything else: another group's packages are
 * not even asked about.
 */
export function packageArnIn(group: string, value: unknown): string {
  const [, found] = typeof value === 'string' ? (PACKAGE_ARN.exec(value) ?? []) : [];
  if (found === undefined || found !== group) {
    throw new PalisadeError({
      code: 'PALISADE-R207',
      where: typeof value === 'string' ? value : typeof value,
      problem: `not the ARN of a model package in the group ${group}`,
      fix: 'name a version of the group that the registry made',
    });
  }
  return value as string;
}

const PACKAGE_ARN = /^arn:[a-z0-9-]+:sagemaker:[a-z0-9-]+:\d{12}:model-package\/([a-zA-Z0-9-]+)\/\d+$/;
