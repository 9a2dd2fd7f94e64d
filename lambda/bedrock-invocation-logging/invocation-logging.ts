import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import * as z from 'zod';
import { PalisadeError } from '../../runtime/errors';
import type { CustomResourceOperations, CustomResourceRequest } from '../support/custom-resource';

/** The three Bedrock calls, and a wait. */
export interface InvocationLoggingApi {
  /** The configuration of this account and Region, if there is one. */
  get(): Promise<LoggingConfig | undefined>;
  put(configuration: LoggingConfig): Promise<void>;
  delete(): Promise<void>;
  sleep(ms: number): Promise<void>;
}

const Properties = z.object({
  LogGroupName: z.string().min(1),
  RoleArn: z.string().startsWith('arn:'),
  LargeDataBucket: z.string().min(3),
  LargeDataPrefix: z.string().min(1),
});
type Destination = z.infer<typeof Properties>;

/** A new role reaches every part of AWS within seconds; until then Bedrock calls it invalid or refuses this function. */
const PROPAGATION_ERRORS = ['AccessDeniedException', 'ValidationException'];
const PROPAGATION_WAIT_MS = 8000;
const MAX_ATTEMPTS = 8;

/**
 * Sets, moves and removes the invocation logging of an account and Region. There is only one, so a configuration
 * that somebody else wrote is neither overwritten nor deleted: PALISADE-A202 says whose it is.
 *
 * Throws PALISADE-A201 for properties that are not complete.
 */
export function invocationLogging(api: InvocationLoggingApi): CustomResourceOperations {
  const write = async (request: CustomResourceRequest, own: Destination[]) => {
    const wanted = own[0];
    const found = await patiently(api, () => api.get());
    if (isSet(found) && !own.some((destination) => writesTo(found, destination))) {
      throw foreign(request, found);
    }
    await patiently(api, () => api.put(configurationFor(wanted)));
    return undefined;
  };
  return {
    create: async (request) => write(request, [destinationOf(request, request.properties)]),
    update: async (request) =>
      write(request, [
        destinationOf(request, request.properties),
        destinationOf(request, request.oldProperties ?? request.properties),
      ]),
    async delete(request) {
      const own = Properties.safeParse(request.properties);
      const found = await api.get();
      if (found && own.success && writesTo(found, own.data)) {
        await api.delete();
      }
      return undefined;
    },
  };
}

function destinationOf(request: CustomResourceRequest, properties: Record<string, unknown>): Destination {
  const parsed = Properties.safeParse(properties);
  if (!parsed.success) {
    throw new PalisadeError({
      code: 'PALISADE-A201',
      where: request.logicalResourceId,
      problem: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      fix: 'create the resource through the AuditTrail construct',
    });
  }
  return parsed.data;
}

/** Text only: images, audio, video and embeddings stay out of the logs. */
function configurationFor(destination: Destination): LoggingConfig {
  return {
    cloudWatchConfig: {
      logGroupName: destination.LogGroupName,
      roleArn: destination.RoleArn,
      largeDataDeliveryS3Config: { bucketName: destination.LargeDataBucket, keyPrefix: destination.LargeDataPrefix },
    },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: false,
    embeddingDataDeliveryEnabled: false,
    videoDataDeliveryEnabled: false,
    audioDataDeliveryEnabled: false,
  };
}

/** Whether there is a configuration at all: one without a destination logs nothing. */
function isSet(configuration: LoggingConfig | undefined): configuration is LoggingConfig {
  return Boolean(configuration?.cloudWatchConfig ?? configuration?.s3Config);
}

/** Whether the configuration is ours: log group and role have names that CloudFormation made for this stack. */
function writesTo(configuration: LoggingConfig, destination: Destination): boolean {
  const cloudWatch = configuration.cloudWatchConfig;
  return cloudWatch?.logGroupName === destination.LogGroupName && cloudWatch.roleArn === destination.RoleArn;
}

function foreign(request: CustomResourceRequest, found: LoggingConfig): PalisadeError {
  const place = found.cloudWatchConfig?.logGroupName ?? found.s3Config?.bucketName ?? 'an unknown place';
  return new PalisadeError({
    code: 'PALISADE-A202',
    where: request.logicalResourceId,
    problem: `Bedrock already logs invocations of this account and Region to ${place}`,
    fix: 'keep that configuration and set bedrockInvocationLogging: false, or delete it first and deploy again',
  });
}

async function patiently<T>(api: InvocationLoggingApi, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const passing = error instanceof Error && PROPAGATION_ERRORS.includes(error.name);
      if (!passing || attempt === MAX_ATTEMPTS) {
        throw error;
      }
      await api.sleep(PROPAGATION_WAIT_MS);
    }
  }
}
