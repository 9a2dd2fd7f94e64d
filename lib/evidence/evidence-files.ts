import type { Rule } from '../compliance/rule';
import type { StackInventory } from './inventory';
import { markdownTable } from './markdown';
import { assessmentResults, componentDefinition } from './oscal';
import type { RuleResult } from './rule-results';
import { statementCsv, statementMarkdown } from './statement-formats';
import type { StatementOfApplicability } from './statement-of-applicability';
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
  /** Per rule of the ISO 42001 pack: what was compliant, violated, accepted and not applicable. */
  readonly rules: readonly RuleResult[];
  readonly statement: StatementOfApplicability;
  /** The registry of the pack. */
  readonly registry: readonly Rule[];
  /** Version of this package. */
  readonly version: string;
}

/** Files of `cdk.out/evidence/` by name. The same input gives the same bytes. */
export function evidenceFiles(input: EvidenceInput): Record<string, string> {
  const { organization, asOf } = input.summary;
  const facts = { organization, asOf, version: input.version };
  return {
    'exceptions.json': json(input.exceptions),
    'findings.json': json(input.findings),
    'inventory.json': json(input.inventory),
    'oscal-assessment-results.json': json(assessmentResults(input.statement, input.rules, facts)),
    'oscal-component-definition.json': json(componentDefinition(input.registry, facts)),
    'rules.json': json(input.rules),
    'statement-of-applicability.csv': statementCsv(input.statement),
    'statement-of-applicability.json': json(input.statement),
    'statement-of-applicability.md': statementMarkdown(input.statement),
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
    ...markdownTable(
      ['Pack', 'Errors', 'Warnings', 'Accepted'],
      summary.packs.map((pack) => [pack.pack, pack.errors, pack.warnings, pack.accepted]),
    ),
    '',
    '## Open findings',
    '',
    ...orNone(
      markdownTable(
        ['Severity', 'Rule', 'Resource', 'What'],
        open.map((finding) => [finding.severity, finding.rule, finding.constructPath, finding.description]),
      ),
      open.length,
    ),
    '',
    '## Accepted findings',
    '',
    ...orNone(
      markdownTable(
        ['Rule', 'Resource', 'Exception'],
        accepted.map((finding) => [finding.rule, finding.constructPath, finding.accepted ?? '']),
      ),
      accepted.length,
    ),
    '',
    '## Exception register',
    '',
    ...orNone(
      markdownTable(
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
    ...markdownTable(
      ['Stack', 'Resources'],
      summary.stacks.map(({ stack, resources }) => [stack, resources]),
    ),
  ].join('\n')}\n`;
}

function orNone(lines: string[], count: number): string[] {
  return count === 0 ? ['None.'] : lines;
}
