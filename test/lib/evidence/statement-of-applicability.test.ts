import * as fc from 'fast-check';
import { ANNEX_A, type AnnexAId } from '../../../lib/compliance/annex-a';
import {
  type Declaration,
  type RuleResult,
  statementCsv,
  statementMarkdown,
  statementOfApplicability,
} from '../../../lib/evidence';

const CONTROLS = Object.keys(ANNEX_A) as AnnexAId[];

const rule = (change: Partial<RuleResult>): RuleResult => ({
  rule: 'ISO42001-Example',
  annexA: ['A.4.5'],
  detects: false,
  violations: 0,
  unresolvable: 0,
  compliant: ['app/Bucket'],
  notApplicable: 0,
  accepted: 0,
  openErrors: 0,
  ...change,
});

const declaration = (change: Partial<Declaration> = {}): Declaration => ({
  control: 'A.4.5',
  record: 'manifests/organization.yaml: policy',
  statement: 'It is so',
  owner: 'owner@example.com',
  approver: 'approver@example.com',
  validUntil: '2027-01-01',
  ...change,
});

const statement = (
  rules: RuleResult[],
  declarations: Declaration[] = [],
  exclusions: { control: string; reason: string; owner: string; approver: string }[] = [],
) =>
  statementOfApplicability({
    organization: 'Example Bank',
    asOf: '2026-11-24',
    owner: 'executive@example.com',
    rules,
    declarations,
    exclusions,
  });

const row = (control: string, ...input: Parameters<typeof statement>) =>
  statement(...input).controls.find(({ id }) => id === control);

test('a rule that found a resource compliant enforces its control, and links to both', () => {
  expect(row('A.4.5', [rule({})])).toMatchObject({
    status: 'enforced',
    gap: false,
    rules: [{ rule: 'ISO42001-Example', compliant: 1 }],
    resources: ['app/Bucket'],
  });
});

test.each([
  ['only notices', rule({ detects: true }), 'detected', false],
  ['judged nothing', rule({ compliant: [] }), 'absent', true],
  ['found only what is accepted', rule({ compliant: [], accepted: 1 }), 'absent', true],
  ['has an open error', rule({ openErrors: 1 }), 'absent', true],
])('a rule that %s leaves its control %#', (_, evidence, status, gap) => {
  expect(row('A.4.5', [evidence])).toMatchObject({ status, gap });
});

test('an open error is a gap even where another rule enforces the control', () => {
  const rules = [rule({}), rule({ rule: 'ISO42001-Other', openErrors: 1 })];
  expect(row('A.4.5', rules)).toMatchObject({
    status: 'enforced',
    gap: true,
    gapReason: expect.stringContaining('ISO42001-Other'),
  });
});

test.each([
  ['that somebody accepted and that is in time', declaration(), 'declared'],
  ['that nobody accepted', declaration({ approver: undefined }), 'absent'],
  ['that its owner accepted', declaration({ approver: 'owner@example.com' }), 'absent'],
  ['whose time has run out', declaration({ validUntil: '2026-11-23' }), 'absent'],
])('a declaration %s gives %#', (_, claim, status) => {
  expect(row('A.4.5', [], [claim])).toMatchObject({ status, gap: status === 'absent' });
});

test('an excluded control is no gap, and says why and who approved', () => {
  const exclusion = {
    control: 'A.10.4',
    reason: 'No customer uses it',
    owner: 'o@example.com',
    approver: 'a@example.com',
  };
  expect(row('A.10.4', [], [], [exclusion])).toMatchObject({
    applicable: false,
    gap: false,
    justification: 'No customer uses it (approved by a@example.com)',
  });
});

test('whatever the evidence: 38 rows, no enforcement without a resource, no gap hidden, no exclusion without reason', () => {
  const rules = fc.array(
    fc.record({
      annexA: fc.uniqueArray(fc.constantFrom(...CONTROLS), { maxLength: 3 }),
      detects: fc.boolean(),
      compliant: fc.array(fc.constantFrom('a', 'b')),
      openErrors: fc.nat(2),
      accepted: fc.nat(2),
    }),
    { maxLength: 12 },
  );
  const declared = fc.array(
    fc.record({
      control: fc.constantFrom(...CONTROLS),
      approver: fc.constantFrom(undefined, 'owner@example.com', 'b'),
    }),
  );
  const excluded = fc.uniqueArray(fc.constantFrom(...CONTROLS), { maxLength: 4 });
  fc.assert(
    fc.property(rules, declared, excluded, (changes, claims, out) => {
      const { controls } = statement(
        changes.map((change, index) => rule({ ...change, rule: `Rule${index}` })),
        claims.map((claim) => declaration(claim)),
        out.map((control) => ({ control, reason: 'r', owner: 'o', approver: 'a' })),
      );
      expect(controls.map(({ id }) => id)).toEqual(CONTROLS);
      for (const { id, status, applicable, gap, resources, rules: links, justification } of controls) {
        expect(applicable).toBe(!out.some((control) => control === id));
        expect(justification).not.toBe('');
        if (status === 'enforced' || status === 'detected') {
          expect(resources.length).toBeGreaterThan(0);
        }
        expect(gap).toBe(applicable && (status === 'absent' || links.some(({ openErrors }) => openErrors > 0)));
      }
    }),
  );
});

test('Markdown and CSV show all controls; a field that looks like a formula is given as text', () => {
  const soa = statement([rule({})], [declaration({ owner: '=cmd()' })]);
  expect(statementMarkdown(soa).match(/^## A\./gm)).toHaveLength(38);
  const csv = statementCsv(soa);
  expect(csv.split('\r\n').filter(Boolean)).toHaveLength(39);
  expect(csv).toContain('"\'=cmd()"');
});
