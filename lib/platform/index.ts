export { buildPlatform, type Platform, type PlatformOptions } from './build-platform';
export { PlatformStage, type PlatformStageProps } from './platform-stage';
export { type SynthesisOptions, synthesizePlatform, writeEvidence } from './synthesize';
