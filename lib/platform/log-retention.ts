import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** The CDK's enum member for a number of days; its values are the days, and the manifest schema admits no others. */
export function logRetention(days: number): RetentionDays {
  return days as RetentionDays;
}
