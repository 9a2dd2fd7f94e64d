export { detector } from './detector';
export {
  type Alarm,
  ARL0,
  BASELINE,
  type ChartKind,
  type DetectionOptions,
  type Detector,
  FEWEST_ROWS,
  MOST_ROWS,
  SEQUENTIAL,
  WINDOW,
  WINDOWED,
} from './options';
export { type ColumnAlarm, type WatchOptions, watchTable } from './watch';
