import { Opaque } from '../../../lib/analysis';
import { is, isAnySet, isSet, unlessSet, whenIs } from '../../../lib/compliance/requirements';
import { conditionKeys, deniesPlainText, statementsOf, unreadStatements } from '../../../lib/compliance/statements';

const unknown = new Opaque('parameter Mode');
const properties = (findings: readonly { readonly property: string }[]) => findings.map(({ property }) => property);

describe('whenIs', () => {
  const rule = whenIs('Mode', 'VPC', [isSet('Subnets')]);

  test.each([
    ['asks where the value is this', { Mode: 'VPC' }, [{ property: 'Subnets' }]],
    ['asks nothing where it is another', { Mode: 'PUBLIC' }, []],
    ['leaves open what only a deployment knows', { Mode: unknown }, [{ property: 'Mode', unresolved: true }]],
    ['has no doubt where what it asks is there anyway', { Mode: unknown, Subnets: ['a'] }, []],
  ])('%s', (_, holder, expected) => {
    expect(rule.judge(holder, '')).toMatchObject(expected);
    expect(rule.judge(holder, '')).toHaveLength(expected.length);
  });
});

test('unlessSet asks where no other way is taken; isAnySet, where none of several', () => {
  const rule = unlessSet(['Digest', 'Version'], [is('Latest', false)]);
  expect(properties(rule.judge({ Digest: '' }, ''))).toEqual(['Latest']);
  expect(rule.judge({ Version: 1 }, '')).toEqual([]);
  expect(properties(isAnySet(['A', 'B']).judge({ B: [] }, ''))).toEqual(['A']);
  expect(isAnySet(['A', 'B']).judge({ B: unknown }, '')).toEqual([]);
});

describe('a statement', () => {
  const deny = (Condition: unknown) =>
    statementsOf({ Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition } })[0];

  test('whose condition only a deployment knows is not without conditions', () => {
    expect(conditionKeys(deny(undefined).conditions)).toEqual([]);
    expect(conditionKeys(deny(unknown).conditions)).toEqual(['<parameter Mode>']);
    expect(conditionKeys(deny({ Bool: unknown }).conditions)).toEqual(['<parameter Mode>']);
    expect(deniesPlainText(deny({ Bool: unknown }), 's3')).toBe(false);
  });

  test('that only a deployment knows is told, with its place', () => {
    const [known] = [{ Effect: 'Allow' }];
    expect(properties(unreadStatements({ Statement: [known, unknown] }, 'Policy'))).toEqual(['Policy.Statement.1']);
    expect(properties(unreadStatements({ Statement: unknown }, 'Policy'))).toEqual(['Policy.Statement']);
    expect(properties(unreadStatements(unknown, 'Policy'))).toEqual(['Policy']);
    expect(unreadStatements({ Statement: known }, 'Policy')).toEqual([]);
    expect(statementsOf({ Statement: [unknown, known] })).toMatchObject([{ index: 1, effect: 'Allow' }]);
  });
});
