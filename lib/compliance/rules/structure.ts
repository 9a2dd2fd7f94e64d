import { valueAt, violation } from '../expect';
import { type Requirement, some } from '../requirements';
import type { Violation } from '../rule';

/** These are asked of what one structure holds. Where the whole structure is absent, that is one finding, not one for each. */
export function inside(structure: string, requirements: readonly Requirement[]): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) => {
      const faults = requirements.flatMap(({ judge }) => judge(holder, at));
      return valueAt(holder, structure) === undefined ? asOne(at + structure, faults) : faults;
    },
    guard: (at) => requirements.map(({ guard }) => guard(at)).join('\n'),
  };
}

/** One finding on a structure that is absent, in the place of the findings on what it should hold. */
export function asOne(structure: string, faults: readonly Violation[]): Violation[] {
  const expected = faults.map(({ property }) => property.slice(structure.length + 1));
  return faults.length > 1 ? [violation(structure, `found nothing, expected ${expected.join(', ')}`)] : [...faults];
}

/** The list has an item of each of these names that meets what is asked of it. All that it lacks is one finding. */
export function holdsEach(
  list: string,
  wanted: Readonly<Record<string, readonly Requirement[]>>,
  what: string,
): Requirement {
  const asked = Object.entries(wanted).map(([name, requirements]) => ({ name, ...some(list, requirements, name) }));
  return {
    claims: asked.flatMap(({ claims }) => claims),
    judge: (holder, at) => {
      const open = asked.map(({ name, judge }) => ({ name, faults: judge(holder, at) }));
      const undecided = open.flatMap(({ faults }) => faults.filter(({ unresolved }) => unresolved)).slice(0, 1);
      const missing = open.filter(({ faults }) => faults.some(({ unresolved }) => !unresolved)).map(({ name }) => name);
      return missing.length > 0 ? [violation(at + list, `found no ${missing.join(', ')}${what}`)] : undecided;
    },
    guard: (at) => asked.map(({ guard }) => guard(at)).join('\n'),
  };
}
