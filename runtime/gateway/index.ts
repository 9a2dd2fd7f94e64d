export { SEALED } from '../enclave-channel/wire';
export { CHAIN } from './chain';
export { BREAKER, type BreakerSettings, type BreakerState, CircuitBreaker } from './circuit-breaker';
export { Exchange, type Step } from './exchange';
export { answerCall } from './gateway';
export { MAXIMUM_BODY } from './json';
export {
  type AuditPorts,
  type DataKey,
  type Detection,
  type Finding,
  type GatewayPorts,
  type GatewaySettings,
  type Guardrail,
  type InjectionDetector,
  type LimitStore,
  type Limits,
  type Model,
  ModelRejected,
  type OutputChecks,
  type Screening,
  type ServedModel,
} from './ports';
export { ROUTES, type Route, routeOf } from './protocols';
export { converseSchema } from './protocols/converse';
export { DATA_TYPES } from './protocols/invocations';
export { chatCompletionSchema } from './protocols/openai';
export { MAXIMUM_CONTEXT, MAXIMUM_INPUT, REQUEST_SCHEMA } from './protocols/palisade';
export type { GatewayCall, Reply } from './protocols/protocol';
export type {
  AnswerEvent,
  Chat,
  Data,
  Finish,
  ModelAnswer,
  Part,
  Provenance,
  Question,
  Side,
  Tool,
  ToolCall,
  Turn,
  Usage,
} from './question';
export { type InferenceRecord, recordBytes, type SealedBodies } from './records/record';
export { keyContext, openBodies, parseSealedBodies, sealBodies } from './records/sealed-bodies';
export { type Decision, Refusal, type RefusalCode } from './refusal';
export { misfit, type Schema } from './schema';
export {
  MAXIMUM_SEALED,
  relaySealed,
  type SealedAnswer,
  type SealedCall,
  type SealedPorts,
  type SealedRequest,
} from './sealed';
export { FLAG_AGES, type FlagAges, StopFlag } from './stop-flag';
