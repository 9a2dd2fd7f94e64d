export { type CheckedOutput, checkOutput, type OutputCheck, type OutputReason, type OutputSettings } from './check';
export { type EncodingContext, encodeFor } from './encode';
