import { Duration, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';

/** The queue that keeps events which a stack's functions failed on, for the 14 days that SQS allows. */
export class DeadLetterQueue extends sqs.Queue {
  /** The queue of the stack that `scope` is in; made at the first call, with that call's key. */
  static of(scope: IConstruct, encryptionKey: kms.IKey): DeadLetterQueue {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild('DeadLetterQueue');
    return (existing as DeadLetterQueue | undefined) ?? new DeadLetterQueue(stack, encryptionKey);
  }

  private constructor(stack: Stack, encryptionKey: kms.IKey) {
    super(stack, 'DeadLetterQueue', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }
}
