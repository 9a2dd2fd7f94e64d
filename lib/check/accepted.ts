import * as fs from 'node:fs';
import * as path from 'node:path';
import { ExceptionRegister } from '../compliance/exception-register';
import { findingName, PACK_NAME } from '../compliance/pack-name';
import type { Finding } from './finding';

/** Why a finding is accepted; undefined where it is not. */
export type AcceptedReason = (finding: Finding) => string | undefined;

/** What the synthesis of an assembly accepted, from its `validation-report.json`: nothing, where there is none. */
export function acceptedBySynthesis(directory: string): AcceptedReason {
  const report = readReport(path.join(directory, 'validation-report.json'));
  const suppressed = report.pluginReports
    .filter(({ pluginName }) => pluginName === PACK_NAME)
    .flatMap(({ suppressedViolations = [] }) => suppressedViolations);
  const reasons = new Map(
    suppressed.flatMap(({ ruleName, reason = '', violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => [`${ruleName} ${constructPath}`, reason]),
    ),
  );
  return (finding) => reasons.get(`${findingName(finding.rule, finding.unresolved)} ${finding.path}`);
}

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly suppressedViolations?: readonly {
      readonly ruleName: string;
      readonly reason?: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

function readReport(file: string): Report {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { pluginReports: [] };
}

/** What the exception register accepts on a day. Throws ManifestError for a register that is not in order. */
export async function acceptedByRegister(file: string, asOf: string): Promise<AcceptedReason> {
  // Loaded only here: zod and yaml would double the start of a command that mostly runs without a register.
  const { loadExceptions } = await import('../manifest/load-manifests.js');
  const register = new ExceptionRegister(loadExceptions(file, { asOf }), asOf);
  return (finding) => {
    const entry = register.accept(`${PACK_NAME}::${findingName(finding.rule, finding.unresolved)}`, finding.path);
    return (
      entry && `${entry.id}: ${entry.reason} (approved by ${entry.approver}, ${entry.ticket}, until ${entry.expires})`
    );
  };
}
