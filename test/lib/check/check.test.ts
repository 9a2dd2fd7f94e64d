import { checkTemplates, type Finding, fingerprint, mergeReports } from '../../../lib/check';
import { selectRules } from '../../../lib/check/select-rules';
import { RULES } from '../../../lib/compliance/rules';
import { FAULTY, templateOf } from './templates';

const rules = selectRules(RULES, ['TrailIntegrity', 'KmsRotation', 'SageMakerModelNetworkIsolation']);
const check = (context = {}) => checkTemplates([templateOf(FAULTY)], rules, context);

test('counts open errors, warnings, and what only a deployment knows', () => {
  const { findings, summary } = check();
  expect(summary).toMatchObject({ templates: 1, resources: 3, rules: 3, accepted: 0, known: 0, unresolved: 1 });
  expect(summary.errors).toBe(findings.filter(({ level }) => level === 'error').length);
  expect(summary.errors + summary.warnings).toBe(findings.length);
  expect(findings.find(({ resource }) => resource === 'Model')).toMatchObject({ level: 'warning', unresolved: true });
});

test('an accepted finding is listed with its reason and no longer counts', () => {
  const acceptedReason = ({ rule }: Finding) => (rule === 'KmsRotation' ? 'EX-1: reason' : undefined);
  const { findings, summary } = check({ acceptedReason });
  expect(findings.filter(({ accepted }) => accepted === 'EX-1: reason').map(({ rule }) => rule)).toEqual([
    'KmsRotation',
  ]);
  expect(summary.errors).toBe(check().summary.errors - 1);
  expect(summary.accepted).toBe(1);
});

test('what the baseline knows is neither listed nor counted, and a new fault is', () => {
  const baseline = new Set(check().findings.map(fingerprint));
  expect(check({ baseline })).toMatchObject({ findings: [], summary: { errors: 0, known: baseline.size } });
  const more = { ...FAULTY, Other: { Type: 'AWS::KMS::Key', Properties: {} } };
  const { findings } = checkTemplates([templateOf(more)], rules, { baseline });
  expect(findings.map(({ resource }) => resource)).toEqual(['Other']);
});

test('a fingerprint survives a move within a list, but not another message', () => {
  const [finding] = check().findings;
  const at = (property: string) => fingerprint({ ...finding, property });
  expect(at('Rules.0.Name')).toBe(at('Rules.12.Name'));
  expect(at('Rules.0.Name')).not.toBe(at('Rules.0.Names'));
  expect(fingerprint({ ...finding, message: 'other' })).not.toBe(fingerprint(finding));
});

test('reports of a batch add up', () => {
  const [one, other] = [check(), checkTemplates([templateOf({ Key: FAULTY.Key }, 'other.json')], rules)];
  const merged = mergeReports([one, other]);
  expect(merged.summary).toMatchObject({
    templates: 2,
    resources: 4,
    rules: 3,
    errors: one.summary.errors + other.summary.errors,
  });
  expect(merged.rules.find(({ rule }) => rule === 'KmsRotation')?.violations).toBe(2);
});

describe('selectRules', () => {
  test.each(['kmsrotation', 'ISO42001-KmsRotation', 'KmsRotation'])('%s names a rule', (id) => {
    expect(selectRules(RULES, [id]).map((rule) => rule.id)).toEqual(['KmsRotation']);
  });

  test('names near ones for an id that no rule has', () => {
    expect(() => selectRules(RULES, ['Rotation'])).toThrow(/PALISADE-C003[\s\S]*KmsRotation/);
    expect(() => selectRules(RULES, ['Nothing'])).toThrow('PALISADE-C003');
  });
});
