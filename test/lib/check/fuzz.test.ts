import * as fc from 'fast-check';
import type { StackTemplate, Template } from '../../../lib/analysis';
import {
  type CheckReport,
  checkTemplates,
  jsonReport,
  junitReport,
  markdownReport,
  sarifReport,
  textReport,
} from '../../../lib/check';
import { RULES } from '../../../lib/compliance/rules';
import { securityDiff } from '../../../lib/diff/diff';
import { markdownDiff, textDiff } from '../../../lib/diff/diff-report';

/** Templates that are judged. The long run: `FUZZ_RUNS=1000000 npx jest test/lib/check/fuzz.test.ts`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);

/** Longest that one template may take, in milliseconds: far more than any needs, far less than a hang. */
const LIMIT = 5_000;

jest.setTimeout(60_000 + RUNS * 100);

/** Values that break what takes a template at its word. */
const HOSTILE = [
  null,
  true,
  -1,
  1e308,
  '',
  '*',
  '__proto__',
  'constructor',
  '\u0000\u2028\ud800',
  '${',
  '((((((((((a+)+)+)+)+)+)+)+)+)+)+b',
  'a'.repeat(20_000),
  [],
  {},
  [[[[[[]]]]]],
  { Ref: 'Self' },
  { 'Fn::GetAtt': ['Self', 'Arn'] },
  { 'Fn::If': ['Unknown', '*', { Ref: 'AWS::NoValue' }] },
  { 'Fn::Join': ['', ['arn:', { Ref: 'Self' }, { Ref: 'AWS::Region' }]] },
  { 'Fn::Unheard': 1 },
  { Statement: 'Allow' },
  { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: 7 }] },
  '{{resolve:ssm:/x}}',
  '0.0.0.0/0',
].map((value) => JSON.stringify(value));

/** Where the n-th value of a resource is replaced, or taken out. */
interface Change {
  readonly at: number;
  readonly value: string;
  readonly gone: boolean;
}

/** Minimal templates of the rules, a few at a time: together they name every type and property that a rule reads. */
const PARTS = RULES.flatMap(({ compliant, nonCompliant }) => [compliant, nonCompliant]).map((part) =>
  JSON.stringify(part),
);

const change = fc.record({ at: fc.nat(), value: fc.constantFrom(...HOSTILE), gone: fc.boolean() });
const template = fc
  .record({
    parts: fc.array(fc.nat(PARTS.length - 1), { minLength: 1, maxLength: 4 }),
    changes: fc.array(change, { maxLength: 5 }),
  })
  .map(({ parts, changes }) => mangled(parts, changes));

function mangled(parts: readonly number[], changes: readonly Change[]): StackTemplate {
  const Resources = Object.fromEntries(
    parts.flatMap((part, index) =>
      Object.entries(JSON.parse(PARTS[part])).map(([id, resource]) => [`${id}${index || ''}`, resource] as const),
    ),
  );
  const body = JSON.parse(
    JSON.stringify({
      Parameters: { P: { Type: 'String' } },
      Resources: { ...Resources, Self: { Type: 'AWS::S3::Bucket' } },
    }),
  );
  for (const { at, value, gone } of changes) {
    const places = placesIn(body);
    const [holder, key] = places[at % places.length] ?? [body, 'Resources'];
    if (!gone) {
      holder[key] = JSON.parse(value);
    } else if (Array.isArray(holder)) {
      holder.splice(Number(key), 1);
    } else {
      delete holder[key];
    }
  }
  return { stack: 'fuzz', region: 'eu-west-1', file: 'fuzz.json', template: body as Template };
}

function placesIn(value: object): [Record<string, unknown>, string][] {
  return Object.entries(value).flatMap(([key, item]) => [
    [value as Record<string, unknown>, key],
    ...(item !== null && typeof item === 'object' ? placesIn(item) : []),
  ]);
}

test('whatever a template holds, it is judged in the end, and a report can be written', () => {
  let [findings, runs] = [0, 0];
  const sarif = (report: CheckReport) => sarifReport(report, { version: '1.0.0' });
  fc.assert(
    fc.property(template, (stack) => {
      const started = Date.now();
      const report = checkTemplates([stack], RULES);
      findings += report.findings.length;
      for (const { rule, property, message, resource } of report.findings) {
        expect([typeof rule, typeof property, typeof message, typeof resource]).toEqual(Array(4).fill('string'));
      }
      for (const render of [textReport, junitReport, markdownReport, jsonReport, sarif].slice(
        runs % 5,
        (runs % 5) + 1,
      )) {
        expect(render(report).length).toBeGreaterThan(0);
      }
      runs += 1;
      expect(Date.now() - started).toBeLessThan(LIMIT);
    }),
    { numRuns: RUNS },
  );
  expect(findings).toBeGreaterThan(RUNS);
});

test('whatever two templates hold, they can be compared, and a template never differs from itself', () => {
  fc.assert(
    fc.property(template, template, (before, after) => {
      const diff = securityDiff({ templates: [before] }, { templates: [after] }, RULES);
      expect(textDiff(diff).length * markdownDiff(diff).length).toBeGreaterThan(0);
      const { added, resolved, weakened } = securityDiff({ templates: [after] }, { templates: [after] }, RULES);
      expect([added, resolved, weakened]).toEqual([[], [], []]);
    }),
    { numRuns: Math.ceil(RUNS / 10) },
  );
});
