import * as fs from 'node:fs';
import * as path from 'node:path';
import { ANNEX_A } from '../../../lib/compliance/annex-a';
import { evaluateRules } from '../../../lib/compliance/engine';
import type { Rule } from '../../../lib/compliance/rule';
import { OMITTED, RULES } from '../../../lib/compliance/rules';
import { rulesMarkdown } from '../../../lib/compliance/rules-document';
import { graphFrom } from '../../support/graph';
import { judge } from '../../support/rules';

const ruleOf = (id: string) => RULES.find((rule) => rule.id === id) as Rule;

test('every proposal of the catalogue is a rule, or says why it is none', () => {
  const file = path.join(__dirname, '../../../../shared/controls-rules.psv');
  if (!fs.existsSync(file)) {
    console.log('skipped: ../shared/controls-rules.psv is missing');
    return;
  }
  const proposed = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => line.split('|')[0]);
  const known = new Set([...RULES, ...OMITTED].map(({ id }) => id));
  expect(proposed.filter((id) => !known.has(id))).toEqual([]);
  expect(
    OMITTED.flatMap(({ coveredBy = [] }) => coveredBy).filter((id) => !RULES.some((rule) => rule.id === id)),
  ).toEqual([]);
});

test('there are at least 150 rules', () => {
  expect(RULES.length).toBeGreaterThanOrEqual(150);
});

test('ids are unique, and every rule has a reason and a fix in one line', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  expect(RULES.filter(({ why, fix }) => /\n/.test(why + fix) || !why.endsWith('.') || !fix.endsWith('.'))).toEqual([]);
});

test('Annex A has 38 controls', () => {
  expect(Object.keys(ANNEX_A)).toHaveLength(38);
});

test('a value that only deployment knows gives a finding of its own kind, and no violation', () => {
  const result = judge(ruleOf('SageMakerModelNetworkIsolation'), {
    Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: { 'Fn::Unheard': 1 } } },
  });
  expect(result).toMatchObject({
    violations: [],
    compliant: [],
    unresolvable: [{ property: 'EnableNetworkIsolation' }],
  });
});

describe('level', () => {
  const model = (Tags: unknown) => ({ Model: { Type: 'AWS::SageMaker::Model', Properties: { Tags } } });
  const rule = ruleOf('SageMakerModelNetworkIsolation');

  test.each([
    ['minimal', 'warning'],
    ['limited', 'error'],
    ['high', 'error'],
    ['harmless', 'error'],
  ])('of a resource tagged %s is %s', (Value, level) => {
    expect(judge(rule, model([{ Key: 'ai:impact', Value }])).violations).toMatchObject([{ level }]);
  });

  test('can come from elsewhere than the tag', () => {
    const graph = graphFrom({ Resources: model(undefined) });
    expect(evaluateRules(graph, [rule], () => 'minimal')[0].violations).toMatchObject([{ level: 'warning' }]);
  });
});

test('docs/rules.md is current', () => {
  const file = path.join(__dirname, '../../../docs/rules.md');
  expect(fs.readFileSync(file, 'utf8')).toBe(`${rulesMarkdown(RULES)}\n`);
});
