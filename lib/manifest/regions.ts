/** AWS partitions whose Regions can be told by a prefix; all other Regions are in `aws`. Source: botocore 1.43.11, endpoints.json. */
const PARTITION_PREFIXES = [
  { prefix: 'cn-', partition: 'aws-cn' },
  { prefix: 'us-gov-', partition: 'aws-us-gov' },
  { prefix: 'eusc-', partition: 'aws-eusc' },
  { prefix: 'us-iso-', partition: 'aws-iso' },
  { prefix: 'us-isob-', partition: 'aws-iso-b' },
  { prefix: 'eu-isoe-', partition: 'aws-iso-e' },
  { prefix: 'us-isof-', partition: 'aws-iso-f' },
] as const;

/** A service that some Regions lack and some AI systems need. */
export type RegionalService = 'bedrock' | 'sagemaker';

/**
 * Where a service is known to be absent. Only certain absences stand here: a Region or partition that is not listed may
 * still lack a model or an instance type.
 *
 * Source: botocore 1.43.11, endpoints.json (a partition or Region without an endpoint of the service); checked 2026-11-24.
 */
const ABSENT: readonly { readonly service: RegionalService; readonly in: readonly string[] }[] = [
  { service: 'bedrock', in: ['aws-cn', 'aws-iso-e', 'ap-east-1', 'us-iso-west-1', 'us-isob-west-1'] },
  { service: 'sagemaker', in: ['aws-iso-e', 'us-iso-west-1', 'us-isob-west-1'] },
];

/** The partition of a Region, such as `aws` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  return PARTITION_PREFIXES.find(({ prefix }) => region.startsWith(prefix))?.partition ?? 'aws';
}

/** Whether the service is known to be absent from the Region. False means "not known to be", not "present". */
export function isServiceAbsent(service: RegionalService, region: string): boolean {
  return ABSENT.some(
    (absence) => absence.service === service && [region, partitionOf(region)].some((name) => absence.in.includes(name)),
  );
}
