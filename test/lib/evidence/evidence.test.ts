import * as fc from 'fast-check';
import {
  type EvidenceInput,
  evidenceFiles,
  type Finding,
  findingsOf,
  inventory,
  screen,
  statementOfApplicability,
  summarize,
} from '../../../lib/evidence';

const REPORT = {
  pluginReports: [
    {
      pluginName: 'Pack',
      violations: [
        {
          ruleName: 'Rule[b]',
          severity: 'ERROR',
          description: 'wrong',
          suggestedFix: 'mend',
          violatingConstructs: [{ constructPath: 'dev/b' }, { constructPath: 'dev/a' }],
        },
        { ruleName: 'Hint', severity: 'warning', description: 'look', violatingConstructs: [{}] },
      ],
      suppressedViolations: [
        {
          ruleName: 'Rule[a]',
          severity: 'error',
          description: 'wrong',
          violatingConstructs: [{ constructPath: 'dev/c' }],
          reason: 'EX-001: known',
        },
      ],
    },
  ],
};

const input = (findings: readonly Finding[]) => ({
  organization: 'Example',
  asOf: '2026-11-24',
  stages: ['dev'],
  stacks: inventory([
    { stack: 's', template: { Resources: { B: { Type: 'T2' }, A: { Type: 'T1' }, C: { Type: 'T1' } } } },
  ]),
  packs: ['Pack', 'Silent'],
  findings,
  exceptions: [
    { id: 'EX-002', expires: '2027-02-01' },
    { id: 'EX-001', expires: '2027-01-01' },
  ],
  declaredOnly: ['notes'],
});

test('findings come out flat and sorted, the accepted ones with their reason', () => {
  const findings = findingsOf(REPORT);
  expect(findings.map(({ rule, constructPath, accepted }) => [rule, constructPath, accepted])).toEqual([
    ['Hint', '', undefined],
    ['Rule[a]', 'dev/c', 'EX-001: known'],
    ['Rule[b]', 'dev/a', undefined],
    ['Rule[b]', 'dev/b', undefined],
  ]);
});

test('a summary counts open errors, warnings and accepted findings, and shows a pack that found nothing', () => {
  const summary = summarize(input(findingsOf(REPORT)));
  expect(summary.packs).toEqual([
    { pack: 'Pack', errors: 2, warnings: 1, accepted: 1 },
    { pack: 'Silent', errors: 0, warnings: 0, accepted: 0 },
  ]);
  expect(summary).toMatchObject({ errors: 2, resources: 3, stacks: [{ types: { T1: 2, T2: 1 } }] });
});

test('the screen names the open errors, the next exception to expire and what is declared only', () => {
  const text = screen(summarize(input(findingsOf(REPORT))), 'out');
  expect(text).toContain('Rule[b] at dev/a');
  expect(text).toContain('next to expire: EX-001 on 2027-01-01');
  expect(text).toContain('notes: declared, deployed to no stage');
  expect(text).toContain('out/evidence/summary.md');
});

test('the screen shows ten open errors and says how many more there are', () => {
  const finding = findingsOf(REPORT)[2];
  const text = screen(summarize(input(Array.from({ length: 13 }, () => finding))), 'out');
  expect(text.match(/Rule\[b\] at/g)).toHaveLength(10);
  expect(text).toContain('and 3 more');
});

function evidenceOf(findings: Finding[]): EvidenceInput {
  const summary = summarize(input(findings));
  const statement = statementOfApplicability({ ...summary, owner: 'o', rules: [], declarations: [], exclusions: [] });
  return { summary, findings, inventory: [], exceptions: [], rules: [], statement, registry: [], version: '1.0.0' };
}

test('whatever a template calls its resources, a row of summary.md stays one row', () => {
  const finding = findingsOf(REPORT)[2];
  fc.assert(
    fc.property(fc.string(), (name) => {
      const findings = [{ ...finding, constructPath: name }];
      const files = evidenceFiles(evidenceOf(findings));
      const [, section] = files['summary.md'].split('## Open findings');
      const rows = section
        .split('## Accepted')[0]
        .split('\n')
        .filter((line) => line.startsWith('|'));
      expect(rows).toHaveLength(3);
      expect(rows[2].replace(/\\./g, '').match(/\|/g)).toHaveLength(5);
    }),
  );
});

test('the same input gives the same bytes', () => {
  const files = () => {
    const findings = findingsOf(REPORT);
    return evidenceFiles(evidenceOf(findings));
  };
  expect(files()).toEqual(files());
});
