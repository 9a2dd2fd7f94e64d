import type { OmittedRule, Rule } from '../../rule';
import { alarmHasAction } from './alarm-has-action';
import { configRecorderCovers } from './config-recorder-covers';
import { guardDutyFeatures } from './guard-duty-features';
import { macieEnabled } from './macie-enabled';
import { securityHubAiStandard } from './security-hub-ai-standard';
import { tamperAlarms } from './tamper-alarms';

/** Rules of what detects and alarms. */
export const DETECTION_RULES: readonly Rule[] = [
  alarmHasAction,
  configRecorderCovers,
  guardDutyFeatures,
  macieEnabled,
  securityHubAiStandard,
  tamperAlarms,
];

/** Proposals that became part of another rule, or none. */
export const DETECTION_OMITTED: readonly OmittedRule[] = [];
