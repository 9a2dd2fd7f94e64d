import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';

/** The service answers from memory. */
const TIMEOUT_MS = 2_000;
/** The least that AppConfig takes. */
const POLL_SECONDS = 15;

/** The SDK, loaded when the first call needs it, and its client. */
export type AppConfig = () => Promise<{
  readonly client: AppConfigDataClient;
  readonly sdk: typeof import('@aws-sdk/client-appconfigdata');
}>;

/** Where a flag is kept. */
export interface FlagPlace {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/**
 * Reads `{"stopped": true}` or `{"stopped": false}` from AppConfig. Gives undefined where nothing has changed since the last
 * look; rejects anything else that it finds, so that the flag counts as set once it was not seen for long enough.
 */
export function appConfigFlag(appConfig: AppConfig, place: FlagPlace): () => Promise<boolean | undefined> {
  let token: string | undefined;
  return async () => {
    const { client, sdk } = await appConfig();
    const abortSignal = AbortSignal.timeout(TIMEOUT_MS);
    if (token === undefined) {
      const session = await client.send(
        new sdk.StartConfigurationSessionCommand({
          ApplicationIdentifier: place.application,
          EnvironmentIdentifier: place.environment,
          ConfigurationProfileIdentifier: place.profile,
          RequiredMinimumPollIntervalInSeconds: POLL_SECONDS,
        }),
        { abortSignal },
      );
      token = session.InitialConfigurationToken;
    }
    const used = token;
    // Good for one call. After a failure a new session begins.
    token = undefined;
    const answer = await client.send(new sdk.GetLatestConfigurationCommand({ ConfigurationToken: used }), {
      abortSignal,
    });
    token = answer.NextPollConfigurationToken;
    return read(Buffer.from(answer.Configuration ?? []).toString('utf8'));
  };
}

function read(text: string): boolean | undefined {
  if (text === '') {
    return undefined;
  }
  const { stopped } = JSON.parse(text) as { stopped?: unknown };
  if (typeof stopped !== 'boolean') {
    throw new Error('the flag says neither that the system is stopped nor that it is not');
  }
  return stopped;
}
