import { grouped } from '../../analysis';
import type { CheckReport } from '../check';
import { type Finding, isOpen } from '../finding';
import { review } from '../groups';
import { ruleOf, seriousnessBy } from '../seriousness';

/** The report as Markdown, for a pull-request comment: a table of what is wrong, then how to fix it. */
export function markdownReport(report: CheckReport): string {
  const { errors, warnings, accepted, known, resources, templates } = report.summary;
  const open = report.findings.filter(isOpen);
  const { resources: groups, repetitions } = review(open, seriousnessBy(report.registry));
  const told = groups.flatMap(({ findings }) => findings);
  const rules = [...grouped(told, ({ rule }) => rule).keys()];
  return [
    `### Palisade: ${errors} errors, ${warnings} warnings`,
    '',
    `${resources} resources in ${templates} templates; ${accepted} findings accepted, ${known} known from the baseline.`,
    ...(open.length === 0 ? [] : ['', '| Level | Resource | Rule | Found |', '|---|---|---|---|', ...told.map(row)]),
    ...(repetitions.length === 0 ? [] : ['']),
    ...repetitions.map(({ rule, findings }) => `- \`${rule}\` breaks ${findings.length} times more.`),
    ...(rules.length === 0 ? [] : ['', '<details><summary>How to fix</summary>', '']),
    ...rules.map((id) => {
      const { annexA, fix } = ruleOf(report.registry, id);
      return `- \`${id}\` (${annexA.join(', ')}): ${markdownText(fix)}`;
    }),
    ...(rules.length === 0 ? [] : ['', '</details>']),
    '',
  ].join('\n');
}

function row({ level, resource, file, line, rule, property, message }: Finding): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `| ${level} | ${markdownText(resource)}<br>${markdownText(place)} | \`${rule}\` | ${markdownText(`${property}: ${message}`)} |`;
}

/** Text that stays text, and in its cell: names and values come from templates, which nobody vetted. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[\\|`*_[\]@]/g, (character) => `\\${character}`);
}
