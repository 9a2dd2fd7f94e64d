import type { StackInventory } from './inventory';
import type { PlatformSummary } from './summary';
import type { Finding } from './validation-report';

/** An entry of the exception register, as far as the documents show it. */
export interface RegisteredException {
  readonly id: string;
  readonly owner: string;
  readonly approver: string;
  readonly ticket: string;
  readonly residualRisk: string;
  readonly expires: string;
}

/** What the evidence of one synthesis is made from. */
export interface EvidenceInput {
  readonly summary: PlatformSummary;
  readonly findings: readonly Finding[];
  readonly inventory: readonly StackInventory[];
  /** The register's entries, as they stand in the manifests. */
  readonly exceptions: readonly RegisteredException[];
  /** Positive evidence: per rule of the ISO 42001 pack, what was compliant, violated and not applicable. */
  readonly rules: readonly object[];
}

/** Files of `cdk.out/evidence/` by name. The same input gives the same bytes. */
export function evidenceFiles(input: EvidenceInput): Record<string, string> {
  return {
    'exceptions.json': json(input.exceptions),
    'findings.json': json(input.findings),
    'inventory.json': json(input.inventory),
    'rules.json': json(input.rules),
    'summary.json': json(input.summary),
    'summary.md': summaryMarkdown(input),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function summaryMarkdown({ summary, findings, exceptions }: EvidenceInput): string {
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const accepted = findings.filter((finding) => finding.accepted !== undefined);
  return `${[
    `# Synthesis of ${summary.organization}, as of ${summary.asOf}`,
    '',
    `Stages ${summary.stages.join(', ')}: ${summary.stacks.length} stacks, ${summary.resources} resources.`,
    '',
    ...table(
      ['Pack', 'Errors', 'Warnings', 'Accepted'],
      summary.packs.map((pack) => [pack.pack, pack.errors, pack.warnings, pack.accepted]),
    ),
    '',
    '## Open findings',
    '',
    ...orNone(
      table(
        ['Severity', 'Rule', 'Resource', 'What'],
        open.map((finding) => [finding.severity, finding.rule, finding.constructPath, finding.description]),
      ),
      open.length,
    ),
    '',
    '## Accepted findings',
    '',
    ...orNone(
      table(
        ['Rule', 'Resource', 'Exception'],
        accepted.map((finding) => [finding.rule, finding.constructPath, finding.accepted ?? '']),
      ),
      accepted.length,
    ),
    '',
    '## Exception register',
    '',
    ...orNone(
      table(
        ['Id', 'Owner', 'Approver', 'Ticket', 'Residual risk', 'Expires'],
        exceptions.map(({ id, owner, approver, ticket, residualRisk, expires }) => [
          id,
          owner,
          approver,
          ticket,
          residualRisk,
          expires,
        ]),
      ),
      exceptions.length,
    ),
    '',
    '## Stacks',
    '',
    ...table(
      ['Stack', 'Resources'],
      summary.stacks.map(({ stack, resources }) => [stack, resources]),
    ),
  ].join('\n')}\n`;
}

function orNone(lines: string[], count: number): string[] {
  return count === 0 ? ['None.'] : lines;
}

function table(header: string[], rows: (string | number)[][]): string[] {
  const line = (cells: (string | number)[]) => `| ${cells.map((cell) => escapeCell(String(cell))).join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)];
}

/** Keeps a cell within its cell: findings carry names from templates, which are untrusted text. */
function escapeCell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|<>]/g, (character) => `\\${character}`);
}
