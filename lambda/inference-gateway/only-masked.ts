/**
 * Whether a guardrail did nothing but mask personal data.
 *
 * Every policy of an assessment reports an `action`; what is not known to be masking counts as blocking, so that a
 * new kind of action, or an assessment that is missing, stops the message.
 */
export function onlyMasked(assessments: unknown): boolean {
  return actionsIn(assessments).includes('ANONYMIZED') && !blocks(assessments);
}

/** Whether an assessment reports an action that is not known to let the text pass. */
export function blocks(assessments: unknown): boolean {
  return actionsIn(assessments).some((action) => action !== 'ANONYMIZED' && action !== 'NONE');
}

function actionsIn(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([name, part]) => (name === 'action' ? [part] : actionsIn(part)));
}
