import type { OmittedRule, Rule } from '../../rule';
import { logGroupCmk } from './log-group-cmk';
import { logGroupProtected } from './log-group-protected';
import { logGroupRetention } from './log-group-retention';
import { logsForwarded } from './logs-forwarded';
import { trailDataEvents } from './trail-data-events';
import { trailInsights } from './trail-insights';
import { trailIntegrity } from './trail-integrity';

/** Rules of logs and audit trails. */
export const LOGGING_RULES: readonly Rule[] = [
  logGroupCmk,
  logGroupProtected,
  logGroupRetention,
  logsForwarded,
  trailDataEvents,
  trailInsights,
  trailIntegrity,
];

/** Proposals that became part of another rule, or none. */
export const LOGGING_OMITTED: readonly OmittedRule[] = [];
