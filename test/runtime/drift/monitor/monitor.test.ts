import {
  CHART_KEY,
  type DriftDetected,
  driftMetricsLine,
  type MonitorPorts,
  type MonitorSettings,
  monitor,
  type Serving,
  stateKey,
  type Versioned,
  type WindowReport,
} from '../../../../runtime/drift/monitor';
import { line } from '../captures';
import { normal } from '../random';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-01T00:00:00Z');
const SETTINGS: MonitorSettings = {
  endpointName: 'prod-scoring',
  captures: 'captures/prod-scoring/AllTraffic',
  baselineWindows: 24,
  minimumRows: 30,
  arl0: 2000,
};

/** An endpoint with captures, hour by hour, and the monitor's bucket. */
class World implements MonitorPorts {
  serving_: Serving | undefined = { configuration: 'config-1', since: new Date(START), status: 'InService' };
  readonly objects = new Map<string, string>();
  readonly own = new Map<string, Versioned>();
  readonly reports: WindowReport[] = [];
  readonly raised: DriftDetected[] = [];
  failWrite = 0;

  readonly captures = {
    list: async function* (this: World, prefix: string) {
      for (const [key, body] of this.objects) {
        if (key.startsWith(prefix)) {
          yield { key, bytes: body.length };
        }
      }
    }.bind(this),
    open: async (key: string) => {
      const body = this.objects.get(key);
      return body === undefined ? undefined : { body: pieces(body), bytes: body.length };
    },
  };

  serving = async () => this.serving_;
  read = async (key: string) => this.own.get(key);
  draw = async (key: string, body: string) => void this.own.set(key, { body, etag: '' });
  report = (report: WindowReport) => void this.reports.push(report);
  raise = async (drift: DriftDetected) => void this.raised.push(drift);
  write = async (key: string, body: string, replacing?: string) => {
    if (this.failWrite-- === 1) {
      throw new Error('crash');
    }
    expect(this.own.get(key)?.etag).toBe(replacing);
    this.own.set(key, { body, etag: `${Number(replacing ?? 0) + 1}` });
  };

  /** Captures of an hour: requests of one number, which the model answers with `shift` more. */
  fill(hour: number, rows: number, next: () => number, { answer = 0, request = 0 } = {}): void {
    const at = new Date(START + hour * HOUR).toISOString();
    const folder = at.slice(0, 13).replaceAll(/[-T]/g, '/');
    const text = Array.from({ length: rows }, () => {
      const asked = 10 + next() + request;
      return line(`${asked}`, `${asked - request + next() + answer}`);
    });
    this.objects.set(`${SETTINGS.captures}/${folder}/a.jsonl`, text.join('\n'));
  }

  /** Runs the monitor after that many hours. */
  run = (hours: number) => monitor(this, SETTINGS, new Date(START + (hours + 1.5) * HOUR));

  state = (configuration = 'config-1') => JSON.parse(this.own.get(stateKey(configuration))?.body ?? 'null');
}

async function* pieces(body: string) {
  yield Buffer.from(body);
}

/** A world that was watched for so many hours, of which those from `at` on are moved. */
async function watched(hours: number, moved: { at?: number; answer?: number; request?: number; rows?: number } = {}) {
  const { at = Number.POSITIVE_INFINITY, rows = 60, ...shift } = moved;
  const world = new World();
  const next = normal(4);
  for (let hour = 0; hour < hours; hour++) {
    world.fill(hour, rows, next, hour >= at ? shift : {});
    await world.run(hour + 1);
  }
  return world;
}

test('answers that move are told within hours, with where they went; requests that stay are not', async () => {
  const world = await watched(60, { at: 48, answer: 0.6 });
  const first = world.raised[0];
  expect(first).toMatchObject({
    endpointName: 'prod-scoring',
    configuration: 'config-1',
    answer: { direction: 'up', windows: expect.any(Number) },
    columns: [],
  });
  const late = (Date.parse(first.window) - START) / HOUR - 48;
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(8);
  expect(world.reports.filter(({ answer }) => (answer ?? 0) > 1).length).toBeGreaterThan(0);
});

test('requests that move are told as such, though the answers stay', async () => {
  const world = await watched(60, { at: 48, request: -0.8 });
  expect(world.raised[0]).toMatchObject({ columns: [{ column: 0, direction: 'down' }] });
  expect(world.raised[0]).not.toHaveProperty('answer');
});

test('nothing is told of a model that stays, nor while its baseline is learned', async () => {
  const world = await watched(96);
  expect(world.raised).toEqual([]);
  expect(world.reports.slice(0, 24).every(({ judged }) => judged === 0)).toBe(true);
  expect(world.reports.slice(24).every(({ judged }) => judged === 2)).toBe(true);
});

test('the state stays as large as it was, and so does the chart', async () => {
  const world = await watched(60);
  const sizes = [stateKey('config-1'), CHART_KEY].map((key) => world.own.get(key)?.body.length ?? 0);
  const next = normal(8);
  for (let hour = 60; hour < 240; hour++) {
    world.fill(hour, 35, next);
  }
  for (let hour = 80; hour <= 240; hour += 20) {
    await world.run(hour);
  }
  expect(world.state().answer.points).toHaveLength(168);
  [stateKey('config-1'), CHART_KEY].forEach((key, index) => {
    expect(world.own.get(key)?.body.length).toBeLessThan(4.5 * sizes[index]);
  });
});

test('each hour is taken once, in order, also after a day without the monitor', async () => {
  const world = await watched(30);
  const next = normal(6);
  for (let hour = 30; hour < 40; hour++) {
    world.fill(hour, 60, next);
  }
  expect(await world.run(40)).toBe(10);
  expect(await world.run(40)).toBe(0);
  expect(world.reports.map(({ window }) => (Date.parse(window) - START) / HOUR)).toEqual([...Array(40).keys()]);
});

test('an hour whose state could not be written is taken again, and counts once', async () => {
  const [whole, broken] = [await watched(60, { at: 48, answer: 0.6 }), await watched(47)];
  for (let hour = 47; hour < 60; hour++) {
    const key = [...whole.objects.keys()][hour];
    broken.objects.set(key, whole.objects.get(key) ?? '');
    broken.failWrite = 1;
    await expect(broken.run(hour + 1)).rejects.toThrow('crash');
    await broken.run(hour + 1);
  }
  expect(broken.state()).toEqual(whole.state());
  expect([...new Set(broken.raised.map(({ window }) => window))]).toEqual(whole.raised.map(({ window }) => window));
});

test('another deployment has a baseline of its own, and one that is gone back to finds its own again', async () => {
  const world = await watched(40);
  const next = normal(5);
  const deploy = (configuration: string, hour: number) => {
    world.serving_ = { configuration, since: new Date(START + hour * HOUR + 60_000), status: 'InService' };
  };
  deploy('config-2', 40);
  for (let hour = 40; hour < 60; hour++) {
    world.fill(hour, 60, next, { answer: 5 });
    await world.run(hour + 1);
  }
  expect(world.raised).toEqual([]);
  // The hour in which both served belongs to neither.
  expect(world.reports.map(({ window }) => (Date.parse(window) - START) / HOUR)).not.toContain(40);
  deploy('config-1', 60);
  for (let hour = 60; hour < 64; hour++) {
    world.fill(hour, 60, next);
    await world.run(hour + 1);
  }
  expect(world.reports.at(-1)).toMatchObject({ judged: 2 });
  expect(world.raised).toEqual([]);
  expect(world.state('config-2').answer.points).toHaveLength(19);
});

test.each([undefined, 'Updating', 'Failed'])('an endpoint that is %s is not judged', async (status) => {
  const world = await watched(30);
  world.serving_ = status ? { configuration: 'config-1', since: new Date(START), status } : undefined;
  world.fill(30, 60, normal(1), { answer: 9 });
  expect(await world.run(31)).toBe(0);
});

test('hours with few requests are not judged, nor are answers in words', async () => {
  const world = await watched(30);
  world.fill(30, 20, normal(1), { answer: 9 });
  world.objects.set(`${SETTINGS.captures}/2026/11/02/07/a.jsonl`, Array(60).fill(line('10', 'approve')).join('\n'));
  await world.run(32);
  expect(world.reports.slice(-2)).toMatchObject([
    { requests: 20, judged: 0 },
    { requests: 60, judged: 1 },
  ]);
  expect(world.reports.at(-1)?.answer).toBeUndefined();
});

test('a state that somebody else wrote is refused', async () => {
  const world = await watched(3);
  for (const body of ['{}', 'no', JSON.stringify({ ...world.state(), next: 'soon' })]) {
    world.own.set(stateKey('config-1'), { body, etag: '9' });
    await expect(world.run(9)).rejects.toMatchObject({ code: 'PALISADE-F100' });
  }
});

test('metrics are one line, and what was not judged has none', () => {
  const report = { window: '2026-11-01T00:00:00.000Z', requests: 5, complete: true, judged: 0 };
  const metric = (more: object) => JSON.parse(driftMetricsLine({ ...report, ...more }, 'prod-scoring', 7));
  expect(metric({})).toMatchObject({ Requests: 5, Unjudged: 1, EndpointName: 'prod-scoring', complete: true });
  expect(metric({})).not.toHaveProperty('AnswerDrift');
  expect(metric({ answer: 1.2, worstColumn: 0.3, answerPsi: 0.2 })).toMatchObject({
    AnswerDrift: 1.2,
    RequestDrift: 0.3,
    AnswerPsi: 0.2,
    Unjudged: 0,
    _aws: { CloudWatchMetrics: [{ Namespace: 'Palisade/DriftMonitor', Dimensions: [['EndpointName']] }] },
  });
  expect(metric({ requests: 0 }).Unjudged).toBe(0);
});

test('the chart is the same for the same state, and holds nothing that runs', async () => {
  const [one, other] = [await watched(50, { at: 40, answer: 1 }), await watched(50, { at: 40, answer: 1 })];
  const svg = one.own.get(CHART_KEY)?.body ?? '';
  expect(other.own.get(CHART_KEY)?.body).toBe(svg);
  expect(svg).toMatch(/^<svg [^>]*>\n<title>Drift of prod-scoring<\/title>/);
  expect(svg).not.toMatch(/<script|href|url\(|on[a-z]+=/i);
  // A diamond for each alarm, in both charts of the answers.
  const alarms = one.state().answer.points.filter(({ alarm }: { alarm?: boolean }) => alarm).length;
  expect(svg.match(/Z" fill="#ab091e"/g)).toHaveLength(2 * alarms);
});
