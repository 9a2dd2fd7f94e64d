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

/** Whether instances of this type, such as `ml.g5.xlarge`, encrypt their storage themselves and accept no key. */
export function keepsKeyItself(instanceType: unknown): boolean {
  return typeof instanceType === 'string' && LOCAL_STORAGE_FAMILIES.includes(instanceType.split('.')[1]);
}
