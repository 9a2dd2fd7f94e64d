import { actionCovers } from '../../statements';

/** Actions of services, ready to be compared with those of policies. */
export type ActionSet = ReadonlyMap<string, readonly string[]>;

/** Prepares actions such as `s3:GetObject`. */
export function actionSet(...actions: readonly string[]): ActionSet {
  const byService = new Map<string, string[]>();
  for (const action of actions.map((name) => name.toLowerCase())) {
    byService.set(serviceOf(action), [...(byService.get(serviceOf(action)) ?? []), action]);
  }
  return byService;
}

/** The first action of a policy that covers one of the set. Most have no wildcard, and comparing texts is cheap. */
export function firstCovering(patterns: readonly string[], actions: ActionSet): string | undefined {
  return patterns.find((pattern) => covers(pattern.toLowerCase(), actions));
}

function covers(pattern: string, actions: ActionSet): boolean {
  if (!/[*?]/.test(pattern)) {
    return actions.get(serviceOf(pattern))?.includes(pattern) ?? false;
  }
  const service = serviceOf(pattern);
  const candidates = /[*?]/.test(service) ? [...actions.values()].flat() : (actions.get(service) ?? []);
  return candidates.some((action) => actionCovers(pattern, action));
}

function serviceOf(action: string): string {
  return action.split(':')[0];
}
