import { ANNEX_A } from '../compliance/annex-a';
import type { Crosswalk, Rule } from '../compliance/rule';

const CATALOGUES: Readonly<Record<keyof Crosswalk, string>> = {
  securityHub: 'Security Hub',
  nist80053: 'NIST 800-53 r5',
  nistAiRmf: 'NIST AI RMF',
  euAiAct: 'EU AI Act',
  owasp: 'OWASP',
  atlas: 'MITRE ATLAS',
};

/** What a reviewer asks of a rule, in at most twenty lines: why, which control, what attack, how to fix. */
export function explain(rule: Rule): string {
  const { minimal, limited, high } = rule.level;
  const catalogues = Object.keys(CATALOGUES) as (keyof Crosswalk)[];
  return [
    rule.id,
    '',
    `Why      ${rule.why}`,
    `Fix      ${rule.fix}`,
    `Level    minimal impact ${minimal}, limited ${limited}, high or not stated ${high}`,
    `Judges   ${listed(rule.appliesTo, 4)}${rule.scope === 'ai' ? ', where they belong to an AI system' : ''}`,
    ...(rule.claims.length > 0 ? [`Reads    ${listed(rule.claims, 6)}`] : []),
    ...rule.annexA.map((id, index) => `${index === 0 ? 'Annex A' : '       '}  ${id} ${ANNEX_A[id]}`),
    ...catalogues.flatMap((key) => {
      const ids = rule.crosswalk[key] ?? [];
      return ids.length > 0 ? [`Related  ${CATALOGUES[key]}: ${ids.join(', ')}`] : [];
    }),
    `Deploy   ${'clauses' in rule.guard ? 'also as a CloudFormation Guard rule' : `not in Guard: ${rule.guard.beyond}`}`,
    `Run      ${rule.configRules.length > 0 ? `AWS Config ${rule.configRules.join(', ')}` : 'no AWS Config managed rule'}`,
  ].join('\n');
}

function listed(items: readonly string[], most: number): string {
  const rest = items.length > most ? ` and ${items.length - most} more` : '';
  return `${items.slice(0, most).join(', ')}${rest}`;
}
