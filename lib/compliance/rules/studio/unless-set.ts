import { isSet, type Requirement } from '../../requirements';

/** Where the property is absent or empty, these are asked of the same holder: its value is the other way to comply. */
export function unlessSet(path: string, requirements: readonly Requirement[]): Requirement {
  const set = isSet(path);
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) =>
      set.judge(holder, at).length === 0 ? [] : requirements.flatMap(({ judge }) => judge(holder, at)),
    guard: (at) =>
      [`when ${at}${path} !exists or ${at}${path} empty {`, ...requirements.map(({ guard }) => guard(at)), '}'].join(
        '\n',
      ),
  };
}
