export type { Format } from './formats';
export { DEFAULT_SCAN_LIMITS, type ScanLimits } from './limits';
export { readMember } from './read-member';
export { type ScanOptions, type ScanReport, scanArtifact } from './scan';
export { SCAN_CODES, type ScanFinding, ScanStop, type Verdict } from './verdict';
