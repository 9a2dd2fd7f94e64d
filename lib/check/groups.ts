import { grouped } from '../analysis';
import type { Finding } from './finding';
import { mostSeriousFirst, type Seriousness } from './seriousness';

/** Everything that one rule says of one resource. */
export interface RuleGroup {
  readonly rule: string;
  readonly findings: readonly Finding[];
}

/** What is wrong with one resource, most serious rule first. */
export interface ResourceGroup {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleGroup[];
}

/** A rule that breaks on many resources in the same way: told in full where it is worst, and by name for the rest. */
export interface Repetition {
  readonly rule: string;
  readonly findings: readonly Finding[];
}

/** A review: resources by seriousness, and what repeats. */
export interface Review {
  readonly resources: readonly ResourceGroup[];
  readonly repetitions: readonly Repetition[];
}

/** On how many resources a rule is told in full. */
const TOLD_IN_FULL = 3;

/** Groups findings as a reviewer reads them: by resource, worst first, and no rule told more often than it teaches. */
export function review(findings: readonly Finding[], seriousness: Seriousness): Review {
  const bySeriousness = mostSeriousFirst(seriousness);
  const weight = weightBy(seriousness);
  const groups = [...grouped(findings, keyOfResource).values()]
    .map((own) => ({ findings: [...own].sort(bySeriousness) }))
    .sort((a, b) => weight(b.findings) - weight(a.findings) || bySeriousness(a.findings[0], b.findings[0]));
  const told = new Map<string, number>();
  const repeated: Finding[] = [];
  const resources = groups.flatMap(({ findings: own }) => {
    const rules = [...grouped(own, ({ rule }) => rule)].flatMap(([rule, items]) => {
      const times = told.get(rule) ?? 0;
      told.set(rule, times + 1);
      if (times < TOLD_IN_FULL) {
        return [{ rule, findings: items }];
      }
      repeated.push(...items);
      return [];
    });
    return rules.length > 0 ? [{ findings: rules.flatMap((group) => group.findings), rules }] : [];
  });
  const repetitions = [...grouped(repeated, ({ rule }) => rule)].map(([rule, items]) => ({ rule, findings: items }));
  return { resources, repetitions };
}

/** The worst finding decides; among equals, the number of findings. */
function weightBy(seriousness: Seriousness): (findings: readonly Finding[]) => number {
  return (findings) => Math.max(...findings.map(seriousness)) * 1000 + Math.min(findings.length, 999);
}

function keyOfResource({ file, stack, resource }: Finding): string {
  return [file, stack, resource].join('\u0000');
}
