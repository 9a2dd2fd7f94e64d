// One measurement of bench-check.mjs, in a process of its own. The last line of its output is JSON.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// As the command line does.
require('../dist/lib/check/late-optimization.js').optimizeLate();

const [mode, argument] = process.argv.slice(2);
const result = { growth, peer, template }[mode](argument);
console.log(JSON.stringify(result));

/** The platform's own templates, repeated under other stack names until there are `size` resources. */
function growth(size) {
  const { TemplateGraph } = require('../dist/lib/analysis/index.js');
  const { evaluateRules } = require('../dist/lib/compliance/engine.js');
  const { RULES } = require('../dist/lib/compliance/rules/index.js');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-bench-growth-'));
  const files = repeated(platform(), Number(size)).map(({ stack, region, template }, index) => {
    const file = path.join(folder, `${index}.template.json`);
    fs.writeFileSync(file, JSON.stringify(template));
    return { name: stack, path: file, region };
  });
  const { value: graph, ms: load } = timed(() => resolved(TemplateGraph.fromFiles(files)));
  fs.rmSync(folder, { recursive: true, force: true });
  const { ms: pack } = timed(() => evaluateRules(graph, RULES));
  return { resources: graph.resources.length, load, pack, memory: process.memoryUsage.rss() / 1e6 };
}

/** Both packs on the same tree: the time per rule and resource that each of them looks at. */
function peer() {
  const { App, Validations } = require('aws-cdk-lib');
  const { AwsSolutionsChecks } = require('cdk-nag');
  const { TemplateGraph } = require('../dist/lib/analysis/index.js');
  const { evaluateRules } = require('../dist/lib/compliance/engine.js');
  const { RULES } = require('../dist/lib/compliance/rules/index.js');
  const { PlatformStage } = require('../dist/lib/platform/platform-stage.js');
  const { loadManifests } = require('../dist/lib/manifest/index.js');
  process.env.CDK_VALIDATION = 'false';
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-bench-peer-'));
  const { context } = JSON.parse(fs.readFileSync('cdk.json', 'utf8'));
  const app = new App({ outdir, context: { ...context, '@aws-cdk/core:failSynthOnValidationErrors': false } });
  new PlatformStage(app, 'prod', { stage: 'prod', manifests: loadManifests('manifests', { asOf: '2026-11-24' }) });
  const pack = new AwsSolutionsChecks(app);
  let theirs = 0;
  Validations.of(app).addPlugins({
    name: 'Timed',
    validate(given) {
      theirs = timed(() => pack.validate(given)).ms;
      return { success: true, violations: [] };
    },
  });
  const { directory } = app.synth();
  const { value: graph, ms: load } = timed(() => resolved(TemplateGraph.fromAssembly(directory)));
  const { ms: ours } = timed(() => evaluateRules(graph, RULES));
  fs.rmSync(outdir, { recursive: true, force: true });
  const resources = graph.resources.length;
  const each = (ms, rules) => (1e3 * ms) / (rules * resources);
  return { ours: each(ours, RULES.length), load: each(load, RULES.length), theirs: each(theirs, 131), resources };
}

/** Loading is reading, parsing and resolving: every property of every resource, in each outcome of conditions. */
function resolved(graph) {
  for (const world of graph.worlds()) {
    for (const resource of world.resources) {
      resource.properties;
    }
  }
  return graph;
}

function timed(work) {
  const started = process.hrtime.bigint();
  const value = work();
  return { value, ms: Number(process.hrtime.bigint() - started) / 1e6 };
}

/** The largest template of the platform, as a file. */
function template(file) {
  const [largest] = platform().sort((a, b) => size(b) - size(a));
  fs.writeFileSync(file, JSON.stringify(largest.template, undefined, 1));
  return { file };
}

function size({ template: { Resources } }) {
  return Object.keys(Resources).length;
}

function platform() {
  const { loadAssembly } = require('../dist/lib/analysis/index.js');
  if (!fs.existsSync('cdk.out/manifest.json')) {
    throw new Error('cdk.out is missing: run npm start first');
  }
  return loadAssembly('cdk.out');
}

/** Copies whole assemblies, exports and imports included, so that references stay within each copy. */
function repeated(templates, wanted) {
  const each = templates.reduce((sum, item) => sum + size(item), 0);
  return Array.from({ length: Math.ceil(wanted / each) }, (_, copy) =>
    templates.map((item) => JSON.parse(JSON.stringify(item).replaceAll('palisade-', `palisade${copy}-`))),
  ).flat();
}
