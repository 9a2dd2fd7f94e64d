import { PalisadeError } from '../../runtime/errors';

/** What the DatasetVault construct tells its functions. */
export interface VaultSettings {
  readonly bucket: string;
  /** Account that owns the bucket. */
  readonly account: string;
  /** ARN of the key that signs seals. */
  readonly sealKey: string;
}

/** Reads the environment of a vault's function. Throws PALISADE-D105 for what is not set. */
export function vaultSettings(environment: NodeJS.ProcessEnv): VaultSettings {
  return {
    bucket: required(environment, 'VAULT_BUCKET'),
    account: required(environment, 'VAULT_ACCOUNT'),
    sealKey: required(environment, 'SEAL_KEY_ARN'),
  };
}

/** One variable. Throws PALISADE-D105. */
export function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value) {
    throw new PalisadeError({
      code: 'PALISADE-D105',
      where: `environment.${name}`,
      problem: 'not set',
      fix: 'deploy the function with the DatasetVault construct',
    });
  }
  return value;
}
