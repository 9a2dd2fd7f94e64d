import { violation } from '../../expect';
import { isSet, type Requirement } from '../../requirements';

/** At least one of the properties is there and not empty. */
export function isAnySet(paths: readonly string[]): Requirement {
  const options = paths.map(isSet);
  return {
    claims: paths,
    judge: (holder, at) =>
      options.some(({ judge }) => judge(holder, at).length === 0)
        ? []
        : [violation(at + paths[0], `found none of ${paths.join(', ')}`)],
    guard: (at) => paths.map((path) => `${at}${path} !empty`).join(' or\n'),
  };
}
