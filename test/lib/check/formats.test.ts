import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import {
  type CheckReport,
  checkTemplates,
  explain,
  type Finding,
  jsonReport,
  junitReport,
  markdownReport,
  sarifReport,
  textReport,
} from '../../../lib/check';
import { selectRules } from '../../../lib/check/select-rules';
import type { Rule } from '../../../lib/compliance/rule';
import { RULES } from '../../../lib/compliance/rules';
import { FAULTY, templateOf } from './templates';

const report = checkTemplates([templateOf(FAULTY)], RULES, {
  placeOf: ({ file }) => ({ file, line: 7, column: 3 }),
  sourceOf: ({ logicalId }) => (logicalId === 'Key' ? { file: 'lib/stack.ts', line: 12, column: 5 } : undefined),
  acceptedReason: ({ rule }) => (rule === 'TrailIntegrity' ? 'EX-1: tracked elsewhere' : undefined),
});

const withFindings = (findings: Finding[]): CheckReport => ({ ...report, findings });

test.each([textReport, markdownReport, junitReport, jsonReport])(
  '%p reports the rule of an organization, which is not in the registry of the pack',
  (render) => {
    const own = {
      ...(RULES.find(({ id }) => id === 'KmsRotation') as Rule),
      id: 'OwnRotation',
      fix: 'Ask the key team.',
    };
    expect(render(checkTemplates([templateOf(FAULTY)], [own]))).toContain('OwnRotation');
  },
);

describe('text', () => {
  const text = textReport(report);

  test('names the line, the property, what was found, and the fix once', () => {
    expect(text).toMatch(/KmsRotation\n\s+line 7\s+EnableKeyRotation: found nothing, expected true\n\s+fix: /);
  });

  test('puts errors before warnings within a resource, and accepted findings apart', () => {
    expect(text.indexOf('Accepted')).toBeGreaterThan(text.indexOf('KmsRotation'));
    expect(text).toContain('EX-1: tracked elsewhere');
    expect(text).not.toMatch(/error\s+TrailIntegrity/);
  });

  test('shouts no rule fifty times: three in full, the rest by name', () => {
    const keys = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`Key${index}`, FAULTY.Key]));
    const many = textReport(checkTemplates([templateOf(keys)], selectRules(RULES, ['KmsRotation'])));
    expect(many.match(/EnableKeyRotation: found/g)).toHaveLength(3);
    expect(many).toMatch(/KmsRotation also on 47: .*and 39 more/);
    expect(many.match(/fix:/g)).toHaveLength(1);
  });

  test('colours only where it is told to', () => {
    expect(text).not.toContain('\u001b[');
    expect(textReport(report, { colour: true })).toContain('\u001b[31merror');
  });
});

test('json is { findings, rules, summary } with the documented members', () => {
  const { findings, summary } = JSON.parse(jsonReport(report));
  expect(findings[0]).toEqual(
    expect.objectContaining({
      rule: expect.any(String),
      level: expect.stringMatching(/^(error|warning)$/),
      file: 'stack.json',
      line: 7,
      resource: expect.any(String),
      property: expect.any(String),
      message: expect.any(String),
      annexA: expect.any(Array),
    }),
  );
  expect(summary).toEqual(report.summary);
});

describe('sarif', () => {
  const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const validate = addFormats(new Ajv({ strict: false, unicodeRegExp: false })).compile(schema);
  const log = JSON.parse(sarifReport(report, { version: '1.2.3' }));
  const [{ results, tool, taxonomies }] = log.runs;

  test('is valid SARIF 2.1.0, and would not be without its runs', () => {
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...log, runs: undefined })).toBe(false);
  });

  test('has places in the template and, where known, in the program', () => {
    const key = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'KmsRotation');
    expect(key.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'stack.json' },
      region: { startLine: 7, startColumn: 3 },
    });
    expect(key.relatedLocations[0].physicalLocation.region).toEqual({ startLine: 12, startColumn: 5 });
  });

  test('gives accepted findings as suppressions with their justification, and no others', () => {
    const suppressed = results.filter((item: { suppressions?: unknown }) => item.suppressions);
    expect(new Set(suppressed.map((item: { ruleId: string }) => item.ruleId))).toEqual(new Set(['TrailIntegrity']));
    expect(suppressed[0].suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'EX-1: tracked elsewhere' },
    ]);
  });

  test('every rule index, taxon and relationship points at something that is there', () => {
    const rules = tool.driver.rules as {
      id: string;
      relationships: { target: { id: string; toolComponent: { name: string } } }[];
    }[];
    const taxa = new Map<string, string[]>(
      taxonomies.map((item: { name: string; taxa: { id: string }[] }) => [item.name, item.taxa.map(({ id }) => id)]),
    );
    for (const { ruleId, ruleIndex, taxa: own } of results) {
      expect(rules[ruleIndex].id).toBe(ruleId);
      for (const { id, toolComponent } of own) {
        expect(taxa.get(toolComponent.name)).toContain(id);
      }
    }
    for (const { target } of rules.flatMap(({ relationships }) => relationships)) {
      expect(taxa.get(target.toolComponent.name)).toContain(target.id);
    }
  });
});

describe('junit', () => {
  test('fails for open errors only, and names rules that found nothing as passed', () => {
    const xml = junitReport(report);
    const errors = report.findings.filter(({ level, accepted }) => level === 'error' && accepted === undefined);
    expect(xml.match(/<failure /g)).toHaveLength(errors.length);
    expect(xml).toContain(`failures="${errors.length}"`);
    expect(xml).toMatch(/<skipped message="accepted: EX-1/);
  });

  test('holds nothing that XML cannot, whatever a template says', () => {
    const [finding] = report.findings;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const xml = junitReport(withFindings([{ ...finding, message: text, resource: text, file: text }]));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
        expect(xml).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

test('markdown keeps what a template says within its cell', () => {
  const [finding] = report.findings.filter(({ accepted }) => accepted === undefined);
  const message = 'a | b\n<script> [x](http://e) @someone `code`';
  const markdown = markdownReport(withFindings([{ ...finding, message }]));
  const row = markdown.split('\n').find((line) => line.includes('&lt;script&gt;')) ?? '';
  expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
  expect(row).not.toMatch(/(?<!\\)\[x\]|(?<!\\)@someone/);
});

test.each(RULES.map((rule) => [rule.id, rule] as const))('explains %s in at most twenty lines', (_, rule) => {
  const lines = explain(rule).split('\n');
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(
    lines.filter((line) => /^(Why|Fix|Level|Judges|Annex A|Deploy|Run)\b/.test(line)).length,
  ).toBeGreaterThanOrEqual(7);
});
