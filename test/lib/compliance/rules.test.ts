import * as fs from 'node:fs';
import * as path from 'node:path';
import { TemplateGraph } from '../../../lib/analysis';
import { ANNEX_A, evaluateRules, type MinimalTemplate, RULES, type Rule, rulesMarkdown } from '../../../lib/compliance';

function judge(rule: Rule, resources: MinimalTemplate) {
  const template = { Resources: resources as Record<string, { Type: string; Properties?: Record<string, unknown> }> };
  const graph = new TemplateGraph([{ stack: 'Minimal', region: 'eu-west-1', file: 'minimal.json', template }]);
  return evaluateRules(graph, [rule])[0];
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('accepts its compliant template, as a positive result', () => {
    const { findings, compliant } = judge(rule, rule.compliant);
    expect(findings.map(({ message }) => message)).toEqual([]);
    expect(compliant.length).toBeGreaterThan(0);
  });

  test('finds its non-compliant template, as an error for high impact', () => {
    const { findings, compliant } = judge(rule, rule.nonCompliant);
    expect(findings.length).toBeGreaterThan(0);
    expect(
      findings.every(({ level, property, message }) => level === 'error' && property !== '' && message !== ''),
    ).toBe(true);
    expect(compliant).toEqual([]);
  });
});

test('there are at least ten rules, with unique ids', () => {
  expect(RULES.length).toBeGreaterThanOrEqual(10);
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

test('Annex A has 38 controls', () => {
  expect(Object.keys(ANNEX_A)).toHaveLength(38);
});

test('a value that only deployment knows gives a distinct finding, never an exception', () => {
  const rule = RULES.find(({ id }) => id === 'SageMakerModelNetworkIsolation') as Rule;
  const { findings } = judge(rule, {
    Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: { 'Fn::Unheard': 1 } } },
  });
  expect(findings).toMatchObject([{ unresolved: true }]);
});

test('a lower tier lowers the level; an unknown one does not', () => {
  const rule = RULES.find(({ id }) => id === 'SageMakerModelNetworkIsolation') as Rule;
  const levelFor = (Value: string) =>
    judge(rule, {
      Model: { Type: 'AWS::SageMaker::Model', Properties: { Tags: [{ Key: 'ai:impact', Value }] } },
    }).findings[0].level;
  expect([levelFor('minimal'), levelFor('limited'), levelFor('high'), levelFor('harmless')]).toEqual([
    'warning',
    'error',
    'error',
    'error',
  ]);
});

test('docs/rules.md is current', () => {
  const file = path.join(__dirname, '../../../docs/rules.md');
  expect(fs.readFileSync(file, 'utf8')).toBe(rulesMarkdown(RULES));
});

test('engine, registry and analysis load without aws-cdk-lib and cdk-nag', () => {
  const folders = ['lib/analysis', 'lib/compliance'].map((folder) => path.join(__dirname, '../../..', folder));
  const sources = folders.flatMap((folder) =>
    fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  );
  const withCdk = sources
    .filter(
      (file) => file.endsWith('.ts') && /from '(aws-cdk-lib|cdk-nag|constructs)/.test(fs.readFileSync(file, 'utf8')),
    )
    .map((file) => path.basename(file));
  expect(withCdk.sort()).toEqual(['iso42001-checks.ts', 'registered-checks.ts']);
});
