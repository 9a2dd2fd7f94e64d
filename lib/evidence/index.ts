export { type Declaration, declarationsOf } from './declarations';
export { type EvidenceInput, evidenceFiles } from './evidence-files';
export { inventory, type NamedTemplate, type StackInventory } from './inventory';
export { assessmentResults, componentDefinition, type DocumentFacts } from './oscal';
export { type RuleResult, ruleResults } from './rule-results';
export { statementCsv, statementMarkdown } from './statement-formats';
export {
  type ApplicabilityInput,
  type ControlRow,
  type ControlStatus,
  type Exclusion,
  type StatementOfApplicability,
  statementOfApplicability,
} from './statement-of-applicability';
export { type PlatformSummary, screen, summarize } from './summary';
export { type Finding, findingsOf, type ValidationReport } from './validation-report';
