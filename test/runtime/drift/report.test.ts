import { metricsLine, type ReportStore, reportDay } from '../../../runtime/drift';
import { sampleOf } from '../../../runtime/drift/sample';
import type { StoredObject } from '../../../runtime/training';
import { line, lines, range } from './captures';

const PREFIX = 'captures/prod-scoring/AllTraffic';
const DAY = '2026-11-25';
const BASELINE = 'baselines/captures/profile.json';

class MemoryStore implements ReportStore {
  readonly opened: string[] = [];
  constructor(readonly objects: Record<string, string>) {}

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    for (const key of Object.keys(this.objects).sort()) {
      if (key.startsWith(prefix)) {
        yield { key, bytes: Buffer.byteLength(this.objects[key]) };
      }
    }
  }

  async open(key: string) {
    this.opened.push(key);
    const text = this.objects[key];
    const body = (async function* () {
      yield Buffer.from(text);
    })();
    return { body, bytes: text.length };
  }

  async write(key: string, body: string): Promise<void> {
    this.objects[key] = body;
  }
}

const hour = (number: number, day = '2026/11/25') => `${PREFIX}/${day}/${String(number).padStart(2, '0')}/a.jsonl`;
const captured = (numbers: readonly number[]) => `${lines(numbers).join('\n')}\n`;
const report = (objects: Record<string, string>, day = DAY) => reportDay(new MemoryStore(objects), PREFIX, day);
const metrics = async (objects: Record<string, string>) =>
  JSON.parse(metricsLine(await report(objects), 'prod-scoring', 1_000));

test('a day is its UTC day, of this endpoint, whole', async () => {
  const objects = {
    [hour(0)]: captured(range(3)),
    [hour(23)]: captured(range(4)),
    [hour(23, '2026/11/24')]: captured(range(5)),
    [hour(0, '2026/11/26')]: captured(range(6)),
    [hour(0).replace('prod-scoring', 'prod-scoring-2')]: captured(range(7)),
    [hour(1).replace('.jsonl', '.tmp')]: captured(range(8)),
  };
  const { profile, sample } = await report(objects);
  expect(profile.requests).toBe(7);
  expect(sample).toMatchObject({ complete: true, objects: 2, of: { objects: 2 } });
});

test('a day without captures is reported as one', async () => {
  const objects: Record<string, string> = {};
  expect((await report(objects)).profile.requests).toBe(0);
  expect(Object.keys(objects)).toEqual([`monitoring/captures/${DAY}.json`]);
  expect(await metrics({})).toMatchObject({ Requests: 0, UnreadablePercent: 0, MissingPercent: 0, Uncompared: 0 });
});

test('the report of a first day, copied, is the baseline of the next', async () => {
  const objects = { [hour(0)]: captured(range(500)), [hour(0, '2026/11/26')]: captured(range(500, 250)) };
  const store = new MemoryStore(objects);
  expect((await reportDay(store, PREFIX, DAY)).comparison).toBeUndefined();
  store.objects[BASELINE] = store.objects[`monitoring/captures/${DAY}.json`];
  expect((await reportDay(store, PREFIX, DAY)).comparison?.answer).toEqual({ index: 0, verdict: 'stable' });
  expect((await reportDay(store, PREFIX, '2026-11-26')).comparison?.answer.verdict).toBe('act');
});

test('the same captures give the same bytes', async () => {
  const objects = { [hour(0)]: captured(range(500)), [hour(1)]: captured(range(300).map(Math.sqrt)) };
  const written = async (from: Record<string, string>) => {
    const copy = { ...from };
    await report(copy);
    return copy[`monitoring/captures/${DAY}.json`];
  };
  expect(await written(Object.fromEntries(Object.entries(objects).reverse()))).toBe(await written(objects));
});

test('a report quotes nobody', async () => {
  const secret = line('Ada Lovelace,123456789.25', '0.123456789');
  const others = range(40).map((number) => line(`name ${number},${number + 0.5}`, `${number / 100}`));
  const objects: Record<string, string> = { [hour(0)]: [secret, ...others].join('\n') };
  await report(objects);
  const text = objects[`monitoring/captures/${DAY}.json`];
  expect(text).not.toMatch(/Ada|name|123456789\.25|0\.123456789/);
  expect(JSON.parse(text).profile.columns[0]).toEqual({ rows: 41, missing: 0, text: 41 });
});

test.each([
  '{',
  '[]',
  '{"profile": {}}',
  '{"profile": {"requests": -1, "unreadable": 0, "columns": [], "answer": {}}}',
])('a baseline that is %s fails the run', async (text) => {
  const objects = { [BASELINE]: text, [hour(0)]: captured(range(3)) };
  await expect(report(objects)).rejects.toMatchObject({ code: 'PALISADE-I007', where: BASELINE });
});

describe('of more than may be read', () => {
  const found = range(40).map((number) => ({ key: `${number}.jsonl`, bytes: 10 }));

  test('so much is read, and it is said', () => {
    expect(sampleOf(found, { objects: 7, bytes: 1000 }).size).toEqual({
      objects: 7,
      bytes: 70,
      of: { objects: 40, bytes: 400 },
      complete: false,
    });
    expect(sampleOf(found, { objects: 100, bytes: 55 }).size).toMatchObject({ objects: 5, bytes: 50, complete: false });
    expect(sampleOf(found, { objects: 40, bytes: 400 }).size.complete).toBe(true);
  });

  test('the same is read each time, and not what comes first', () => {
    const chosen = (objects: StoredObject[]) =>
      sampleOf(objects, { objects: 10, bytes: 1000 }).chosen.map(({ key }) => key);
    expect(chosen([...found].reverse())).toEqual(chosen(found));
    const first = found.map(({ key }) => key).sort();
    expect(chosen(found).sort()).not.toEqual(first.slice(0, 10));
  });

  test('one object that is too large hides no other', () => {
    const large = { key: 'large.jsonl', bytes: 10_000 };
    const { chosen } = sampleOf([large, ...found], { objects: 100, bytes: 1000 });
    expect(chosen).toHaveLength(40);
  });

  test('the report of the day says it', async () => {
    const objects = Object.fromEntries(range(1001).map((number) => [`${hour(1)}${number}.jsonl`, captured([number])]));
    const { profile, sample } = await report(objects);
    expect(profile.requests).toBe(1000);
    expect(sample).toMatchObject({ complete: false, objects: 1000, of: { objects: 1001 } });
  });
});

describe('metrics', () => {
  const full = { [hour(0)]: captured(range(500)) };

  test('are in the embedded format, in one line', async () => {
    const text = metricsLine(await report({ ...full }), 'prod-scoring', 1_000);
    expect(text).not.toContain('\n');
    const { _aws, ...values } = JSON.parse(text);
    const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
    expect({ Namespace, Dimensions, Timestamp: _aws.Timestamp }).toEqual({
      Namespace: 'Palisade/CaptureMonitor',
      Dimensions: [['EndpointName']],
      Timestamp: 1_000,
    });
    for (const { Name } of Metrics) {
      expect(typeof values[Name]).toBe('number');
    }
  });

  test('without a baseline say so, and give no index', async () => {
    expect(await metrics(full)).toMatchObject({ Requests: 500, Uncompared: 1 });
    expect(await metrics(full)).not.toHaveProperty('AnswerPsi');
    expect(await metrics(full)).not.toHaveProperty('WorstColumnPsi');
  });

  test('with one give the index of the answer and of the worst column', async () => {
    const store = new MemoryStore({ ...full });
    await reportDay(store, PREFIX, DAY);
    const moved = range(500).map((number) => line(`${number + 400}`, `${number}`));
    const objects = { [BASELINE]: store.objects[`monitoring/captures/${DAY}.json`], [hour(0)]: moved.join('\n') };
    const { AnswerPsi, WorstColumnPsi, Uncompared } = await metrics(objects);
    expect({ AnswerPsi, Uncompared }).toEqual({ AnswerPsi: 0, Uncompared: 0 });
    expect(WorstColumnPsi).toBeGreaterThan(1);
  });

  test('give the share of what cannot be read, and of what the worst column lacks', async () => {
    const rows = [line('1,', '1'), line('1,2', '1'), line('1,', '1'), line('1,2', '1'), 'unreadable'];
    expect(await metrics({ [hour(0)]: rows.join('\n') })).toMatchObject({ UnreadablePercent: 20, MissingPercent: 50 });
  });
});
