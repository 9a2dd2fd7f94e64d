import { markdownText } from '../check/formats/markdown';
import type { SecurityDiff } from './diff';
import { isWeaker } from './diff';

/** The changes as lines under headings; headings without a line are left out. */
function sections({ added, resolved, reach, access, weakened }: SecurityDiff): [string, string[]][] {
  const all: [string, string[]][] = [
    [
      'Findings added',
      added.map(({ level, rule, path, property, message }) => `${level} ${rule} at ${path}, ${property}: ${message}`),
    ],
    [
      'Principals that gained access',
      access.gained.map(
        ({ who, actions, on, conditions }) =>
          `${who} may ${actions.join(', ')} on ${on}${conditions.length > 0 ? ` if ${conditions.join(' and ')}` : ''}`,
      ),
    ],
    ['Denials lost', access.denialsLost.map(({ where, what }) => `${where}: ${what}`)],
    ['Reach added', reach.map(({ from, to, port }) => `${from} reaches ${to} on ${port}`)],
    [
      'Protection weakened',
      weakened.map(({ resource, property, before, after }) => `${resource}, ${property}: ${before} is now ${after}`),
    ],
    ['Findings resolved', resolved.map(({ rule, path, property }) => `${rule} at ${path}, ${property}`)],
  ];
  return all.filter(([, lines]) => lines.length > 0);
}

/** Lines shown of one section; the rest is counted. */
const SHOWN = 30;

/** The comparison as Markdown, for a pull-request comment. */
export function markdownDiff(diff: SecurityDiff): string {
  return [
    `### Palisade: ${verdict(diff)}`,
    ...sections(diff).flatMap(([title, lines]) => [
      '',
      `**${title}** (${lines.length})`,
      '',
      ...lines.slice(0, SHOWN).map((line) => `- ${markdownText(line)}`),
      ...more(lines.length, '- '),
    ]),
    '',
  ].join('\n');
}

/** The comparison for a terminal. */
export function textDiff(diff: SecurityDiff): string {
  return [
    ...sections(diff).flatMap(([title, lines]) => [
      `${title} (${lines.length})`,
      ...lines.slice(0, SHOWN).map((line) => `  ${line}`),
      ...more(lines.length, '  '),
      '',
    ]),
    verdict(diff),
  ].join('\n');
}

function more(count: number, indent: string): string[] {
  return count > SHOWN ? [`${indent}and ${count - SHOWN} more`] : [];
}

function verdict(diff: SecurityDiff): string {
  if (isWeaker(diff)) {
    return 'the new templates protect less, or let more through';
  }
  return diff.resolved.length > 0 ? 'the new templates protect more' : 'nothing changed for security';
}

/** The comparison as JSON: `{ added, resolved, reach, access, weakened }`. */
export function jsonDiff(diff: SecurityDiff): string {
  return JSON.stringify(diff, undefined, 2);
}
