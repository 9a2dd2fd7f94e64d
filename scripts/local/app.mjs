// node app.mjs ASSEMBLY STAGE: the stage as `palisade synth` builds and judges it, and beside it what an organisation adds in an app of its
// own: the role that people take to break the glass. Exits non-zero when a check finds an error in either.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';

const require = createRequire(import.meta.url);
const { WorkloadRole } = require('../../dist/constructs');
const { buildPlatform, writeEvidence } = require('../../dist/lib/platform');

const [outdir, stage] = process.argv.slice(2);
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
const asSynth = { '@aws-cdk/core:failSynthOnValidationErrors': false, 'aws:cdk:enable-path-metadata': true };
const app = new App({ outdir, context: { ...context, ...asSynth } });
const platform = buildPlatform(app, { manifestFolder: 'manifests', stage });
addBreakGlass('support-assistant');
const { errors } = writeEvidence(app.synth(), platform);
if (errors > 0) {
  console.error(`${errors} open errors: ${outdir}/evidence/findings.json names them`);
  process.exitCode = 1;
}

/** Lets one role read what one AI system was asked. */
function addBreakGlass(system) {
  const scope = app.node.findChild(stage);
  const { inference, region, account } = scope.node.findChild(`${system}-inference`);
  const stack = new Stack(scope, 'break-glass', {
    stackName: `palisade-${stage}-break-glass`,
    env: { region, account },
  });
  const role = new WorkloadRole(stack, 'Role', {
    assumedBy: new AccountRootPrincipal(),
    description: `Taken with approval, for an inquiry: reads what ${system} was asked`,
  });
  inference.grantReadBodies(role);
}
