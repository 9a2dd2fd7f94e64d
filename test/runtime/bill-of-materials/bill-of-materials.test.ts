import {
  type BillVersion,
  billOfMaterials,
  type ModelBill,
  readBill,
  requirePinned,
} from '../../../runtime/bill-of-materials';
import { cycloneDxSchema } from './cyclonedx';

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });
const digest = (digit: string) => digit.repeat(64);

const PIN = {
  name: 'bert-base',
  version: '2024-02',
  sha256: digest('b'),
  source: 'https://models.example.org/bert-base.safetensors',
  licence: 'Apache-2.0',
};
const BILL: ModelBill = {
  name: 'credit-scoring',
  version: '7',
  sha256: digest('a'),
  task: 'classification',
  metrics: { auc: 0.81, demographic_parity_difference: 0.04 },
  datasets: [{ name: 'loan-performance', version: '2026-10', sha256: digest('c'), classification: 'confidential' }],
  libraries: [
    { name: 'xgboost', version: '1.7.6', purl: 'pkg:pypi/xgboost@1.7.6', licence: 'Apache-2.0' },
    { name: 'numpy', version: '2.1.0', purl: 'pkg:pypi/numpy@2.1.0' },
  ],
  pretrained: [PIN],
  training: {
    run: 'run-1',
    commit: 'f'.repeat(40),
    image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/train@sha256:${digest('d')}`,
    hyperparameters: { max_depth: '5' },
    seeds: { train: 7 },
  },
  time: new Date('2026-11-26T12:00:00Z'),
};

describe.each<BillVersion>(['1.6', '1.7'])('CycloneDX %s', (version) => {
  const validate = cycloneDxSchema(version);

  test("what is written holds by CycloneDX's own schema, with and without optional parts", () => {
    const small = {
      ...BILL,
      pretrained: [],
      libraries: [],
      metrics: {},
      task: undefined,
      time: undefined,
      training: { ...BILL.training, hyperparameters: {}, seeds: {} },
    };
    for (const bill of [BILL, small]) {
      const valid = validate(JSON.parse(billOfMaterials(bill, version)));
      expect(validate.errors ?? []).toEqual([]);
      expect(valid).toBe(true);
    }
  });

  test('that schema can fail', () => {
    expect(validate({ ...JSON.parse(billOfMaterials(BILL, version)), components: [{ type: 'thing', name: 1 }] })).toBe(
      false,
    );
  });

  test('the same bill gives the same text, and says what made the model', () => {
    expect(billOfMaterials(BILL, version)).toBe(billOfMaterials({ ...BILL }, version));
    const bill = readBill(billOfMaterials(BILL, version));
    expect(bill.components.map(({ type }) => type)).toEqual([
      'machine-learning-model',
      'data',
      'container',
      'library',
      'library',
    ]);
    expect(bill.dependencies[0].dependsOn).toHaveLength(5);
    expect(JSON.stringify(bill.formulation)).toContain('"max_depth"');
  });
});

test.each<[string, Partial<ModelBill>, string]>([
  ['a digest that is none', { sha256: 'abc' }, 'S040'],
  ['a source that is not https', { pretrained: [{ ...PIN, source: 'http://models.example.org/x' }] }, 'S040'],
  ['a library without version', { libraries: [{ ...BILL.libraries[0], purl: 'pkg:pypi/xgboost' }] }, 'S040'],
  ['a metric that is no number', { metrics: { auc: Number.NaN } }, 'S040'],
  ['a metric without end', { metrics: { auc: Number.POSITIVE_INFINITY } }, 'S040'],
  ['a time that is none', { time: new Date('never') }, 'S040'],
  ['an image by its tag', { training: { ...BILL.training, image: 'train:latest' } }, 'S040'],
  ['one dataset twice', { datasets: [BILL.datasets[0], BILL.datasets[0]] }, 'S041'],
])('%s is refused', (_name, change, code) => {
  expect(() => billOfMaterials({ ...BILL, ...change })).toThrow(refused(code));
});

test('a reference that leads nowhere is refused, which the schema does not see', () => {
  const text = billOfMaterials(BILL).replace('"ref":"data:loan-performance@2026-10"', '"ref":"data:other@1"');
  expect(cycloneDxSchema('1.6')(JSON.parse(text))).toBe(true);
  expect(() => readBill(text)).toThrow(refused('S041'));
  expect(() => readBill('{')).toThrow(refused('S040'));
  expect(() => readBill(billOfMaterials(BILL).replace('"version":1', '"note":1,"version":1'))).toThrow(refused('S040'));
});

test.each<[string, unknown]>([
  ['Apache-2.0', { license: { id: 'Apache-2.0' } }],
  ['apache-2', { license: { name: 'apache-2' } }],
  ['Llama Community License', { license: { name: 'Llama Community License' } }],
  ['(MIT OR Apache-2.0) AND BSD-3-Clause', { expression: '(MIT OR Apache-2.0) AND BSD-3-Clause' }],
  ['MIT OR apache-2', { license: { name: 'MIT OR apache-2' } }],
  ['MIT Apache-2.0', { license: { name: 'MIT Apache-2.0' } }],
  ['MIT )', { license: { name: 'MIT )' } }],
  ['(MIT', { license: { name: '(MIT' } }],
  ['MIT OR', { license: { name: 'MIT OR' } }],
  ['MIT ( Apache-2.0 )', { license: { name: 'MIT ( Apache-2.0 )' } }],
  ['GPL-2.0-only WITH Classpath-exception-2.0', { license: { name: 'GPL-2.0-only WITH Classpath-exception-2.0' } }],
])("the licence '%s' is written as CycloneDX's schema has it", (licence, written) => {
  const text = billOfMaterials({ ...BILL, pretrained: [{ ...PIN, licence }] });
  expect(readBill(text).components[0]).toMatchObject({ licenses: [written] });
  expect(cycloneDxSchema('1.6')(JSON.parse(text))).toBe(true);
});

test('an identifier that SPDX does not list is refused, by us and by the schema', () => {
  const text = billOfMaterials(BILL).replace('"id":"Apache-2.0"', '"id":"Apache-9"');
  expect(cycloneDxSchema('1.6')(JSON.parse(text))).toBe(false);
  expect(() => readBill(text)).toThrow(refused('S040'));
});

test('a bill has one form: names twice, white space, and more than its length are refused', () => {
  const text = billOfMaterials(BILL);
  expect(() => readBill(text.replace('"bomFormat"', '"bomFormat":"Other","bomFormat"'))).toThrow(refused('S040'));
  expect(() => readBill(` ${text}`)).toThrow(refused('S040'));
  expect(() => readBill(text.padEnd(4 * 1024 * 1024 + 1))).toThrow(/longer than/);
  expect(() => readBill('['.repeat(100_000) + ']'.repeat(100_000))).toThrow(refused('S040'));
});

test('a pretrained model is accepted by its digest alone', () => {
  expect(requirePinned([PIN], 'bert-base', digest('b'))).toBe(PIN);
  expect(() => requirePinned([PIN], 'bert-base', digest('0'))).toThrow(refused('S042'));
  expect(() => requirePinned([PIN], 'other', digest('b'))).toThrow(refused('S042'));
  expect(() => requirePinned([], 'bert-base', digest('b'))).toThrow(refused('S042'));
});
