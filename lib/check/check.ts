import { type GraphResource, type StackTemplate, TemplateGraph } from '../analysis';
import { evaluateRules, type RuleFinding } from '../compliance/engine';
import type { Rule } from '../compliance/rule';
import { type Finding, findingOf, fingerprint, isOpen, type Place } from './finding';

/** How one rule fared: the good included, because an auditor asks whether a check ran at all. */
export interface RuleCount {
  readonly rule: string;
  readonly violations: number;
  readonly unresolved: number;
  /** Resources that it judged and found compliant. */
  readonly compliant: number;
  /** Resources of its types that it does not concern. */
  readonly notApplicable: number;
}

/** Counts over a whole check. */
export interface CheckSummary {
  readonly templates: number;
  readonly resources: number;
  /** Rules that ran. */
  readonly rules: number;
  /** Open errors. What was accepted, or stands in the baseline, is counted apart. */
  readonly errors: number;
  /** Open warnings. */
  readonly warnings: number;
  /** How many of the open findings rest on what only a deployment knows. */
  readonly unresolved: number;
  readonly accepted: number;
  /** Findings that the baseline knows already; they are not listed. */
  readonly known: number;
}

/** What a check found. */
export interface CheckReport {
  /** Every finding that the baseline does not know, by template, resource and seriousness. */
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleCount[];
  readonly summary: CheckSummary;
  /** The rules that ran, by id: reports take from them what a finding does not repeat. */
  readonly registry: ReadonlyMap<string, Rule>;
}

/** What the templates do not say themselves. */
export interface CheckContext {
  /** Where a property of a resource stands in its template. @default - not known */
  readonly placeOf?: (resource: GraphResource, property: string) => Place | undefined;
  /** Line of the program that made a resource. @default - not known */
  readonly sourceOf?: (resource: GraphResource) => Place | undefined;
  /** Why a finding is accepted. @default - none is */
  readonly acceptedReason?: (finding: Finding) => string | undefined;
  /** Fingerprints of findings that are known already. @default - none */
  readonly baseline?: ReadonlySet<string>;
}

/** Judges the templates of one assembly. The same input gives the same report. */
export function checkTemplates(
  templates: readonly StackTemplate[],
  rules: readonly Rule[],
  context: CheckContext = {},
): CheckReport {
  return checkGraph(new TemplateGraph(templates), rules, context);
}

/** The same for a graph that the caller has made already. */
export function checkGraph(graph: TemplateGraph, rules: readonly Rule[], context: CheckContext = {}): CheckReport {
  const results = evaluateRules(graph, rules);
  const all = results
    .flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable])
    .map((found) => complete(found, context));
  const findings = context.baseline ? all.filter((finding) => !context.baseline?.has(fingerprint(finding))) : all;
  return {
    findings,
    rules: results.map(({ rule, violations, unresolvable, compliant, notApplicable }) => ({
      rule: rule.id,
      violations: violations.length,
      unresolved: unresolvable.length,
      compliant: compliant.length,
      notApplicable,
    })),
    summary: {
      templates: graph.templates.length,
      resources: graph.resources.length,
      rules: rules.length,
      ...counts(findings),
      known: all.length - findings.length,
    },
    registry: new Map(rules.map((rule) => [rule.id, rule])),
  };
}

/** One report of several: what `--each` gives for a batch. */
export function mergeReports(reports: readonly CheckReport[]): CheckReport {
  const rules = new Map<string, RuleCount>();
  for (const count of reports.flatMap((report) => report.rules)) {
    const sum = rules.get(count.rule);
    rules.set(count.rule, sum ? added(sum, count) : count);
  }
  const findings = reports.flatMap((report) => report.findings);
  const total = (key: 'templates' | 'resources' | 'known') =>
    reports.reduce((sum, { summary }) => sum + summary[key], 0);
  return {
    findings,
    rules: [...rules.values()],
    summary: {
      templates: total('templates'),
      resources: total('resources'),
      rules: rules.size,
      ...counts(findings),
      known: total('known'),
    },
    registry: new Map(reports.flatMap(({ registry }) => [...registry])),
  };
}

function complete(found: RuleFinding, { placeOf, sourceOf, acceptedReason }: CheckContext): Finding {
  const finding = findingOf(found, placeOf?.(found.resource, found.property));
  const source = sourceOf?.(found.resource);
  const accepted = acceptedReason?.(finding);
  return { ...finding, ...(source && { source }), ...(accepted !== undefined && { accepted }) };
}

function counts(findings: readonly Finding[]) {
  const open = findings.filter(isOpen);
  const errors = open.filter(({ level }) => level === 'error').length;
  return {
    errors,
    warnings: open.length - errors,
    unresolved: open.filter(({ unresolved }) => unresolved).length,
    accepted: findings.length - open.length,
  };
}

function added(a: RuleCount, b: RuleCount): RuleCount {
  return {
    rule: a.rule,
    violations: a.violations + b.violations,
    unresolved: a.unresolved + b.unresolved,
    compliant: a.compliant + b.compliant,
    notApplicable: a.notApplicable + b.notApplicable,
  };
}
