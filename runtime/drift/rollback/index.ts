export { type Candidate, type Facts, nextStep, type Step } from './decision';
export {
  DRIFT_EVENT,
  type DriftEvent,
  INCIDENT_KEY,
  type Incident,
  type RollbackDecision,
  type RollbackPorts,
  rollBack,
} from './rollback';
export { answersAsExpected, parseSmokeSet, type SmokeRecord } from './smoke';
