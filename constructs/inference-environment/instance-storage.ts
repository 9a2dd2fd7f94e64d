import { PalisadeError } from '../../runtime/errors';

/**
 * Instance families of SageMaker hosting with local NVMe storage. They encrypt it in hardware with a key that AWS
 * holds, and `CreateEndpointConfig` fails for them when a KMS key is given (Amazon SageMaker API Reference,
 * CreateEndpointConfig, KmsKeyId; Amazon EC2 User Guide, "Instance store volumes", November 2026).
 */
export const LOCAL_STORAGE_FAMILIES: readonly string[] = [
  'c5d',
  'c6gd',
  'c6id',
  'dl1',
  'g4dn',
  'g5',
  'g6',
  'g6e',
  'g7',
  'g7e',
  'gr6',
  'i3en',
  'm5d',
  'm6gd',
  'm6id',
  'p3dn',
  'p4d',
  'p4de',
  'p5',
  'p5e',
  'p5en',
  'p6-b200',
  'p6-b300',
  'p6e-gb200',
  'r5d',
  'r6gd',
  'r6id',
  'r7gd',
  'trn1',
  'trn1n',
  'trn2',
];

const INSTANCE_TYPE = /^ml\.([a-z0-9-]+)\.[a-z0-9]+$/;

/** Throws PALISADE-I001 for an instance type whose volumes cannot be encrypted with a CMK, or that is none. */
export function requireEncryptableVolumes(where: string, instanceType: string): void {
  const family = INSTANCE_TYPE.exec(instanceType)?.[1];
  if (family === undefined || LOCAL_STORAGE_FAMILIES.includes(family)) {
    throw new PalisadeError({
      code: 'PALISADE-I001',
      where,
      problem:
        family === undefined
          ? `'${instanceType}' is not a SageMaker instance type`
          : `the local storage of ${instanceType} cannot be encrypted with a key of yours`,
      fix: `use a family with EBS storage only, such as ml.m5 or ml.c6i; not ${LOCAL_STORAGE_FAMILIES.join(', ')}`,
    });
  }
}
