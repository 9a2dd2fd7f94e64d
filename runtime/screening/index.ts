export { RULES, type ScreeningRule } from './rules';
export { type Change, type Sanitised, sanitise } from './sanitise';
export {
  MAXIMUM_REASONS,
  type Provenance,
  type Reason,
  type ScreenedText,
  type Screening,
  type ScreeningSettings,
  type ScreenVerdict,
  screen,
} from './screen';
