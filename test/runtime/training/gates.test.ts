import { gzipSync } from 'node:zlib';
import { judgeDataset, judgeRun, parseEvaluation } from '../../../runtime/training';
import { tar } from '../artifact-scan/support';
import { MemoryStore } from './store';

const SETTINGS = {
  thresholds: { minimumRows: 2, completeness: 0.9, uniqueness: 0.9, classBalance: 0 },
  maximumBytes: 100,
};
const REPORT = '{"rows": 5000, "duplicates": 0, "missing": {"age": 0}}';

describe('quality gate', () => {
  test('a report is believed, and the data is not read', async () => {
    const store = new MemoryStore({ 'd/v1/quality-report.json': REPORT, 'd/v1/a.csv': 'a\n'.repeat(1000) });
    expect(await judgeDataset(store, 'd/v1/', SETTINGS)).toMatchObject({ passed: true, source: 'report', rows: 5000 });
    expect(store.opened).toEqual(['d/v1/quality-report.json']);
  });

  test('without a report, the tables are measured', async () => {
    const store = new MemoryStore({ 'd/v1/a.csv': 'a\n1\n2\n', 'd/v1/b.csv': 'a\n3\n', 'd/v2/c.csv': 'a\n1\n1\n1\n' });
    expect(await judgeDataset(store, 'd/v1/', SETTINGS)).toEqual({
      passed: true,
      reasons: [],
      pretrained: [],
      source: 'measurement',
      rows: 3,
    });
  });

  test.each([
    ['nothing to measure', { 'd/v1/a.parquet': 'PAR1' }, 'PALISADE-T024'],
    ['too much to measure', { 'd/v1/a.csv': 'a\n'.repeat(51) }, 'PALISADE-T024'],
    ['a broken report', { 'd/v1/quality-report.json': '{}' }, 'PALISADE-T011'],
    ['a report that is too long', { 'd/v1/quality-report.json': ' '.repeat(2 ** 20 + 1) }, 'PALISADE-T024'],
    ['a broken table', { 'd/v1/a.csv': 'a,b\n1\n' }, 'PALISADE-T024'],
    ['bad data', { 'd/v1/a.csv': 'a,b\n1,\n2,\n' }, 'PALISADE-T021'],
  ])('%s stops the run with a reason', async (_, objects, code) => {
    const { passed, reasons } = await judgeDataset(
      new MemoryStore(objects as Record<string, string>),
      'd/v1/',
      SETTINGS,
    );
    expect(passed).toBe(false);
    expect(reasons.map((reason) => reason.code)).toContain(code);
  });

  test('an error of the store is no verdict', async () => {
    const store = new MemoryStore({ 'd/v1/a.csv': 'a\n1\n2\n' });
    store.open = () => Promise.reject(new Error('timeout'));
    await expect(judgeDataset(store, 'd/v1/', SETTINGS)).rejects.toThrow('timeout');
  });

  test.each(['', 'd/v1', '/d/'])('a prefix %p is refused', async (prefix) => {
    await expect(judgeDataset(new MemoryStore({}), prefix, SETTINGS)).rejects.toThrow('prefix');
  });
});

describe('evaluation gate', () => {
  const THRESHOLDS = [
    { metric: 'auc', minimum: 0.8 },
    { metric: 'fairness.gap', maximum: 0.1 },
  ];
  const output = (content: string | Buffer, name = 'evaluation.json') =>
    new MemoryStore({ 'runs/j/output/output.tar.gz': gzipSync(tar([{ name, content: Buffer.from(content) }])) });
  const judge = (store: MemoryStore) => judgeRun(store, 'runs/j/output/output.tar.gz', THRESHOLDS);

  test('metrics on their thresholds pass, and only they are reported', async () => {
    const store = output('{"auc": 0.8, "fairness": {"gap": 0.1}, "loss": 3}');
    expect(await judge(store)).toEqual({ passed: true, reasons: [], metrics: { auc: 0.8, 'fairness.gap': 0.1 } });
  });

  test.each([
    ['a metric below', output('{"auc": 0.79, "fairness": {"gap": 0}}'), ['PALISADE-T031']],
    ['a metric above', output('{"auc": 0.9, "fairness": {"gap": 0.2}}'), ['PALISADE-T032']],
    ['metrics that are missing', output('{"f1": 1}'), ['PALISADE-T030', 'PALISADE-T030']],
    ['text for a number', output('{"auc": "0.9"}'), ['PALISADE-T012']],
    ['no evaluation', output('{}', 'log.txt'), ['PALISADE-T033']],
    ['no output', new MemoryStore({}), ['PALISADE-T033']],
    ['an evaluation that is too long', output(Buffer.alloc(2 ** 20 + 1, ' ')), ['PALISADE-T034']],
    ['an archive that is none', new MemoryStore({ 'runs/j/output/output.tar.gz': 'x' }), ['PALISADE-T034']],
    ['an archive that climbs', output('{"auc": 1}', '../evaluation.json'), ['PALISADE-T034']],
  ])('%s stops the run', async (_, store, codes) => {
    const { passed, reasons } = await judge(store);
    expect(passed).toBe(false);
    expect(reasons.map(({ code }) => code)).toEqual(codes);
  });

  test('numbers beyond any range, and nesting without end, are refused', () => {
    for (const text of ['{"a": 1e999}', `${'{"a":'.repeat(10)}1${'}'.repeat(10)}`, '[]', 'null']) {
      expect(() => parseEvaluation(text, 'x')).toThrow(expect.objectContaining({ code: 'PALISADE-T012' }));
    }
  });

  test('a metric named as a member of every object is not found by accident', async () => {
    const { reasons } = await judgeRun(output('{"auc": 1}'), 'runs/j/output/output.tar.gz', [
      { metric: 'constructor', minimum: 0 },
    ]);
    expect(reasons.map(({ code }) => code)).toEqual(['PALISADE-T030']);
  });
});
