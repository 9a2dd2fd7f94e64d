#!/usr/bin/env node
import { App } from 'aws-cdk-lib';
import { buildPlatform, writeEvidence } from '../lib/platform';
import { PalisadeError } from '../runtime/errors';

/** The door that `cdk` opens: `-c stage=dev` for one stage, `-c manifests=DIR` and `-c asOf=YYYY-MM-DD` where they differ. */
function main(): void {
  const app = new App();
  const platform = buildPlatform(app, {
    manifestFolder: app.node.tryGetContext('manifests') ?? 'manifests',
    stage: app.node.tryGetContext('stage'),
    asOf: app.node.tryGetContext('asOf'),
  });
  writeEvidence(app.synth(), platform);
}

try {
  main();
} catch (error) {
  if (!(error instanceof PalisadeError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
