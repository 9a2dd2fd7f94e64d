import { valueAt } from '../../expect';
import type { Requirement } from '../../requirements';

/** Where none of these properties is there, these are asked of the same holder. */
export function unlessSet(paths: readonly string[], requirements: readonly Requirement[]): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) =>
      paths.every((path) => valueAt(holder, path) === undefined)
        ? requirements.flatMap(({ judge }) => judge(holder, at))
        : [],
    guard: (at) =>
      paths.reduceRight(
        (block, path) => `when ${at}${path} !exists {\n${block}\n}`,
        requirements.map(({ guard }) => guard(at)).join('\n'),
      ),
  };
}
