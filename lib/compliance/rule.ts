import type { GraphResource, TemplateGraph } from '../analysis';
import type { AnnexAId } from './annex-a';

/** How much an AI system can harm; decides how severe a finding is. */
export type Tier = 'minimal' | 'limited' | 'high';

/** Severity of a finding. A warning never fails a synth. */
export type Level = 'warning' | 'error';

/** One way in which a resource breaks a rule. */
export interface Violation {
  /** Path of the property within the resource's Properties. */
  readonly property: string;
  /** What was found and what is expected. */
  readonly message: string;
  /** The value is known only at deployment, so the rule could not be proven. */
  readonly unresolved?: boolean;
}

/** What a rule says of one resource. An empty list is compliance; `undefined` means that the rule does not apply to it. */
export type Verdict = readonly Violation[] | undefined;

/** Where else a requirement stands, by catalogue. */
export interface Crosswalk {
  readonly securityHub?: readonly string[];
  readonly nist80053?: readonly string[];
  readonly nistAiRmf?: readonly string[];
  readonly euAiAct?: readonly string[];
  readonly owasp?: readonly string[];
  readonly atlas?: readonly string[];
}

/** Resources of a minimal template, by logical id. */
export type MinimalTemplate = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** One rule: its registry entry, its check, and the two templates that prove it. */
export interface Rule {
  /** Name without the pack's prefix. */
  readonly id: string;
  /** Resource types it judges. */
  readonly appliesTo: readonly string[];
  readonly level: Readonly<Record<Tier, Level>>;
  /** Controls of ISO/IEC 42001:2023 Annex A that it gives evidence for. */
  readonly annexA: readonly AnnexAId[];
  readonly crosswalk: Crosswalk;
  readonly why: string;
  readonly fix: string;
  /** Pure: no clock, no I/O, no exception. */
  readonly check: (resource: GraphResource, graph: TemplateGraph) => Verdict;
  readonly compliant: MinimalTemplate;
  readonly nonCompliant: MinimalTemplate;
}

/** Levels of a rule that is an error from the limited tier on. */
export const ERROR_FROM_LIMITED = { minimal: 'warning', limited: 'error', high: 'error' } as const;

/** Levels of a rule that is always an error. */
export const ALWAYS_ERROR = { minimal: 'error', limited: 'error', high: 'error' } as const;
