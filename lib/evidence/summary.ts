import type { StackInventory } from './inventory';
import type { Finding } from './validation-report';

/** An exception, as far as a summary shows it. */
export interface SummaryException {
  readonly id: string;
  readonly expires: string;
}

/** Findings of one pack by severity. */
export interface PackSummary {
  readonly pack: string;
  readonly errors: number;
  readonly warnings: number;
  readonly accepted: number;
}

/** What `npm start` shows: counts only, made from the same data as the evidence files. */
export interface PlatformSummary {
  readonly organization: string;
  /** The day of the check, `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly stages: readonly string[];
  readonly stacks: readonly StackInventory[];
  readonly resources: number;
  readonly packs: readonly PackSummary[];
  readonly errors: number;
  /** The first open errors, as `rule at construct/path`. */
  readonly openErrors: readonly string[];
  readonly exceptions: readonly SummaryException[];
  /** AI systems that are declared but deployed to no stage. */
  readonly declaredOnly: readonly string[];
}

/** What a summary is made from. */
export interface SummaryInput {
  readonly organization: string;
  readonly asOf: string;
  readonly stages: readonly string[];
  readonly stacks: readonly StackInventory[];
  /** Packs that ran, in the order to show them. */
  readonly packs: readonly string[];
  readonly findings: readonly Finding[];
  readonly exceptions: readonly SummaryException[];
  readonly declaredOnly: readonly string[];
}

/** How many open errors fit on the screen. */
const SHOWN_ERRORS = 10;

/** Counts findings by pack and severity. */
export function summarize(input: SummaryInput): PlatformSummary {
  const names = [...new Set([...input.packs, ...input.findings.map(({ pack }) => pack)])];
  const packs = names.map((pack) =>
    packSummary(
      pack,
      input.findings.filter((finding) => finding.pack === pack),
    ),
  );
  return {
    organization: input.organization,
    asOf: input.asOf,
    stages: input.stages,
    stacks: input.stacks,
    resources: sum(input.stacks.map(({ resources }) => resources)),
    packs,
    errors: sum(packs.map(({ errors }) => errors)),
    openErrors: input.findings
      .filter((finding) => finding.accepted === undefined && isError(finding))
      .slice(0, SHOWN_ERRORS)
      .map(({ rule, constructPath }) => `${rule} at ${constructPath || 'the register'}`),
    exceptions: input.exceptions.map(({ id, expires }) => ({ id, expires })),
    declaredOnly: input.declaredOnly,
  };
}

function packSummary(pack: string, findings: readonly Finding[]): PackSummary {
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const errors = open.filter(isError).length;
  return { pack, errors, warnings: open.length - errors, accepted: findings.length - open.length };
}

function isError({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'fatal';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Draws the summary for a terminal: one screen of at most 80 columns beside the stack list. */
export function screen(summary: PlatformSummary, outdir: string): string {
  const stackWidth = Math.max(5, ...summary.stacks.map(({ stack }) => stack.length));
  const packWidth = Math.max(8, ...summary.packs.map(({ pack }) => pack.length));
  return [
    `Palisade   ${summary.organization}   as of ${summary.asOf}   stages ${summary.stages.join(', ')}`,
    '',
    `${'Stack'.padEnd(stackWidth)}  Resources`,
    ...summary.stacks.map(({ stack, resources }) => `${stack.padEnd(stackWidth)}  ${String(resources).padStart(9)}`),
    `${`${summary.stacks.length} stacks`.padEnd(stackWidth)}  ${String(summary.resources).padStart(9)}`,
    ...summary.declaredOnly.map((id) => `${id}: declared, deployed to no stage`),
    '',
    `${'Findings'.padEnd(packWidth)}  Errors  Warnings  Accepted`,
    ...summary.packs.map(
      ({ pack, errors, warnings, accepted }) =>
        `${pack.padEnd(packWidth)}  ${String(errors).padStart(6)}  ${String(warnings).padStart(8)}  ${String(accepted).padStart(8)}`,
    ),
    exceptionLine(summary),
    ...summary.openErrors.map((error) => `  ${error}`),
    ...(summary.errors > summary.openErrors.length ? [`  and ${summary.errors - summary.openErrors.length} more`] : []),
    '',
    `Evidence   ${outdir}/evidence/summary.md`,
    `Report     ${outdir}/validation-report.json`,
    'Deploy     npx cdk deploy --all -c stage=dev',
  ].join('\n');
}

function exceptionLine({ exceptions, resources }: PlatformSummary): string {
  if (exceptions.length === 0) {
    return 'Exceptions  none';
  }
  const next = [...exceptions].sort((a, b) => a.expires.localeCompare(b.expires))[0];
  const perException = Math.floor(resources / exceptions.length);
  return `Exceptions  ${exceptions.length}, one per ${perException} resources; next to expire: ${next.id} on ${next.expires}`;
}
