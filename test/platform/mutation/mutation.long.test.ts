import * as fs from 'node:fs';
import * as path from 'node:path';
import { ExceptionRegister, evaluateRules, type MinimalTemplate, RULES, type Rule } from '../../../lib/compliance';
import { loadManifests } from '../../../lib/manifest';
import { AS_OF, PACKAGE, stackOf, synthesize } from '../support';
import { fateOf, mutationScore } from './document';
import { ENCLAVE } from './enclave';
import { EQUIVALENT, EQUIVALENT_IN_MINIMAL, type Row, rowOf } from './exempt';
import { type Outcome, outcomes } from './score';
import { UNCLAIMED } from './unclaimed';

const ALL = process.env.MUTANTS === 'all';
const PAGE = path.join(PACKAGE, 'docs', 'mutation-score.md');

const { graph, templates } = synthesize(undefined, 'prod');
const platform = outcomes(templates, {
  ...(!ALL && { perKind: 1 }),
  isSpecial: (mutant) => rowOf(mutant, EQUIVALENT) !== undefined,
});
const minimal = [...mutantsIn(ENCLAVE, 'enclave'), ...RULES.flatMap(({ id, compliant }) => mutantsIn(compliant, id))];

function mutantsIn(template: MinimalTemplate, stack: string, rules: readonly Rule[] = RULES): Outcome[] {
  // Not structuredClone: under jest, its objects are of another realm.
  return outcomes([stackOf(JSON.parse(JSON.stringify(template)), stack)], { rules });
}

function of(fate: string, items: readonly Outcome[], rows: readonly Row[]): Outcome[] {
  return items.filter((item) => fateOf(item, rowOf(item.mutant, rows)) === fate);
}

function told({ mutant, expected }: Outcome): string {
  return `${mutant.stack} ${mutant.type} ${mutant.logicalId}: ${mutant.property}: ${mutant.change} (${expected.join(', ')})`;
}

function unused(rows: readonly Row[], items: readonly Outcome[]): string[] {
  const used = new Set(items.map(({ mutant }) => rowOf(mutant, rows)));
  return rows.filter((row) => !used.has(row)).map(({ type, property }) => `${type} ${property}`);
}

const { exceptions } = loadManifests(path.join(PACKAGE, 'manifests'), { asOf: AS_OF });
const register = new ExceptionRegister(exceptions, AS_OF);
const [accepted, open] = evaluateRules(graph, RULES)
  .flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable])
  .reduce<[string[], string[]]>(
    ([good, bad], { rule, resource, message }) =>
      register.accept(`ISO42001::ISO42001-${rule.id}`, resource.path)
        ? [[...good, rule.id], bad]
        : [good, [...bad, `${rule.id} ${resource.path}: ${message}`]],
    [[], []],
  );

test('the unmutated platform has no finding but those that its register accepts', () => {
  expect(open).toEqual([]);
});

describe('every mutant of what a rule claims is found by a rule that claims it', () => {
  test('in the platform', () => {
    expect(of('caught', platform, EQUIVALENT).length).toBeGreaterThan(350);
    expect(of('missed', platform, EQUIVALENT).map(told)).toEqual([]);
  });

  test('on a host of enclaves, and in the compliant templates of all rules', () => {
    expect(of('caught', minimal, EQUIVALENT_IN_MINIMAL).length).toBeGreaterThan(450);
    expect(of('missed', minimal, EQUIVALENT_IN_MINIMAL).map(told)).toEqual([]);
  });
});

const keyThatRotates: MinimalTemplate = { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } } };

test('a rule that no longer looks loses its mutants', () => {
  const blind = RULES.map((rule) => (rule.id === 'KmsRotation' ? { ...rule, check: () => [] } : rule));
  const missed = of('missed', mutantsIn(keyThatRotates, 'KmsRotation', blind), EQUIVALENT_IN_MINIMAL);
  expect(missed.map(({ mutant }) => `${mutant.property} ${mutant.change}`)).toEqual([
    'EnableKeyRotation set to false',
    'EnableKeyRotation taken out',
  ]);
});

describe('what is set apart', () => {
  test.each([
    ['equivalent in the platform', EQUIVALENT, platform],
    ['equivalent in minimal templates', EQUIVALENT_IN_MINIMAL, minimal],
  ])('each row of what is %s has a mutant that no rule finds', (_, rows, items) => {
    expect(
      unused(
        rows,
        of('equivalent', items, rows).filter(({ expected, found }) => !expected.some((rule) => found.includes(rule))),
      ),
    ).toEqual([]);
  });

  test('each row sets apart only what no expected rule finds', () => {
    const caught = [
      ...of('equivalent', platform, EQUIVALENT),
      ...of('equivalent', minimal, EQUIVALENT_IN_MINIMAL),
    ].filter(({ expected, found }) => expected.some((rule) => found.includes(rule)));
    expect(caught.map(told)).toEqual([]);
  });

  test('every unclaimed mutant of the platform is held otherwise, and each row has one', () => {
    const unclaimed = of('unclaimed', platform, EQUIVALENT);
    expect(unclaimed.filter(({ mutant }) => !rowOf(mutant, UNCLAIMED)).map(told)).toEqual([]);
    expect(ALL ? unused(UNCLAIMED, unclaimed) : []).toEqual([]);
  });
});

if (!ALL) {
  test('docs/mutation-score.md is current', () => {
    const inPlatform = new Set(platform);
    const page = mutationScore({
      ...{
        platform,
        minimal,
        equivalent: EQUIVALENT,
        equivalentInMinimal: EQUIVALENT_IN_MINIMAL,
        unclaimed: UNCLAIMED,
        accepted,
      },
      rowOf: (outcome) => rowOf(outcome.mutant, inPlatform.has(outcome) ? EQUIVALENT : EQUIVALENT_IN_MINIMAL),
    });
    if (process.env.UPDATE_DOCS) {
      fs.writeFileSync(PAGE, page);
    }
    expect(fs.readFileSync(PAGE, 'utf8')).toBe(page);
  });
}
