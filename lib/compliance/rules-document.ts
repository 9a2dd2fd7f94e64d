import { ANNEX_A } from './annex-a';
import type { Rule } from './rule';

/** The registry as the Markdown page docs/rules.md. */
export function rulesMarkdown(rules: readonly Rule[]): string {
  const used = [...new Set(rules.flatMap(({ annexA }) => annexA))].sort();
  return [
    '# Rules of the ISO 42001 pack',
    '',
    'Generated from `lib/compliance/rules/` by `rulesMarkdown`; a test keeps it current. Rules run on the synthesized',
    'templates at every synth. Levels are given for minimal, limited and high impact; a resource that no AI system claims',
    'is judged as high.',
    '',
    '| Rule | Resources | Levels | Annex A |',
    '|---|---|---|---|',
    ...rules.map(
      ({ id, appliesTo, level, annexA }) =>
        `| [${id}](#${id.toLowerCase()}) | ${appliesTo.length > 2 ? `${appliesTo.length} types` : appliesTo.join(', ')} | ${level.minimal}, ${level.limited}, ${level.high} | ${annexA.join(', ')} |`,
    ),
    ...rules.flatMap((rule) => ['', `## ${rule.id}`, '', rule.why, '', `Fix: ${rule.fix}`, '', ...crosswalk(rule)]),
    '',
    '## Annex A controls with a rule',
    '',
    ...used.map((id) => `- ${id} ${ANNEX_A[id]}`),
    '',
  ].join('\n');
}

function crosswalk({ crosswalk, appliesTo }: Rule): string[] {
  const entries = Object.entries(crosswalk).map(([catalogue, ids]) => `${catalogue} ${ids.join(', ')}`);
  return [`Judges ${appliesTo.join(', ')}. Related: ${entries.join('; ')}.`];
}
