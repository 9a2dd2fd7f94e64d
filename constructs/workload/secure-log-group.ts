import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Properties of a secure log group. */
export interface SecureLogGroupProps {
  /** CMK that CloudWatch Logs may use for groups of this account. */
  readonly encryptionKey: kms.IKey;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6): logs are kept at least six months */
  readonly retention?: logs.RetentionDays;
  /** Only where a service asks for a certain name: a retained group keeps it. @default - CloudFormation makes one */
  readonly logGroupName?: string;
  /** What is masked for readers. @default - nothing */
  readonly dataProtectionPolicy?: logs.DataProtectionPolicy;
  /** DESTROY deletes the group with its stack. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A log group with a CMK and an end. Unless it may be destroyed with its stack, it is retained and protected: no call
 * deletes it before somebody has lifted the protection, which `AuditTrail` raises an alarm for.
 */
export class SecureLogGroup extends logs.LogGroup {
  constructor(scope: Construct, id: string, props: SecureLogGroupProps) {
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    super(scope, id, {
      ...props,
      retention: props.retention ?? logs.RetentionDays.SIX_MONTHS,
      removalPolicy,
      // Said in both cases, so that a group that was protected can be destroyed once the policy allows it.
      deletionProtectionEnabled: removalPolicy !== RemovalPolicy.DESTROY,
    });
  }
}
