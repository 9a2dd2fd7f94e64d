import { Duration } from 'aws-cdk-lib';
import type { LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { PalisadeError } from '../../runtime/errors';
import { APPROVED, QUARANTINE, requireName } from '../../runtime/integrity';

/** How long a vault keeps what. */
export interface VaultRetention {
  readonly quarantine: Duration;
  /** @default - until the key is destroyed */
  readonly approved?: Duration;
  /** By dataset. */
  readonly datasets: Readonly<Record<string, Duration>>;
  readonly noncurrent: Duration;
}

/** S3 Lifecycle takes 1 to 36,500 days in what Palisade accepts elsewhere too: 100 years. */
const MAXIMUM_DAYS = 36_500;

/**
 * Lifecycle rules of a vault. S3 itself carries them out, so that they work where the bucket policy denies deletion.
 *
 * Throws PALISADE-D001 for a retention that is not 1 to 36,500 whole days, PALISADE-S003 for a bad dataset name.
 */
export function lifecycleRules(retention: VaultRetention, where: string): LifecycleRule[] {
  const days = (name: string, duration: Duration) => wholeDays(duration, `${where}: ${name}`);
  return [
    {
      id: 'Quarantine',
      prefix: `${QUARANTINE}/`,
      expiration: days('quarantineRetention', retention.quarantine),
      noncurrentVersionExpiration: Duration.days(1),
    },
    {
      id: 'Approved',
      prefix: `${APPROVED}/`,
      expiration: retention.approved && days('retention', retention.approved),
      noncurrentVersionExpiration: days('noncurrentRetention', retention.noncurrent),
    },
    ...Object.entries(retention.datasets).map(([dataset, duration]) => ({
      id: `Dataset-${requireName('datasetRetention', dataset)}`,
      prefix: `${APPROVED}/${dataset}/`,
      expiration: days(`datasetRetention.${dataset}`, duration),
    })),
    { id: 'DeleteMarkers', expiredObjectDeleteMarker: true },
  ];
}

function wholeDays(duration: Duration, where: string): Duration {
  const days = duration.toDays({ integral: false });
  if (!Number.isInteger(days) || days < 1 || days > MAXIMUM_DAYS) {
    throw new PalisadeError({
      code: 'PALISADE-D001',
      where,
      problem: `S3 cannot keep objects for ${days} days`,
      fix: `give whole days, from Duration.days(1) to Duration.days(${MAXIMUM_DAYS})`,
    });
  }
  return duration;
}
