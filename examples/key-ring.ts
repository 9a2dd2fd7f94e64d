import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { KeyRing, Purpose, SecureBucket } from 'palisade-cdk/constructs';

/** A bucket whose key only granted roles can use. */
export class KeyRingExample extends Stack {
  constructor(scope: Construct, id = 'KeyRingExample') {
    super(scope, id);
    const keys = new KeyRing(this, 'Keys', { system: 'credit-scoring', stage: 'dev', purposes: [Purpose.DATA] });
    new SecureBucket(this, 'Data', { encryptionKey: keys.key(Purpose.DATA) });
  }
}
