import { Opaque, textOf } from '../../../analysis';
import { unresolved, valueAt, violation } from '../../expect';
import type { Requirement } from '../../requirements';

/** More addresses than any organisation owns: a prefix shorter than /8, such as 0.0.0.0/0, 128.0.0.0/1 or 2000::/3. */
const ANYONE = /\/[0-7]$/;

/** Whether a range in CIDR notation is that of the internet, or of a great part of it. */
export function isAnyone(range: unknown): boolean {
  return ANYONE.test(textOf(range));
}

/** The range at the property, where there is one, is not that of the internet. */
export function isNotAnyone(path: string): Requirement {
  return {
    claims: [path],
    judge: (holder, at) => {
      const found = valueAt(holder, path);
      if (found instanceof Opaque) {
        return [unresolved(at + path, found)];
      }
      return isAnyone(found)
        ? [violation(at + path, `found ${textOf(found)}, expected a range of known addresses`)]
        : [];
    },
    guard: (at) => `when ${at}${path} exists {\n${at}${path} != /${ANYONE.source}/\n}`,
  };
}
