/**
 * How long the record of an AI system is kept at least: six months (Regulation (EU) 2024/1689, Articles 19(1) and 26(6)).
 * CloudWatch Logs offers 180 days and then 365, so 180 days count as six months.
 */
export const RECORD_DAYS = 180;
