import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import {
  type InvocationLoggingApi,
  invocationLogging,
} from '../../../lambda/bedrock-invocation-logging/invocation-logging';
import type { CustomResourceRequest } from '../../../lambda/support/custom-resource';

const OWN = {
  LogGroupName: 'own-log',
  RoleArn: 'arn:aws:iam::111122223333:role/own',
  LargeDataBucket: 'own-bucket',
  LargeDataPrefix: 'large',
};
const NEXT = { ...OWN, LogGroupName: 'next-log' };
const FOREIGN: LoggingConfig = {
  cloudWatchConfig: { logGroupName: 'their-log', roleArn: 'arn:aws:iam::111122223333:role/theirs' },
};

/** Bedrock with one configuration; the first calls fail with the given errors. */
class FakeBedrock implements InvocationLoggingApi {
  slept = 0;
  constructor(
    public configuration?: LoggingConfig,
    private readonly errors: string[] = [],
  ) {}
  async get() {
    return this.configuration;
  }
  async put(configuration: LoggingConfig) {
    const name = this.errors.shift();
    if (name) {
      throw Object.assign(new Error('not yet'), { name });
    }
    this.configuration = configuration;
  }
  async delete() {
    this.configuration = undefined;
  }
  async sleep(ms: number) {
    this.slept += ms;
  }
}

function request(properties: Record<string, unknown>, oldProperties?: Record<string, unknown>): CustomResourceRequest {
  return { physicalResourceId: 'id', logicalResourceId: 'Configuration', stackId: 'stack', properties, oldProperties };
}

async function configured(properties = OWN): Promise<FakeBedrock> {
  const bedrock = new FakeBedrock();
  await invocationLogging(bedrock).create(request(properties));
  return bedrock;
}

test('logs text, and no images, audio, video or embeddings', async () => {
  expect((await configured()).configuration).toEqual({
    cloudWatchConfig: {
      logGroupName: 'own-log',
      roleArn: OWN.RoleArn,
      largeDataDeliveryS3Config: { bucketName: 'own-bucket', keyPrefix: 'large' },
    },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: false,
    embeddingDataDeliveryEnabled: false,
    videoDataDeliveryEnabled: false,
    audioDataDeliveryEnabled: false,
  });
});

test('a repeated creation changes nothing, and mends what was changed by hand', async () => {
  const bedrock = await configured();
  const first = bedrock.configuration;
  bedrock.configuration = { ...first, textDataDeliveryEnabled: false };
  await invocationLogging(bedrock).create(request(OWN));
  expect(bedrock.configuration).toEqual(first);
});

test('an update moves its own configuration, from the old place or from the new one', async () => {
  const bedrock = await configured();
  await invocationLogging(bedrock).update(request(NEXT, OWN));
  await invocationLogging(bedrock).update(request(NEXT, OWN));
  expect(bedrock.configuration?.cloudWatchConfig?.logGroupName).toBe('next-log');
});

test('a foreign bucket is respected like a foreign log group', async () => {
  const bedrock = new FakeBedrock({ s3Config: { bucketName: 'their-bucket' } });
  await expect(invocationLogging(bedrock).create(request(OWN))).rejects.toMatchObject({
    code: 'PALISADE-A202',
    problem: expect.stringContaining('their-bucket'),
  });
});

test.each(['create', 'update'] as const)('%s refuses to overwrite what somebody else configured', async (operation) => {
  const bedrock = new FakeBedrock(FOREIGN);
  await expect(invocationLogging(bedrock)[operation](request(NEXT, OWN))).rejects.toMatchObject({
    code: 'PALISADE-A202',
    problem: expect.stringContaining('their-log'),
  });
  expect(bedrock.configuration).toBe(FOREIGN);
});

test('a configuration without a destination belongs to nobody', async () => {
  const bedrock = new FakeBedrock({});
  await invocationLogging(bedrock).create(request(OWN));
  expect(bedrock.configuration?.cloudWatchConfig?.logGroupName).toBe('own-log');
});

test('deletion removes its own configuration', async () => {
  const bedrock = await configured();
  await invocationLogging(bedrock).delete(request(OWN));
  expect(bedrock.configuration).toBeUndefined();
});

test.each([
  ['of somebody else', FOREIGN],
  ['that is gone', undefined],
])('deletion leaves a configuration %s', async (_what, configuration) => {
  const bedrock = new FakeBedrock(configuration);
  await invocationLogging(bedrock).delete(request(OWN));
  expect(bedrock.configuration).toBe(configuration);
});

test('deletion after a creation that was refused for its properties succeeds', async () => {
  const bedrock = new FakeBedrock(FOREIGN);
  await invocationLogging(bedrock).delete(request({}));
  expect(bedrock.configuration).toBe(FOREIGN);
});

test('waits for a new role to reach Bedrock, and not without end', async () => {
  const soon = new FakeBedrock(undefined, ['ValidationException', 'AccessDeniedException']);
  await invocationLogging(soon).create(request(OWN));
  expect(soon.configuration).toBeDefined();
  const never = new FakeBedrock(undefined, Array(100).fill('ValidationException'));
  await expect(invocationLogging(never).create(request(OWN))).rejects.toMatchObject({ name: 'ValidationException' });
  expect(never.slept).toBeLessThan(60_000);
});

test('does not repeat what waiting cannot mend', async () => {
  const bedrock = new FakeBedrock(undefined, ['InternalServerException']);
  await expect(invocationLogging(bedrock).create(request(OWN))).rejects.toMatchObject({
    name: 'InternalServerException',
  });
  expect(bedrock.slept).toBe(0);
});

test.each([{}, { ...OWN, RoleArn: 'role' }, { ...OWN, LogGroupName: 7 }])(
  'refuses properties %p',
  async (properties) => {
    const bedrock = new FakeBedrock();
    await expect(invocationLogging(bedrock).create(request(properties))).rejects.toMatchObject({
      code: 'PALISADE-A201',
    });
    expect(bedrock.configuration).toBeUndefined();
  },
);
