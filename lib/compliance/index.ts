export { ANNEX_A, type AnnexAId } from './annex-a';
export { evaluateRules, type RuleFinding, type RuleResult, type TierOf } from './engine';
export { type AcceptedException, ExceptionRegister } from './exception-register';
export {
  Iso42001Checks,
  PACK_NAME,
  RecordedAwsSolutionsChecks,
  RecordedNist80053R5Checks,
  type RuleEvidence,
} from './iso42001-checks';
export { ExceptionRegisterChecks, RegisteredChecks } from './registered-checks';
export type { Crosswalk, Level, MinimalTemplate, Rule, Tier, Verdict, Violation } from './rule';
export { RULES } from './rules';
export { rulesMarkdown } from './rules-document';
