import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { handler } from '../../../lambda/capture-monitor';
import { lines, range } from '../../runtime/drift/captures';

const CAPTURES = 'captures/prod-scoring/AllTraffic';
const ADDRESS = { Bucket: 'captures-bucket', ExpectedBucketOwner: '111122223333' };

/** Answers like S3 with these objects, one to a page, and keeps what is written. */
function bucket(objects: Record<string, string>) {
  return jest.spyOn(S3Client.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof ListObjectsV2Command) {
      const { Prefix: prefix = '', ContinuationToken: token = '0' } = command.input;
      const found = Object.keys(objects).filter((key) => key.startsWith(prefix));
      const at = Number(token);
      return {
        Contents: found.slice(at, at + 1).map((key) => ({ Key: key, Size: objects[key].length })),
        NextContinuationToken: at + 1 < found.length ? String(at + 1) : undefined,
      };
    }
    if (command instanceof PutObjectCommand) {
      objects[String(command.input.Key)] = String(command.input.Body);
      return {};
    }
    return { Body: [Buffer.from(objects[String((command as GetObjectCommand).input.Key)])] };
  });
}

let printed: string[];
beforeEach(() => {
  printed = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  Object.assign(process.env, {
    ACCOUNT: '111122223333',
    BUCKET: 'captures-bucket',
    CAPTURES,
    ENDPOINT_NAME: 'prod-scoring',
  });
});
afterEach(() => jest.restoreAllMocks());

test('reports on the day before, from every page, in its bucket of its account', async () => {
  const objects = {
    [`${CAPTURES}/2026/11/25/00/a.jsonl`]: lines(range(2)).join('\n'),
    [`${CAPTURES}/2026/11/25/07/b.jsonl`]: lines(range(3)).join('\n'),
    [`${CAPTURES}/2026/11/26/00/c.jsonl`]: lines(range(4)).join('\n'),
  };
  const send = bucket(objects);
  expect(await handler({ time: '2026-11-26T03:00:00Z' })).toEqual({ day: '2026-11-25', requests: 5 });
  expect(Object.keys(objects)).toContain('monitoring/captures/2026-11-25.json');
  for (const [command] of send.mock.calls) {
    expect(command.input).toMatchObject(ADDRESS);
  }
});

test('asks for a baseline only where one is listed: S3 would answer 403', async () => {
  const send = bucket({});
  await handler({ time: '2026-11-26T03:00:00Z' });
  expect(send.mock.calls.filter(([command]) => command instanceof GetObjectCommand)).toEqual([]);
});

test('prints its metrics, and nothing before or after them', async () => {
  bucket({ [`${CAPTURES}/2026/11/25/00/a.jsonl`]: lines(range(2)).join('\n') });
  await handler({ time: '2026-11-26T03:00:00Z' });
  expect(printed).toHaveLength(1);
  expect(JSON.parse(printed[0])).toMatchObject({ EndpointName: 'prod-scoring', Requests: 2, day: '2026-11-25' });
});

test('prints no metrics of a day that it could not report, so that the alarm on silence goes off', async () => {
  bucket({ 'baselines/captures/profile.json': '{}' });
  await expect(handler({ time: '2026-11-26T03:00:00Z' })).rejects.toMatchObject({ code: 'PALISADE-I007' });
  expect(printed).toEqual([]);
});

test.each([
  ['2027-01-01T03:00:00Z', '2026-12-31'],
  ['2028-03-01T00:00:00Z', '2028-02-29'],
])('the day before %s is %s', async (time, day) => {
  bucket({});
  expect((await handler({ time })).day).toBe(day);
});

test.each([undefined, null, {}, { time: 'yesterday' }, { time: '2026-11-26' }, { time: 7 }])(
  'an event without a time is refused: %j',
  async (event) => {
    const send = bucket({});
    await expect(handler(event)).rejects.toMatchObject({ code: 'PALISADE-I008' });
    expect(send).not.toHaveBeenCalled();
  },
);

test('a function without its settings says which one is missing', async () => {
  delete process.env.CAPTURES;
  await expect(handler({ time: '2026-11-26T03:00:00Z' })).rejects.toMatchObject({
    code: 'PALISADE-T014',
    where: 'environment.CAPTURES',
  });
});
