import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { conformancePack, guardPolicy, RULES, rulesOfLevel } from 'palisade-cdk/compliance';
import { AimsConformancePack, DeployTimeGuard, KeyRing, Purpose } from 'palisade-cdk/constructs';

const REGION = 'eu-west-1';

/** The rules of the pack, on every template of an account before it deploys, and on what runs in it afterwards. */
export class DeployTimeGuardExample extends Stack {
  constructor(scope: Construct, id = 'DeployTimeGuardExample') {
    super(scope, id, { env: { region: REGION } });
    const keys = new KeyRing(this, 'Keys', { system: 'platform', stage: 'prod', purposes: [Purpose.LOGS] });
    new DeployTimeGuard(this, 'Guard', {
      policy: guardPolicy(rulesOfLevel(RULES, 'error', 'high')),
      reportKey: keys.key(Purpose.LOGS),
    });
    new AimsConformancePack(this, 'Aims', { template: conformancePack(RULES, REGION) });
  }
}
