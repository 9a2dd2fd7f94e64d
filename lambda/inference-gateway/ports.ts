import { randomBytes } from 'node:crypto';
import { firstSignal } from '../../runtime/first-signal';
import { CircuitBreaker, type GatewayPorts, type GatewaySettings, type Model, StopFlag } from '../../runtime/gateway';
import type { EncodingContext } from '../../runtime/output-checks';
import { auditPorts, bodyPorts } from '../support/audit-ports';
import { limitStore } from '../support/limit-store';
import { type Bedrock, bedrockGuardrail, bedrockModel, type GuardrailReference } from './bedrock';
import { outputChecks, screening } from './checks';
import { sageMakerModel } from './sagemaker';
import { appConfigFlag } from './stop-flag';

/**
 * API Gateway waits 29 seconds. What comes after the model is the guardrail's 4 seconds and 2 for the record; what comes before is in
 * the time of the model.
 */
const ANSWER_WITHIN_MS = 21_000;

/** With others to turn to, a model that does not answer leaves them time. */
const SHARE_OF_FIRST = 0.6;

/** Settings of the function, as its construct sets them (docs/gateway.md). */
const {
  ALLOWED_LINKS = '',
  ANSWER_WITHIN_SECONDS = '',
  CANARY = 'true',
  ENDPOINT_NAME = '',
  FALLBACK_MODEL_IDS = '',
  GUARDRAIL = '',
  GUARDRAIL_VERSION = '',
  LIMITS_TABLE = '',
  MAXIMUM_TOKENS = '1024',
  MODEL_ID = '',
  OUTPUT_CONTEXT = '',
  REQUESTS_PER_MINUTE = '',
  SCREENING_FAILURE = 'block',
  STOP_FLAG = '',
  SYSTEM = '',
  TOKENS_PER_DAY = '',
  UNCERTAIN = 'block',
  UNTRUSTED_ARGUMENTS = '',
} = process.env;

const guardrail: GuardrailReference | undefined = GUARDRAIL
  ? { identifier: GUARDRAIL, version: GUARDRAIL_VERSION }
  : undefined;

/** SDKs are loaded when the first call needs them: which ones, the settings decide. */
const bedrock: Bedrock = once(async () => {
  const sdk = await import('@aws-sdk/client-bedrock-runtime');
  return { sdk, client: new sdk.BedrockRuntimeClient({}) };
});
const sageMaker = once(async () => {
  const sdk = await import('@aws-sdk/client-sagemaker-runtime');
  return { sdk, client: new sdk.SageMakerRuntimeClient({}) };
});
const dynamoDb = once(async () => {
  const sdk = await import('@aws-sdk/client-dynamodb');
  return { sdk, client: new sdk.DynamoDBClient({}) };
});
const appConfig = once(async () => {
  const sdk = await import('@aws-sdk/client-appconfigdata');
  return { sdk, client: new sdk.AppConfigDataClient({}) };
});

const answerWithin = ANSWER_WITHIN_SECONDS === '' ? ANSWER_WITHIN_MS : Number(ANSWER_WITHIN_SECONDS) * 1000;

/** How this gateway decides. */
export const settings: GatewaySettings = {
  system: SYSTEM,
  maximumTokens: Number(MAXIMUM_TOKENS),
  answerWithin,
  modelTimeout: FALLBACK_MODEL_IDS === '' ? answerWithin : answerWithin * SHARE_OF_FIRST,
  limits:
    LIMITS_TABLE === ''
      ? undefined
      : { requestsPerMinute: Number(REQUESTS_PER_MINUTE), tokensPerDay: Number(TOKENS_PER_DAY) },
  // Whatever is not said to be allowed is blocked.
  uncertain: UNCERTAIN === 'allow' ? 'allow' : 'block',
  screeningFailure: SCREENING_FAILURE === 'allow' ? 'allow' : 'block',
  canary: CANARY !== 'false',
  untrustedArguments: listed(UNTRUSTED_ARGUMENTS),
};

const audit = auditPorts();

/** What it needs of the outside. */
export const ports: GatewayPorts = {
  ...audit,
  ...bodyPorts(),
  models: models().map((model) => ({ model, breaker: new CircuitBreaker(Date.now) })),
  guardrail: guardrail && bedrockGuardrail(bedrock, guardrail),
  screening,
  outputChecks: outputChecks(listed(ALLOWED_LINKS), (OUTPUT_CONTEXT || undefined) as EncodingContext | undefined),
  stopped: flag(),
  limits: LIMITS_TABLE === '' ? undefined : limitStore(dynamoDb, LIMITS_TABLE),
  timeout: (milliseconds, cancel) => {
    const signal = AbortSignal.timeout(milliseconds);
    return cancel ? firstSignal(signal, cancel) : signal;
  },
  random: randomBytes,
};

/** Bedrock screens within the call; for SageMaker the guardrail stands in front and behind. */
function models(): Model[] {
  if (MODEL_ID) {
    // Without a guardrail there is no model: IAM would deny the call anyway.
    const modelIds = [MODEL_ID, ...listed(FALLBACK_MODEL_IDS)];
    return guardrail ? modelIds.map((modelId) => bedrockModel(bedrock, { modelId, guardrail })) : [];
  }
  return ENDPOINT_NAME ? [sageMakerModel(sageMaker, ENDPOINT_NAME)] : [];
}

/** `application/environment/profile`. */
function flag(): (() => Promise<boolean>) | undefined {
  if (STOP_FLAG === '') {
    return undefined;
  }
  const [application, environment, profile] = STOP_FLAG.split('/');
  const look = appConfigFlag(appConfig, { application, environment, profile });
  const known = new StopFlag(look, audit.report, audit.now);
  return () => known.stopped();
}

function listed(setting: string): string[] {
  return setting.split(',').filter((item) => item !== '');
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
