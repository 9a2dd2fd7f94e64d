export {
  type CheckContext,
  type CheckReport,
  type CheckSummary,
  checkTemplates,
  mergeReports,
  type RuleCount,
} from './check';
export { type CheckOptions, checkPaths, contextOf, type Judgement } from './check-paths';
export { explain } from './explain';
export { type Finding, fingerprint, type Place } from './finding';
export { jsonReport } from './formats/json';
export { junitReport } from './formats/junit';
export { markdownReport } from './formats/markdown';
export { type SarifTool, sarifReport } from './formats/sarif';
export { textReport } from './formats/text';
export { packageVersion } from './package-version';
