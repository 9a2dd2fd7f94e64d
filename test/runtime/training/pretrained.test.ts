import { createHash } from 'node:crypto';
import { judgeDataset, judgePretrained } from '../../../runtime/training';
import { MemoryStore } from './store';

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const PIN = {
  name: 'bert/model.safetensors',
  version: '2024-02',
  sha256: sha256('weights'),
  source: 'https://models.example.org/bert/model.safetensors',
  licence: 'Apache-2.0',
};
const FILE = `d/pretrained/${PIN.name}`;

test('the pinned file is accepted, and named', async () => {
  const store = new MemoryStore({ [FILE]: 'weights', 'd/a.csv': 'a\n1\n' });
  expect(await judgePretrained(store, 'd/', [PIN])).toEqual({ passed: true, reasons: [], pretrained: [PIN] });
  expect(store.opened).toEqual([FILE]);
});

test.each<[string, Record<string, string>, (typeof PIN)[]]>([
  ['another content under the pinned name', { [FILE]: 'Weights' }, [PIN]],
  ['the pinned content under another name', { 'd/pretrained/other.bin': 'weights' }, [PIN]],
  ['no pin at all', { [FILE]: 'weights' }, []],
  ['any file of that folder', { 'd/pretrained/readme.txt': 'weights' }, [PIN]],
  ['weights beside that folder', { 'd/images/x.PT': 'weights' }, [PIN]],
  ['a second file that is not pinned', { [FILE]: 'weights', 'd/pretrained/z.bin': 'z' }, [PIN]],
])('%s stops the run', async (_name, objects, pins) => {
  const { passed, reasons } = await judgePretrained(new MemoryStore(objects), 'd/', pins);
  expect(passed).toBe(false);
  expect(reasons).toEqual([{ code: 'PALISADE-S042', problem: expect.stringContaining('pinned') }]);
});

test('the quality gate refuses a dataset of good quality for a model that is not pinned', async () => {
  const thresholds = { minimumRows: 1, completeness: 0.9, uniqueness: 0.9, classBalance: 0 };
  const store = new MemoryStore({ 'd/a.csv': 'a\n1\n', [FILE]: 'weights' });
  const judged = (pretrained?: (typeof PIN)[]) =>
    judgeDataset(store, 'd/', { thresholds, maximumBytes: 9, pretrained });
  expect(await judged([PIN])).toMatchObject({ passed: true, rows: 1, pretrained: [PIN] });
  expect(await judged()).toMatchObject({ passed: false, reasons: [{ code: 'PALISADE-S042' }] });
});
