import { grouped } from '../../analysis';
import type { CheckReport } from '../check';
import { type Finding, isOpen } from '../finding';
import { type Repetition, type ResourceGroup, type RuleGroup, review } from '../groups';
import { ruleOf, seriousnessBy } from '../seriousness';

/** Draws a report for a terminal. */
export function textReport(report: CheckReport, { colour = false }: { readonly colour?: boolean } = {}): string {
  const paint = colour ? coloured : plain;
  const { resources, repetitions } = review(report.findings.filter(isOpen), seriousnessBy(report.registry));
  const fixOf = fixesTold(report.registry);
  return [
    ...resources.flatMap((group) => [...resourceLines(group, fixOf, paint), '']),
    ...(repetitions.length > 0
      ? ['Elsewhere', ...repetitions.flatMap((item) => repetitionLines(item, paint)), '']
      : []),
    ...acceptedLines(
      report.findings.filter((finding) => !isOpen(finding)),
      paint,
    ),
    verdictLine(report, paint),
  ].join('\n');
}

type Paint = (style: Style, text: string) => string;

type Style = 'error' | 'warning' | 'quiet' | 'strong' | 'good';

/** SGR codes: red, yellow, dim, bold, green. */
const CODES: Readonly<Record<Style, number>> = { error: 31, warning: 33, quiet: 2, strong: 1, good: 32 };

const coloured: Paint = (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`;

const plain: Paint = (_, text) => text;

function resourceLines({ findings, rules }: ResourceGroup, fixOf: FixOnce, paint: Paint): string[] {
  const { resource, type, file, path } = findings[0];
  const construct = path.endsWith(`/${resource}`) ? '' : `  ${paint('quiet', path)}`;
  return [
    `${paint('strong', resource)}  ${type}  ${paint('quiet', file)}${construct}`,
    ...rules.flatMap((group) => ruleLines(group, fixOf, paint)),
  ];
}

/** The fix of a rule when it is first asked for, and nothing after that. */
type FixOnce = (rule: string) => string[];

function fixesTold(registry: CheckReport['registry']): FixOnce {
  const told = new Set<string>();
  return (rule) => {
    const first = !told.has(rule);
    told.add(rule);
    return first ? [ruleOf(registry, rule).fix] : [];
  };
}

function ruleLines({ rule, findings }: RuleGroup, fixOf: FixOnce, paint: Paint): string[] {
  const [{ level }] = findings;
  return [
    `  ${paint(level, level.padEnd(7))}  ${rule}`,
    ...[...grouped(findings, ({ line, message }) => `${line} ${message}`).values()].map(findingLine),
    ...fixOf(rule).map((fix) => paint('quiet', `           fix: ${fix}`)),
  ];
}

/** Properties of which the same is said share a line. */
function findingLine(findings: readonly Finding[]): string {
  const [{ message }] = findings;
  return `           ${position(findings[0])}${findings.map(({ property }) => property).join(', ')}: ${message}`;
}

function position({ line }: Finding): string {
  return line === undefined ? '' : `line ${line}  `;
}

/** How many resources are named before the rest is a number. */
const NAMED = 8;

function repetitionLines({ rule, findings }: Repetition, paint: Paint): string[] {
  const [{ level }] = findings;
  const resources = [...grouped(findings, ({ file, resource }) => `${file} ${resource}`).values()].map(([one]) => one);
  const names = resources
    .slice(0, NAMED)
    .map(({ resource, line }) => (line === undefined ? resource : `${resource} (line ${line})`));
  const rest = resources.length > NAMED ? `, and ${resources.length - NAMED} more` : '';
  return [`  ${paint(level, level.padEnd(7))}  ${rule} also on ${resources.length}: ${names.join(', ')}${rest}`];
}

function acceptedLines(findings: readonly Finding[], paint: Paint): string[] {
  const reasons = [...grouped(findings, ({ accepted }) => accepted ?? '')];
  return reasons.length === 0
    ? []
    : ['Accepted', ...reasons.map(([reason, items]) => paint('quiet', `  ${items.length} x ${reason}`)), ''];
}

function verdictLine({ summary }: CheckReport, paint: Paint): string {
  const { errors, warnings, unresolved, accepted, known, templates, resources, rules } = summary;
  const open = errors > 0 ? paint('error', plural(errors, 'error')) : paint('good', 'no errors');
  const rest = [
    ...(warnings > 0 ? [paint('warning', plural(warnings, 'warning'))] : []),
    ...(unresolved > 0 ? [`${unresolved} of them not decided before deployment`] : []),
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    ...(known > 0 ? [`${known} known from the baseline`] : []),
  ];
  const scope = `${plural(resources, 'resource')} in ${plural(templates, 'template')}, ${plural(rules, 'rule')}`;
  return `${[open, ...rest].join(', ')}  ${paint('quiet', `(${scope})`)}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
