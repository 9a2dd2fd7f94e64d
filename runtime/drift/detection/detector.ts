import { type DetectionOptions, type Detector, requireOptions } from './options';
import { SequentialDetector } from './sequential';
import { WindowedDetector } from './windowed';

/** A detector of changes in one series. Throws PALISADE-F001 for options that make no chart. */
export function detector(options: DetectionOptions): Detector {
  requireOptions(options);
  return options.chart === 'psi' || options.chart === 'ks'
    ? new WindowedDetector(options)
    : new SequentialDetector(options);
}
