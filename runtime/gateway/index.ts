export { SEALED } from '../enclave-channel/wire';
export {
  answerCall,
  type GatewayAnswer,
  type GatewayCall,
  type GatewayPorts,
  type InferenceRecord,
  type Model,
  type Screen,
  type Side,
} from './gateway';
export { type InferenceRequest, MAXIMUM_CONTEXT, MAXIMUM_INPUT, parseRequest, REQUEST_SCHEMA } from './request';
export {
  MAXIMUM_SEALED,
  relaySealed,
  type SealedAnswer,
  type SealedCall,
  type SealedPorts,
  type SealedRequest,
} from './sealed';
