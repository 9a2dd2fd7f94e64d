import { PalisadeError } from '../../runtime/errors';
import { LOCAL_STORAGE_FAMILIES } from '../../runtime/instance-storage';

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
