export { buildEif, type EifParts } from './build';
export type { ImageMeasurements } from './measure';
export { type EifDescription, readEif } from './read';
