import { markdownTable } from './markdown';
import type { ControlRow, StatementOfApplicability } from './statement-of-applicability';

/** The statement as Markdown: a table of all controls, then the evidence of each. */
export function statementMarkdown({ organization, asOf, controls }: StatementOfApplicability): string {
  const gaps = controls.filter(({ gap }) => gap);
  return `${[
    `# Statement of Applicability of ${organization}, as of ${asOf}`,
    '',
    `${controls.length} controls of ISO/IEC 42001:2023 Annex A; ${controls.filter(({ applicable }) => applicable).length} applicable, ${gaps.length} with a gap.`,
    'Enforced: resources prevent a breach, and rules proved it on the templates. Detected: something notices. Declared: a',
    'person stated it in a manifest. Absent: nothing shows it.',
    '',
    ...markdownTable(
      ['Control', 'Title', 'Applicable', 'Status', 'Gap', 'Rules', 'Resources', 'Records', 'Owner'],
      controls.map((row) => [
        row.id,
        row.title,
        row.applicable ? 'yes' : 'no',
        row.status,
        row.gap ? 'yes' : '',
        row.rules.length,
        row.resources.length,
        row.declarations.length,
        row.owner,
      ]),
    ),
    ...controls.flatMap(details),
  ].join('\n')}\n`;
}

/** Resources named for a control; the JSON names all. */
const NAMED = 10;

function details({ id, title, justification, gapReason, rules, resources, declarations }: ControlRow): string[] {
  const rest = resources.length > NAMED ? [`- and ${resources.length - NAMED} more resources`] : [];
  return [
    '',
    `## ${id} ${title}`,
    '',
    justification,
    ...(gapReason ? ['', `Gap: ${gapReason}`] : []),
    ...(rules.length + declarations.length > 0 ? [''] : []),
    ...rules.map(
      (link) =>
        `- Rule ${link.rule}: ${link.compliant} compliant, ${link.openErrors} open errors, ${link.accepted} accepted`,
    ),
    ...resources.slice(0, NAMED).map((path) => `- Resource \`${path}\``),
    ...rest,
    ...declarations.map(
      ({ record, statement, owner, approver, validUntil }) =>
        `- Record \`${record}\`: ${statement} (${owner}${approver ? `, accepted by ${approver}` : ', accepted by nobody'}${validUntil ? `, until ${validUntil}` : ''})`,
    ),
  ];
}

const COLUMNS = [
  'control',
  'title',
  'applicable',
  'justification',
  'status',
  'gap',
  'owner',
  'rules',
  'resources',
  'records',
];

/** The statement as CSV (RFC 4180), one row for each control, lists separated by semicolons. */
export function statementCsv({ controls }: StatementOfApplicability): string {
  const rows = controls.map(
    ({ id, title, applicable, justification, status, gapReason = '', owner, rules, resources, declarations }) => [
      id,
      title,
      String(applicable),
      justification,
      status,
      gapReason,
      owner,
      rules.map(({ rule }) => rule).join('; '),
      resources.join('; '),
      declarations.map(({ record }) => record).join('; '),
    ],
  );
  return [COLUMNS, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** A field that starts like a formula is given as text: spreadsheets would run it. */
function field(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
