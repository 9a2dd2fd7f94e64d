export { type EnclaveMeasurements, type Generation, loadMeasurements, parseMeasurements } from './measurements';
