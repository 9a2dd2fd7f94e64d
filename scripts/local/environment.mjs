// Environment of every process that talks to the local AWS. The keys are moto's; real credentials never reach it.
export const ACCOUNT = '123456789012';

export function localEnvironment(endpoint, region) {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: region,
    NO_COLOR: '1',
    NODE_NO_WARNINGS: '1',
  };
}

/** Settings of an SDK client for the same place. */
export function clientSettings(environment) {
  return {
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY },
  };
}
