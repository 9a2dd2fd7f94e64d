import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { KeyRing, Purpose } from 'palisade-cdk/constructs';

/** A bucket whose key only granted roles can use. */
export class KeyRingExample extends Stack {
  constructor(scope: Construct, id = 'KeyRingExample') {
    super(scope, id);
    const keys = new KeyRing(this, 'Keys', { system: 'credit-scoring', stage: 'dev', purposes: [Purpose.DATA] });
    new s3.Bucket(this, 'Data', { encryptionKey: keys.key(Purpose.DATA), enforceSSL: true });
  }
}
