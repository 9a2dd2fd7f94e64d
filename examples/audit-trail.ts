import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AuditTrail, KeyRing, ObjectLockMode, Purpose } from 'palisade-cdk/constructs';

/** A production trail: evidence that nobody deletes for a year, and alarms for whoever is on call. */
export class AuditTrailExample extends Stack {
  constructor(scope: Construct, id = 'AuditTrailExample') {
    super(scope, id, { env: { region: 'eu-west-1' } });
    const keys = new KeyRing(this, 'Keys', {
      system: 'platform',
      stage: 'prod',
      purposes: [Purpose.AUDIT, Purpose.LOGS],
    });
    new AuditTrail(this, 'AuditTrail', {
      stage: 'prod',
      auditKey: keys.key(Purpose.AUDIT),
      logKey: keys.key(Purpose.LOGS),
      objectLock: { mode: ObjectLockMode.COMPLIANCE, retention: Duration.days(365) },
    });
  }
}
