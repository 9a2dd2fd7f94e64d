import { ANNEX_A } from '../compliance/annex-a';
import { type Declaration, holds } from './declarations';
import type { RuleResult } from './rule-results';

/**
 * How a control stands. `enforced`: resources prevent its breach, and rules proved it; `detected`: something notices;
 * `declared`: a person stated it in a manifest; `absent`: nothing shows it.
 */
export type ControlStatus = 'enforced' | 'detected' | 'declared' | 'absent';

/** A control that the organization leaves out, and why. */
export interface Exclusion {
  readonly control: string;
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
}

/** One rule's share in a control's evidence. */
export interface RuleLink {
  readonly rule: string;
  readonly compliant: number;
  readonly openErrors: number;
  readonly accepted: number;
}

/** One control of Annex A. */
export interface ControlRow {
  readonly id: string;
  readonly title: string;
  readonly applicable: boolean;
  /** Why it applies, or why it is left out. */
  readonly justification: string;
  readonly status: ControlStatus;
  /** Applicable, and without evidence or with open errors: what an auditor will ask about. */
  readonly gap: boolean;
  /** What the gap is. @default - there is none */
  readonly gapReason?: string;
  readonly owner: string;
  readonly rules: readonly RuleLink[];
  /** Construct paths of the resources that the rules found compliant, sorted. */
  readonly resources: readonly string[];
  readonly declarations: readonly Declaration[];
}

/** The Statement of Applicability of ISO/IEC 42001, clause 6.1.3: all 38 controls. */
export interface StatementOfApplicability {
  readonly organization: string;
  readonly asOf: string;
  readonly controls: readonly ControlRow[];
}

/** What a Statement of Applicability is made from. */
export interface ApplicabilityInput {
  readonly organization: string;
  readonly asOf: string;
  /** Who answers for a control that nobody declares. */
  readonly owner: string;
  readonly rules: readonly RuleResult[];
  readonly declarations: readonly Declaration[];
  readonly exclusions: readonly Exclusion[];
}

/** Judges every control by its evidence. A claim without evidence is a gap, and so is evidence with open errors. */
export function statementOfApplicability(input: ApplicabilityInput): StatementOfApplicability {
  const controls = Object.entries(ANNEX_A).map(([id, title]) => controlRow(id, title, input));
  return { organization: input.organization, asOf: input.asOf, controls };
}

function controlRow(id: string, title: string, input: ApplicabilityInput): ControlRow {
  const exclusion = input.exclusions.find(({ control }) => control === id);
  const rules = input.rules.filter(
    ({ annexA, compliant, openErrors, accepted }) =>
      annexA.includes(id) && compliant.length + openErrors + accepted > 0,
  );
  const declarations = input.declarations.filter(({ control }) => control === id);
  const status = statusOf(
    rules,
    declarations.filter((declaration) => holds(declaration, input.asOf)),
  );
  const gapReason = exclusion ? undefined : gapOf(status, rules);
  return {
    id,
    title,
    applicable: exclusion === undefined,
    justification: exclusion
      ? `${exclusion.reason} (approved by ${exclusion.approver})`
      : 'Within the scope of the AI systems of this assembly.',
    status,
    gap: gapReason !== undefined,
    ...(gapReason !== undefined && { gapReason }),
    owner: exclusion?.owner ?? declarations[0]?.owner ?? input.owner,
    rules: rules.map(({ rule, compliant, openErrors, accepted }) => ({
      rule,
      compliant: compliant.length,
      openErrors,
      accepted,
    })),
    resources: [...new Set(rules.flatMap(({ compliant }) => compliant))].sort(),
    declarations,
  };
}

/** Only a rule that judged something and found no open error counts. */
function statusOf(rules: readonly RuleResult[], declarations: readonly Declaration[]): ControlStatus {
  const proven = rules.filter(({ compliant, openErrors }) => compliant.length > 0 && openErrors === 0);
  if (proven.some(({ detects }) => !detects)) {
    return 'enforced';
  }
  if (proven.length > 0) {
    return 'detected';
  }
  return declarations.length > 0 ? 'declared' : 'absent';
}

function gapOf(status: ControlStatus, rules: readonly RuleResult[]): string | undefined {
  const open = rules.filter(({ openErrors }) => openErrors > 0).map(({ rule }) => rule);
  if (open.length > 0) {
    return `Open errors of ${open.join(', ')}.`;
  }
  return status === 'absent' ? 'No rule, resource or record gives evidence.' : undefined;
}
