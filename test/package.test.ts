import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '..');

/** What an app team writes, in a folder that knows the package by its name only. */
const APP = `
const { App, Stack } = require('aws-cdk-lib');
const { DatasetVault, KeyRing, Purpose } = require('palisade-cdk/constructs');
const { Iso42001Checks, RULES } = require('palisade-cdk/compliance');
const { TemplateGraph } = require('palisade-cdk/analysis');
const { checkPaths } = require('palisade-cdk/check');
const { findingsOf } = require('palisade-cdk/evidence');
const { loadManifests } = require('palisade-cdk/manifest');
const { synthesizePlatform } = require('palisade-cdk/platform');
const { merkleRoot } = require('palisade-cdk/integrity');
const { verifyAttestation } = require('palisade-cdk/attestation');
const { EnclaveClient } = require('palisade-cdk/client');
const app = new App();
const stack = new Stack(app, 'Own', { env: { region: 'eu-west-1' } });
const keys = new KeyRing(stack, 'Keys', { system: 'own', stage: 'dev', purposes: [Purpose.DATA, Purpose.LOGS] });
new DatasetVault(stack, 'Vault', { keys });
const { template } = app.synth().getStackByName('Own');
const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
const others = [Iso42001Checks, TemplateGraph, checkPaths, findingsOf, loadManifests, synthesizePlatform, merkleRoot, verifyAttestation, EnclaveClient];
console.log(JSON.stringify({ functions: functions.length, rules: RULES.length, others: others.map((other) => typeof other) }));
`;

describe('the packed package, used from another folder', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-package-'));
  const installed = path.join(folder, 'node_modules', 'palisade-cdk');
  const run = (file: string, args: string[]) =>
    execFileSync(file, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, CDK_VALIDATION: 'false' } });

  beforeAll(() => {
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: ROOT });
    const [archive] = fs.readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    fs.mkdirSync(installed, { recursive: true });
    run('tar', ['xzf', archive, '-C', installed, '--strip-components=1']);
    for (const name of ['@hpke', 'aws-cdk-lib', 'constructs', 'cdk-nag', 'jsonc-parser', 'uuid', 'yaml', 'zod']) {
      fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(folder, 'node_modules', name));
    }
  });

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('its subpaths load, and a vault synthesizes with the prebuilt handlers, without esbuild or Docker', () => {
    fs.writeFileSync(path.join(folder, 'app.js'), APP);
    const { functions, rules, others } = JSON.parse(run(process.execPath, ['app.js']));
    expect(functions).toBe(2);
    expect(rules).toBeGreaterThanOrEqual(10);
    expect(others).toEqual(Array(9).fill('function'));
  });

  test('the command synthesizes the manifests that ship with it', () => {
    const command = path.join('node_modules', 'palisade-cdk', 'dist', 'bin', 'palisade.js');
    const manifests = path.join('node_modules', 'palisade-cdk', 'manifests');
    const output = run(process.execPath, [command, 'synth', '--manifests', manifests, '--as-of', '2026-11-24']);
    expect(output).toContain('palisade-dev-foundation');
    expect(fs.existsSync(path.join(folder, 'cdk.out', 'evidence', 'summary.md'))).toBe(true);
  });

  test('it carries no tests, no sources outside dist and nothing with a copyleft licence', () => {
    expect(fs.readdirSync(installed).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'cdk.json',
      'dist',
      'docs',
      'enclave',
      'manifests',
      'package.json',
    ]);
    // A policy of measurements and what an image is built with: no code that Node.js runs.
    expect(fs.readdirSync(path.join(installed, 'enclave')).sort()).toEqual(['images', 'measurements', 'pipeline']);
    expect(fs.readdirSync(path.join(installed, 'dist')).sort()).toEqual([
      'bin',
      'constructs',
      'enclave',
      'lambda',
      'lib',
      'runtime',
    ]);
  });
});
