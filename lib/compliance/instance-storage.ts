import { textOf } from '../analysis';

/**
 * SageMaker instance families with local NVMe storage, which encrypts itself with a key that AWS holds. The APIs refuse a
 * volume key for them (Amazon SageMaker API Reference, CreateEndpointConfig, KmsKeyId, and ResourceConfig,
 * VolumeKmsKeyId, November 2026).
 */
const LOCAL_STORAGE =
  /^ml\.(c5d|c6gd|c6id|g4dn|g5|g6|g6e|gr6|i3en|m5d|m6gd|m6id|p3dn|p4de?|p5e?n?|r5d|r6gd|r6id|r7gd|trn1n?|trn2)\./;

/** Whether instances of this type encrypt their storage by themselves and accept no key. */
export function keepsKeyItself(instanceType: unknown): boolean {
  return LOCAL_STORAGE.test(textOf(instanceType));
}
