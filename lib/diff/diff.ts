import { type Edge, reachability, type StackTemplate, TemplateGraph } from '../analysis';
import { type CheckContext, checkGraph } from '../check/check';
import { type Finding, fingerprint, isOpen } from '../check/finding';
import type { Rule } from '../compliance/rule';
import { type AccessChange, accessChange } from './access-gained';
import { type ProtectionWeakened, protectionWeakened } from './protection-weakened';

/** One side of a comparison. */
export interface Side {
  readonly templates: readonly StackTemplate[];
  /** What completes its findings. @default - nothing */
  readonly context?: CheckContext;
}

/** A way that traffic can take now and could not before. */
export interface ReachGained {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/** What changed for security between two assemblies. */
export interface SecurityDiff {
  readonly added: readonly Finding[];
  readonly resolved: readonly Finding[];
  readonly reach: readonly ReachGained[];
  readonly access: AccessChange;
  readonly weakened: readonly ProtectionWeakened[];
}

/** Compares two assemblies, or two sets of templates. */
export function securityDiff(before: Side, after: Side, rules: readonly Rule[]): SecurityDiff {
  const [oldGraph, newGraph] = [before, after].map(({ templates }) => new TemplateGraph(templates));
  const old = openFindings(oldGraph, rules, before);
  const now = openFindings(newGraph, rules, after);
  return {
    added: onlyIn(old, now, fingerprint),
    resolved: onlyIn(now, old, fingerprint),
    reach: onlyIn(edgesOf(oldGraph), edgesOf(newGraph), ({ from, to, port }) => `${from} ${to} ${port}`),
    access: accessChange(oldGraph, newGraph),
    weakened: protectionWeakened(oldGraph, newGraph),
  };
}

function openFindings(graph: TemplateGraph, rules: readonly Rule[], { context }: Side): Finding[] {
  return checkGraph(graph, rules, context).findings.filter(isOpen);
}

/** Whether anything protects less, or lets more through, than before. */
export function isWeaker({ added, reach, access, weakened }: SecurityDiff): boolean {
  return [added, reach, access.gained, access.denialsLost, weakened].some((changes) => changes.length > 0);
}

function edgesOf(graph: TemplateGraph): ReachGained[] {
  return reachability(graph).map(({ from, to, port }: Edge) => ({ from: from.name, to: to.name, port }));
}

/** Items that only the second list has, in its order. */
function onlyIn<T>(before: readonly T[], after: readonly T[], keyOf: (item: T) => string): T[] {
  const known = new Set(before.map(keyOf));
  return after.filter((item) => !known.has(keyOf(item)));
}
