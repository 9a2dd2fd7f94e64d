import type { GraphResource, TemplateGraph } from '../analysis';
import type { AnnexAId } from './annex-a';

/** How much an AI system can harm; decides how severe a finding is. */
export type Tier = 'minimal' | 'limited' | 'high';

/** Severity of a finding. A warning never fails a synth. */
export type Level = 'warning' | 'error';

/** One way in which a resource breaks a rule. */
export interface Violation {
  /** Dotted path of the property within the resource's Properties; items of lists by number. */
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
  /** Controls of AWS Security Hub, such as `SageMaker.5`. */
  readonly securityHub?: readonly string[];
  /** Controls of NIST SP 800-53 revision 5. */
  readonly nist80053?: readonly string[];
  /** Subcategories of the NIST AI Risk Management Framework 1.0. */
  readonly nistAiRmf?: readonly string[];
  /** Articles of Regulation (EU) 2024/1689. */
  readonly euAiAct?: readonly string[];
  /** OWASP Top 10 for LLM applications 2025 (`LLM01:2025`) and for agentic applications 2026 (`ASI01`). */
  readonly owasp?: readonly string[];
  /** Techniques of MITRE ATLAS. */
  readonly atlas?: readonly string[];
}

/** Resources of a minimal template, by logical id. */
export type MinimalTemplate = Readonly<
  Record<
    string,
    {
      readonly Type: string;
      readonly Properties?: object;
      readonly DeletionPolicy?: string;
      readonly UpdateReplacePolicy?: string;
    }
  >
>;

/** Where a rule looks: at any stack, or only at what belongs to an AI system. */
export type Scope = 'any' | 'ai';

/** The rule in the language of CloudFormation Guard, for templates that do not pass this engine. */
export type GuardForm =
  /** Guard's clauses for one resource of each type. */
  | { readonly clauses: Readonly<Record<string, string>> }
  /** Why Guard cannot express the rule. */
  | { readonly beyond: string };

/** One rule: its registry entry, its check, and the two templates that prove it. */
export interface Rule {
  /** Name without the pack's prefix. */
  readonly id: string;
  /** Resource types it judges. */
  readonly appliesTo: readonly string[];
  readonly scope: Scope;
  /** Whether what it asks for notices a fault, such as a log or an alarm; otherwise it prevents one. */
  readonly detects: boolean;
  readonly level: Readonly<Record<Tier, Level>>;
  /** Controls of ISO/IEC 42001:2023 Annex A that it gives evidence for. */
  readonly annexA: readonly AnnexAId[];
  readonly crosswalk: Crosswalk;
  /** What goes wrong without it, in one sentence. */
  readonly why: string;
  /** What to change, in one sentence. */
  readonly fix: string;
  /**
   * Properties that it protects, as dotted paths: who weakens one is found by this rule. `*` stands for any item of a list,
   * `Deny.` leads to the condition key or the action of a denial, and a type stands for a resource that has to be there.
   */
  readonly claims: readonly string[];
  /** Pure: no clock, no I/O, no exception. */
  readonly check: (resource: GraphResource, graph: TemplateGraph) => Verdict;
  readonly guard: GuardForm;
  /** Identifiers of AWS Config managed rules that check the same of what is deployed. */
  readonly configRules: readonly string[];
  readonly compliant: MinimalTemplate;
  readonly nonCompliant: MinimalTemplate;
}

/** Levels of a rule that is an error from the limited tier on. */
export const ERROR_FROM_LIMITED = { minimal: 'warning', limited: 'error', high: 'error' } as const;

/** Levels of a rule that is an error for high impact only. */
export const ERROR_FROM_HIGH = { minimal: 'warning', limited: 'warning', high: 'error' } as const;

/** Levels of a rule that is always an error. */
export const ALWAYS_ERROR = { minimal: 'error', limited: 'error', high: 'error' } as const;

/** Levels of a rule that only recommends. */
export const ALWAYS_WARNING = { minimal: 'warning', limited: 'warning', high: 'warning' } as const;

/** A proposed rule that the pack does not have under this id. */
export interface OmittedRule {
  /** Id of the proposal in the design's catalogue of 186 rules. */
  readonly id: string;
  /** Rules that cover it, in whole or in part. @default - none */
  readonly coveredBy?: readonly string[];
  /** Why it was merged or dropped. */
  readonly reason: string;
}
