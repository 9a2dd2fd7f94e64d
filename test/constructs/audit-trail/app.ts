import * as fs from 'node:fs';
import { App } from 'aws-cdk-lib';

/** An app with the feature flags of cdk.json, as a deployment has them. */
export function appWith(context: Record<string, unknown> = {}): App {
  const flags = JSON.parse(fs.readFileSync('cdk.json', 'utf8')).context;
  return new App({ context: { ...flags, ...context } });
}
