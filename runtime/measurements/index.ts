export {
  type EnclaveMeasurements,
  type Generation,
  loadMeasurements,
  measurementsText,
  parseMeasurements,
} from './measurements';
