import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { packageRoot } from '../../constructs/workload';
import { loadAssembly } from '../analysis';
import { checkTemplates, contextOf, junitReport, packageVersion, sarifReport } from '../check';
import { PACK_NAME, RULES } from '../compliance';
import {
  declarationsOf,
  evidenceFiles,
  findingsOf,
  inventory,
  type PlatformSummary,
  ruleResults,
  statementOfApplicability,
  summarize,
  type ValidationReport,
} from '../evidence';
import { buildPlatform, type Platform, type PlatformOptions } from './build-platform';

/** How `synthesizePlatform` runs. */
export interface SynthesisOptions extends PlatformOptions {
  /** Folder that receives the assembly; replaced as a whole when synthesis ends. */
  readonly outdir: string;
  /** Context beside this package's `cdk.json`. @default - none */
  readonly context?: Record<string, unknown>;
  /** Called before each phase. @default - silent */
  readonly progress?: (phase: string) => void;
}

/**
 * Builds, synthesizes and checks the platform, and writes assembly and evidence to `outdir`.
 *
 * Findings do not throw: the caller reads `errors` of the summary. The assembly is made beside `outdir` and moved
 * there at the end, so a synthesis that fails leaves the last good one untouched.
 */
export function synthesizePlatform(options: SynthesisOptions): PlatformSummary {
  const progress = options.progress ?? (() => {});
  const partial = `${path.resolve(options.outdir)}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  try {
    progress('Reading manifests, building stacks');
    const app = new App({ outdir: partial, context: { ...cdkContext(), ...options.context, ...SYNTHESIS_CONTEXT } });
    const platform = buildPlatform(app, options);
    progress('Synthesizing and checking templates');
    const summary = writeEvidence(app.synth(), platform);
    fs.rmSync(options.outdir, { recursive: true, force: true });
    fs.renameSync(partial, options.outdir);
    return summary;
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
}

/**
 * The summary tells the caller what failed, so CDK shall not print its own report and throw. Construct paths go into
 * the templates, as the CLI puts them there: findings are mapped back by them.
 */
const SYNTHESIS_CONTEXT = { '@aws-cdk/core:failSynthOnValidationErrors': false, 'aws:cdk:enable-path-metadata': true };

/** Everything that judges, shown even when it found nothing. The fourth is CDK's own, on unless CDK_VALIDATION=false. */
const PACKS = ['AwsSolutions', 'NIST.800.53.R5', PACK_NAME, 'CloudFormation Validate', 'ExceptionRegister'];

function cdkContext(): Record<string, unknown> {
  return JSON.parse(fs.readFileSync(path.join(packageRoot(), 'cdk.json'), 'utf8')).context;
}

/** Writes `evidence/` into a synthesized assembly, from CDK's validation report and the templates. */
export function writeEvidence(assembly: CloudAssembly, platform: Platform): PlatformSummary {
  const report = readReport(assembly.directory);
  const findings = findingsOf(report);
  const stacks = inventory(
    assembly.stacksRecursively.map(({ stackName, template }) => ({ stack: stackName, template })),
  );
  const { manifests, asOf, stages } = platform;
  const summary = summarize({
    organization: manifests.organization.name,
    asOf,
    stages,
    stacks,
    packs: PACKS,
    findings,
    exceptions: manifests.exceptions,
    declaredOnly: manifests.systems.filter((system) => Object.keys(system.stages).length === 0).map(({ id }) => id),
  });
  const rules = ruleResults(platform.iso42001.evidence(), findings);
  const files = {
    ...evidenceFiles({
      summary,
      findings,
      inventory: stacks,
      exceptions: manifests.exceptions,
      rules,
      statement: statementOfApplicability({
        organization: manifests.organization.name,
        asOf,
        owner: manifests.organization.roles.accountableExecutive,
        rules,
        declarations: declarationsOf(manifests),
        exclusions: manifests.organization.exclusions,
      }),
      registry: RULES,
      version: packageVersion(),
    }),
    ...checkReports(assembly.directory),
  };
  const folder = path.join(assembly.directory, 'evidence');
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), content);
  }
  return summary;
}

/** What `palisade check` says of the assembly, for code scanning and test reports. */
function checkReports(directory: string): Record<string, string> {
  const { findings, ...counts } = checkTemplates(loadAssembly(directory), RULES, contextOf([directory]));
  // Named from the assembly, so that the evidence is the same wherever it is written.
  const report = {
    ...counts,
    findings: findings.map((item) => ({ ...item, file: path.relative(directory, item.file) })),
  };
  return {
    'findings.junit.xml': `${junitReport(report)}\n`,
    'findings.sarif': `${sarifReport(report, { version: packageVersion() })}\n`,
  };
}

/** CDK writes no report when no plugin had anything to say. */
function readReport(directory: string): ValidationReport {
  const file = path.join(directory, 'validation-report.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { pluginReports: [] };
}
