import { keepsKeyItself, LOCAL_STORAGE_FAMILIES } from '../../../../runtime/instance-storage';
import { textOf } from '../../../analysis';
import { valueAt } from '../../expect';
import type { Requirement } from '../../requirements';

const LOCAL_STORAGE = new RegExp(`^ml\\.(${LOCAL_STORAGE_FAMILIES.join('|')})\\.`);

/** Instances with accelerators of NVIDIA or AWS: families g, p and trn. */
const ACCELERATED = /^ml\.(g|p|trn)[0-9]/;

/** Asked unless the instance type at this path has local storage, which accepts no key. */
export function unlessLocalStorage(type: string, requirements: readonly Requirement[]): Requirement {
  return asked(requirements, {
    applies: (holder) => !keepsKeyItself(valueAt(holder, type)),
    condition: (at) => `${at}${type} !exists or ${at}${type} != /${LOCAL_STORAGE.source}/`,
  });
}

/** Asked where the instance type at this path has accelerators. */
export function whenAccelerated(type: string, requirements: readonly Requirement[]): Requirement {
  return asked(requirements, {
    applies: (holder) => ACCELERATED.test(textOf(valueAt(holder, type))),
    condition: (at) => `${at}${type} == /${ACCELERATED.source}/`,
  });
}

interface When {
  readonly applies: (holder: unknown) => boolean;
  readonly condition: (at: string) => string;
}

function asked(requirements: readonly Requirement[], { applies, condition }: When): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) => (applies(holder) ? requirements.flatMap(({ judge }) => judge(holder, at)) : []),
    guard: (at) => [`when ${condition(at)} {`, ...requirements.map(({ guard }) => guard(at)), '}'].join('\n'),
  };
}
