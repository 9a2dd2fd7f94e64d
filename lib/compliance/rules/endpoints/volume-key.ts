import { keepsKeyItself, LOCAL_STORAGE_FAMILIES } from '../../../../runtime/instance-storage';
import { Opaque } from '../../../analysis';
import { asList, unresolved, valueAt } from '../../expect';
import { isOwnKey, type Requirement } from '../../requirements';

/** Instance types that encrypt their storage themselves, in the regular expressions of Guard. */
const KEEP_KEY = `/^ml[.](${LOCAL_STORAGE_FAMILIES.join('|')})[.]/`;

/**
 * Volumes have a key of the owner, unless all instances encrypt their storage themselves and accept no key. `*` in
 * `types` stands for every item of a list.
 */
export function isOwnVolumeKey(path: string, types: string): Requirement {
  const ownKey = isOwnKey(path);
  return {
    claims: ownKey.claims,
    judge: (holder, at) => {
      const faults = ownKey.judge(holder, at);
      const found = valuesAt(holder, types);
      const taking = found.filter((type) => !keepsKeyItself(type));
      if (faults.length === 0 || (found.length > 0 && taking.length === 0 && valueAt(holder, path) === undefined)) {
        return [];
      }
      const unknown = taking.find((type) => type instanceof Opaque);
      return unknown instanceof Opaque && taking.every((type) => type instanceof Opaque)
        ? [unresolved(at + path, unknown)]
        : faults;
    },
    guard: (at) => {
      const all = at + types.replace('.*', '[*]');
      return `when ${all} !exists or some ${all} != ${KEEP_KEY} {\n${ownKey.guard(at)}\n}`;
    },
  };
}

function valuesAt(holder: unknown, path: string): unknown[] {
  const [list, rest] = path.split('.*.');
  const found = asList(valueAt(holder, list));
  return rest === undefined ? found : found.map((item) => valueAt(item, rest));
}
