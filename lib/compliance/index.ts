export { ANNEX_A, type AnnexAId } from './annex-a';
export { conformancePack } from './conformance-pack';
export { type CheckRule, type RequirementRule, rule } from './define-rule';
export { evaluateRules, type RuleFinding, type RuleResult, type TierOf } from './engine';
export { type AcceptedException, ExceptionRegister } from './exception-register';
export { guardPolicy } from './guard-policy';
export {
  Iso42001Checks,
  type Iso42001ChecksProps,
  RecordedAwsSolutionsChecks,
  RecordedNist80053R5Checks,
  type RuleEvidence,
} from './iso42001-checks';
export { PACK_NAME } from './pack-name';
export { ExceptionRegisterChecks, RegisteredChecks } from './registered-checks';
export type { Crosswalk, Level, MinimalTemplate, OmittedRule, Rule, Tier, Verdict, Violation } from './rule';
export { OMITTED, RULES } from './rules';
export { rulesJson, rulesMarkdown, rulesTable } from './rules-document';
export { rulesOfLevel } from './rules-of-level';
