import { ANNEX_A } from './annex-a';
import type { Crosswalk, OmittedRule, Rule } from './rule';
import { OMITTED } from './rules';

/** The registry as JSON: an array of entries, everything of a rule but its code. */
export function rulesJson(rules: readonly Rule[]): string {
  return JSON.stringify(
    rules.map(({ check, ...entry }) => entry),
    undefined,
    2,
  );
}

/** The registry as a table for a terminal. */
export function rulesTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, level, appliesTo, annexA }) => [id, level.high, kinds(appliesTo), annexA.join(' ')]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, `${rules.length} rules`].join('\n');
}

/** The registry as the Markdown page docs/rules.md. */
export function rulesMarkdown(rules: readonly Rule[]): string {
  const used = [...new Set(rules.flatMap(({ annexA }) => annexA))].sort(byNumber);
  const inGuard = rules.filter(({ guard }) => 'clauses' in guard).length;
  return [
    '# Rules of the ISO 42001 pack',
    '',
    `${rules.length} rules, ${inGuard} of them also as CloudFormation Guard rules. Generated from \`lib/compliance/rules/\` by`,
    '`npx palisade rules --format markdown`; a test keeps it current. Rules run on templates. Levels are given for',
    'minimal, limited and high impact; a resource whose tags state no impact is judged as high.',
    '',
    'A rule finds whoever weakens what it reads ([proof](mutation-score.md)): `*` is any item of a list, `Deny.` leads to the',
    'condition key or the action of a denial, and a type stands for a resource that has to be there.',
    '',
    '| Rule | Resources | Levels | Annex A |',
    '|---|---|---|---|',
    ...rules.map(
      ({ id, appliesTo, level, annexA }) =>
        `| [${id}](#${id.toLowerCase()}) | ${kinds(appliesTo)} | ${level.minimal}, ${level.limited}, ${level.high} | ${annexA.join(', ')} |`,
    ),
    ...rules.flatMap(section),
    '',
    '## Proposals that are no rule of their own',
    '',
    'The catalogue that this pack was designed from proposed 186 rules. These became part of another, or none:',
    '',
    ...OMITTED.map(omission),
    '',
    '## Annex A controls with a rule',
    '',
    ...used.map((id) => `- ${id} ${ANNEX_A[id]}`),
  ].join('\n');
}

function section(rule: Rule): string[] {
  const { id, why, fix, appliesTo, scope, claims, guard, configRules } = rule;
  return [
    '',
    `## ${id}`,
    '',
    why,
    '',
    `Fix: ${fix}`,
    '',
    `- Judges ${appliesTo.join(', ')}${scope === 'ai' ? ', where they belong to an AI system' : ''}.`,
    ...(claims.length > 0 ? [`- Reads ${claims.map((claim) => `\`${claim}\``).join(', ')}.`] : []),
    ...related(rule.crosswalk),
    ...('beyond' in guard ? [`- Not in Guard: ${guard.beyond}.`] : []),
    ...(configRules.length > 0 ? [`- AWS Config: ${configRules.join(', ')}.`] : []),
  ];
}

function related(crosswalk: Crosswalk): string[] {
  const entries = Object.entries(crosswalk).map(([catalogue, ids]) => `${catalogue} ${ids.join(', ')}`);
  return entries.length > 0 ? [`- Related: ${entries.join('; ')}.`] : [];
}

function omission({ id, coveredBy = [], reason }: OmittedRule): string {
  return `- ${id}: ${reason}${coveredBy.length > 0 ? ` Covered by ${coveredBy.join(', ')}.` : ''}`;
}

function kinds(types: readonly string[]): string {
  return types.length > 2 ? `${types.length} types` : types.join(', ');
}

/** A.10 stands after A.9. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
