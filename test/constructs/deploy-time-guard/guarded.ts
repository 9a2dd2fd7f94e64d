import * as fs from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DeployTimeGuard, type DeployTimeGuardProps } from '../../../constructs/deploy-time-guard';
import { KeyRing, Purpose } from '../../../constructs/key-ring';

/** A policy of one rule. */
export const POLICY = `let models = Resources.*[ Type == 'AWS::SageMaker::Model' ]
rule Isolated when %models !empty {
%models.Properties.EnableNetworkIsolation == true
}
`;

/** A stack with a guard, in an app with the feature flags of cdk.json, as a deployment has them. */
export function guarded(props: Partial<DeployTimeGuardProps> = {}): { app: App; stack: Stack; guard: DeployTimeGuard } {
  const { context } = JSON.parse(fs.readFileSync('cdk.json', 'utf8'));
  const app = new App({ context: { ...context, 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  const keys = new KeyRing(stack, 'Keys', { system: 'platform', stage: 'prod', purposes: [Purpose.LOGS] });
  const guard = new DeployTimeGuard(stack, 'Guard', { policy: POLICY, reportKey: keys.key(Purpose.LOGS), ...props });
  return { app, stack, guard };
}

/** Properties of the only resource of a type. */
export function propertiesOf(stack: Stack, type: string, id = ''): Record<string, unknown> {
  const found = Object.entries(Template.fromStack(stack).findResources(type)).filter(([key]) => key.startsWith(id));
  expect(found).toHaveLength(1);
  return found[0][1].Properties;
}
