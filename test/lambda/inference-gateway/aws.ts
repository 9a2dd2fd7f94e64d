import * as appconfig from '@aws-sdk/client-appconfigdata';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kms from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import * as sagemaker from '@aws-sdk/client-sagemaker-runtime';

/** What one fake service answers, by the name of the command; undefined for those that it has no answer to. */
export type Answers = (command: string, input: Record<string, unknown>) => unknown;

/** What was sent, in order. */
export interface Sent {
  readonly service: string;
  readonly command: string;
  readonly input: Record<string, unknown>;
}

/** By package: loaded once, since that takes longer than all the tests. */
const SDKS = [
  ['@aws-sdk/client-appconfigdata', appconfig, appconfig.AppConfigDataClient],
  ['@aws-sdk/client-bedrock-runtime', bedrock, bedrock.BedrockRuntimeClient],
  ['@aws-sdk/client-dynamodb', dynamodb, dynamodb.DynamoDBClient],
  ['@aws-sdk/client-kms', kms, kms.KMSClient],
  ['@aws-sdk/client-s3', s3, s3.S3Client],
  ['@aws-sdk/client-sagemaker-runtime', sagemaker, sagemaker.SageMakerRuntimeClient],
] as const;

const DEFAULTS: Answers = (command) =>
  ({
    GenerateMacCommand: { Mac: Buffer.from('someone') },
    GenerateDataKeyCommand: {
      Plaintext: Buffer.alloc(32, 1),
      CiphertextBlob: Buffer.from('wrapped'),
      KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/records',
    },
    PutObjectCommand: {},
    UpdateItemCommand: {},
    InvokeEndpointCommand: { Body: Buffer.from('0.7'), ContentType: 'text/csv' },
    ConverseCommand: {
      output: { message: { content: [{ text: 'hello' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 5, outputTokens: 2 },
    },
    StartConfigurationSessionCommand: { InitialConfigurationToken: 't1' },
    GetLatestConfigurationCommand: {
      Configuration: Buffer.from('{"stopped":false}'),
      NextPollConfigurationToken: 't2',
    },
  })[command];

/** Loads the gateway anew, as a cold start does, with fakes in the place of all its clients. */
export async function coldStart<T>(
  settings: Record<string, string>,
  load: () => T,
  answers: Answers = () => undefined,
): Promise<{ loaded: T; sent: Sent[] }> {
  jest.resetModules();
  const sent: Sent[] = [];
  for (const [name, sdk, client] of SDKS) {
    jest.doMock(name, () => sdk);
    const send = async (sending: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const command = sending.constructor.name;
      sent.push({ service: name.replace('@aws-sdk/client-', ''), command, input: sending.input });
      return answers(command, sending.input) ?? DEFAULTS(command, sending.input);
    };
    jest.spyOn(client.prototype, 'send').mockImplementation(send as never);
  }
  const before = process.env;
  process.env = { ...before, ...BASE, ...settings };
  try {
    return { loaded: load(), sent };
  } finally {
    process.env = before;
  }
}

export const BASE = {
  ACCOUNT: '111122223333',
  AWS_REGION: 'eu-west-1',
  PSEUDONYM_KEY: 'arn:aws:kms:eu-west-1:111122223333:key/pseudonym',
  RECORDS_BUCKET: 'evidence',
  SYSTEM: 'scoring',
};
