import * as fs from 'node:fs';
import * as path from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { RULES } from '../../../lib/compliance/rules';
import {
  assessmentResults,
  componentDefinition,
  type RuleResult,
  statementOfApplicability,
} from '../../../lib/evidence';

const SCHEMAS = path.join(__dirname, '../../../../shared/schemas');
const hasSchemas = fs.existsSync(SCHEMAS);
if (!hasSchemas) {
  console.log('skipped: OSCAL schemas, ../shared/schemas is missing');
}

const facts = { organization: 'Example Bank', asOf: '2026-11-24', version: '1.2.3' };
const rules: RuleResult[] = [
  {
    rule: 'ISO42001-KmsRotation',
    annexA: ['A.4.5'],
    detects: false,
    violations: 1,
    unresolvable: 0,
    compliant: ['app/Key'],
    notApplicable: 2,
    accepted: 1,
    openErrors: 0,
  },
];
const statement = statementOfApplicability({
  ...facts,
  owner: 'o@example.com',
  rules,
  declarations: [],
  exclusions: [],
});
const results = assessmentResults(statement, rules, facts) as {
  'assessment-results': { results: { findings: { title: string; target: { status: { state: string } } }[] }[] };
};

function validator(name: string): ValidateFunction {
  const schema = JSON.parse(fs.readFileSync(path.join(SCHEMAS, `oscal-${name}-1.2.1.schema.json`), 'utf8'));
  return addFormats(new Ajv({ strict: false, allErrors: true })).compile(schema);
}

(hasSchemas ? test : test.skip)(
  'the component definition is valid OSCAL, and would not be without its metadata',
  () => {
    const validate = validator('component-definition');
    const document = componentDefinition(RULES, facts) as Record<string, object>;
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(validate({ 'component-definition': { ...document['component-definition'], metadata: undefined } })).toBe(
      false,
    );
  },
);

(hasSchemas ? test : test.skip)('the assessment results are valid OSCAL, also without any evidence', () => {
  const validate = validator('assessment-results');
  expect(validate(results) ? [] : validate.errors).toEqual([]);
  expect(validate(assessmentResults(statement, [], facts)) ? [] : validate.errors).toEqual([]);
});

test('a control is satisfied only by evidence', () => {
  const [{ findings }] = results['assessment-results'].results;
  const satisfied = findings.filter(({ target }) => target.status.state === 'satisfied').map(({ title }) => title);
  expect(satisfied).toEqual(['A.4.5 System and computing resources']);
  expect(findings).toHaveLength(38);
});

test('the same input gives the same bytes: ids come from names', () => {
  const again = assessmentResults(statement, rules, facts);
  expect(JSON.stringify(again)).toBe(JSON.stringify(results));
});
