/** Prefix of the pack's rules in CDK's report and in the exception register. */
export const PACK_NAME = 'ISO42001';

/** A rule's name in CDK's report. */
export function ruleName(id: string): string {
  return `${PACK_NAME}-${id}`;
}

/** A finding's name in CDK's report: what only a deployment knows is told apart, and so accepted apart. */
export function findingName(id: string, unresolved = false): string {
  return unresolved ? `${ruleName(id)}[unresolved]` : ruleName(id);
}
