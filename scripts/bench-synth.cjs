// node bench-synth.cjs MANIFESTS OUTDIR: one synthesis, timed by phase; prints one line of JSON.
const fs = require('node:fs');
const path = require('node:path');

const [manifestFolder, outdir] = process.argv.slice(2);
const times = { load: 0, construct: 0, synthesize: 0, validate: 0, check: 0, total: 0 };
const started = performance.now();

function timed(phase, work) {
  const begin = performance.now();
  const result = work();
  times[phase] += performance.now() - begin;
  return result;
}

const { App, CloudFormationValidatePlugin, buildPlatform, RegisteredChecks } = timed('load', () => ({
  ...require('aws-cdk-lib'),
  ...require('../dist/lib/platform'),
  ...require('../dist/lib/compliance'),
}));

for (const [plugin, phase] of [
  [CloudFormationValidatePlugin, 'validate'],
  [RegisteredChecks, 'check'],
]) {
  const { validate } = plugin.prototype;
  plugin.prototype.validate = function (context) {
    return timed(phase, () => validate.call(this, context));
  };
}

const { context } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'cdk.json'), 'utf8'));
const report = { '@aws-cdk/core:failSynthOnValidationErrors': false };
const app = new App({ outdir, context: { ...context, ...report } });
timed('construct', () => buildPlatform(app, { manifestFolder, stage: 'dev', asOf: '2026-11-24' }));
const assembly = timed('synthesize', () => app.synth());
times.synthesize -= times.validate + times.check;
times.total = performance.now() - started;

const { stacks } = assembly;
const resources = stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ...times, stacks: stacks.length, resources, peakMegabytes }));
