export type { AiSystem, EnclaveServing } from './ai-system';
export { MANIFEST_CODES, type ManifestCode } from './codes';
export type { ExceptionEntry } from './exceptions';
export {
  IMPACT_TIERS,
  type ImpactTier,
  RISK_LEVELS,
  type RiskLevel,
  STAGE_NAMES,
  type StageName,
} from './fields';
export { classifyImpact, type ImpactAnswers, type ImpactClassification } from './impact';
export { jsonSchemas } from './json-schema';
export { type LoadOptions, loadManifests, type Manifests } from './load-manifests';
export { ManifestError } from './manifest-error';
export type { Organization, Stage } from './organization';
export { isServiceAbsent, partitionOf, type RegionalService } from './regions';
