import { setTimeout as sleep } from 'node:timers/promises';
import {
  BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import { customResourceHandler } from '../support/custom-resource';
import { invocationLogging } from './invocation-logging';

const bedrock = new BedrockClient({});

/** Custom resource `Custom::BedrockInvocationLogging`. */
export const handler = customResourceHandler(
  invocationLogging({
    async get() {
      return (await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig;
    },
    async put(loggingConfig) {
      await bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig }));
    },
    async delete() {
      await bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
    },
    async sleep(ms) {
      await sleep(ms);
    },
  }),
);
