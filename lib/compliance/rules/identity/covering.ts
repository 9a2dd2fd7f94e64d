import { memoizedByText } from '../../../analysis';
import { actionCovers } from '../../statements';

/** Whether an action of a policy, which may hold wildcards, covers one of a set of actions. */
export type ActionSet = (pattern: string) => boolean;

/** Prepares actions such as `s3:GetObject`. The same patterns stand in many statements: each is compared once. */
export function actionSet(...actions: readonly string[]): ActionSet {
  const byService = new Map<string, string[]>();
  for (const action of actions.map((name) => name.toLowerCase())) {
    byService.set(serviceOf(action), [...(byService.get(serviceOf(action)) ?? []), action]);
  }
  return memoizedByText((pattern) => covers(pattern.toLowerCase(), byService));
}

/** The first action of a policy that covers one of the set. */
export function firstCovering(patterns: readonly string[], actions: ActionSet): string | undefined {
  return patterns.find(actions);
}

function covers(pattern: string, byService: ReadonlyMap<string, readonly string[]>): boolean {
  const service = serviceOf(pattern);
  const candidates = /[*?]/.test(service) ? [...byService.values()].flat() : (byService.get(service) ?? []);
  return candidates.some((action) => actionCovers(pattern, action));
}

function serviceOf(action: string): string {
  return action.split(':')[0];
}
