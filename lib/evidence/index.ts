export { type EvidenceInput, evidenceFiles } from './evidence-files';
export { inventory, type NamedTemplate, type StackInventory } from './inventory';
export { type PlatformSummary, screen, summarize } from './summary';
export { type Finding, findingsOf, type ValidationReport } from './validation-report';
