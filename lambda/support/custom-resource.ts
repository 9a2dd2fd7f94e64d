import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { PalisadeError } from '../../runtime/errors';

/** CloudFormation answers on https; plain http only on loopback, where a local AWS listens. */
const RESPONSE_URL = /^(https:\/\/|http:\/\/localhost:\d+\/)/;

/** What CloudFormation asks for, without the parts that only the protocol needs. */
export interface CustomResourceRequest {
  /** Id of the resource: CloudFormation's for an update or deletion, a stable one made from stack and logical id for a creation. */
  readonly physicalResourceId: string;
  /** Name in the template. */
  readonly logicalResourceId: string;
  /** ARN of the stack. */
  readonly stackId: string;
  /** Properties from the template; CloudFormation turns every scalar into a string. Not validated. */
  readonly properties: Record<string, unknown>;
  /** Properties before an update. Not validated. */
  readonly oldProperties?: Record<string, unknown>;
}

/** What an operation answers. */
export interface CustomResourceResult {
  /** A new id makes CloudFormation delete the old resource after an update. @default - the request's id */
  readonly physicalResourceId?: string;
  /** Attributes for `Fn::GetAtt`. The whole answer must stay under 4,096 bytes. @default - none */
  readonly data?: Record<string, string>;
  /** Masks `data` in CloudFormation's own output. @default false */
  readonly noEcho?: boolean;
}

/** Does one operation. May be called again with the same request, so it must be idempotent. Throws to refuse. */
export type CustomResourceOperation = (request: CustomResourceRequest) => Promise<CustomResourceResult | undefined>;

/** The three operations of a custom resource. `delete` is also called after a failed creation. */
export interface CustomResourceOperations {
  readonly create: CustomResourceOperation;
  readonly update: CustomResourceOperation;
  readonly delete: CustomResourceOperation;
}

/** What the handler needs from outside; tests supply their own. */
export interface CustomResourceDependencies {
  /** Puts `body` to `url` and resolves to the HTTP status; rejects when there is none within `timeoutMs`. */
  put(url: string, body: string, timeoutMs: number): Promise<number>;
  /** Resolves after `ms` milliseconds, or rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Writes one line to the function's log. */
  log(line: Record<string, unknown>): void;
}

/** The part of the Lambda context that the handler reads. */
export interface RemainingTime {
  getRemainingTimeInMillis(): number;
}

/** Limit of the response body (AWS CloudFormation User Guide, "Custom resource response objects"). */
const MAX_BODY_BYTES = 4096;
/** What is kept back from the function's timeout for the answer. */
const ANSWER_RESERVE_MS = 2000;
/** Waits before the second and the third attempt to answer. */
const RETRY_DELAYS_MS = [100, 300];
const MAX_ATTEMPT_MS = 5000;

const LIVE: CustomResourceDependencies = {
  async put(url, body, timeoutMs) {
    const response = await fetch(url, {
      method: 'PUT',
      // The URL is signed for an empty content type.
      headers: { 'content-type': '' },
      body: Buffer.from(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.status;
  },
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
  log: (line) => console.log(JSON.stringify(line)),
};

/**
 * Makes a Lambda handler of three operations that answers CloudFormation on every path: success, refusal, crash, and
 * two seconds before the function's own timeout. Without an answer a stack hangs for an hour.
 *
 * The answer is tried three times within the time that is left; if none arrives, the handler throws, so that Lambda
 * delivers the event again. Neither the signed URL nor the properties are logged.
 *
 * Throws PALISADE-A101 for an event that is not from CloudFormation, PALISADE-A102 when the answer did not arrive.
 * Answers with PALISADE-A103 when an operation takes too long, PALISADE-A104 when its data is too large.
 */
export function customResourceHandler(
  operations: CustomResourceOperations,
  dependencies: CustomResourceDependencies = LIVE,
): (event: CloudFormationCustomResourceEvent, context: RemainingTime) => Promise<void> {
  return async (event, context) => {
    requireCloudFormation(event);
    const request = requestOf(event);
    const body = await respond(operations[operationOf(event)], event, request, context, dependencies);
    dependencies.log({
      requestType: event.RequestType,
      logicalResourceId: event.LogicalResourceId,
      ...outcomeOf(body),
    });
    await answer(event, body, context, dependencies);
  };
}

function operationOf(event: CloudFormationCustomResourceEvent): keyof CustomResourceOperations {
  return ({ Create: 'create', Update: 'update', Delete: 'delete' } as const)[event.RequestType];
}

function requireCloudFormation(event: CloudFormationCustomResourceEvent): void {
  const fields = [event?.RequestId, event?.StackId, event?.LogicalResourceId, event?.ResponseURL];
  const complete = fields.every((field) => typeof field === 'string' && field.length > 0);
  const known = ['Create', 'Update', 'Delete'].includes(event?.RequestType);
  const identified = event?.RequestType === 'Create' || typeof event?.PhysicalResourceId === 'string';
  if (!complete || !known || !identified || !RESPONSE_URL.test(event.ResponseURL)) {
    throw new PalisadeError({
      code: 'PALISADE-A101',
      where: String(event?.LogicalResourceId ?? 'event'),
      problem: 'the event is not a custom resource request with an https ResponseURL',
      fix: 'invoke the function through CloudFormation only',
    });
  }
}

function requestOf(event: CloudFormationCustomResourceEvent): CustomResourceRequest {
  return {
    physicalResourceId: event.RequestType === 'Create' ? stableId(event) : event.PhysicalResourceId,
    logicalResourceId: event.LogicalResourceId,
    stackId: event.StackId,
    properties: withoutProtocol(event.ResourceProperties),
    oldProperties: event.RequestType === 'Update' ? withoutProtocol(event.OldResourceProperties) : undefined,
  };
}

/** The same for every delivery of a creation, so that a repeated event never makes a second resource. */
function stableId(event: CloudFormationCustomResourceEvent): string {
  const digest = createHash('sha256').update(`${event.StackId}\n${event.LogicalResourceId}`).digest('hex');
  return `${event.LogicalResourceId.slice(0, 64)}-${digest.slice(0, 16)}`;
}

function withoutProtocol(properties: Record<string, unknown> = {}): Record<string, unknown> {
  const { ServiceToken: _token, ServiceTimeout: _timeout, ...own } = properties;
  return own;
}

/** Runs the operation against the clock and gives the body of the answer, whatever happens. */
async function respond(
  operation: CustomResourceOperation,
  event: CloudFormationCustomResourceEvent,
  request: CustomResourceRequest,
  context: RemainingTime,
  { sleep, log }: CustomResourceDependencies,
): Promise<string> {
  const finished = new AbortController();
  const budget = Math.max(0, context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS);
  const tooLate = async (): Promise<never> => {
    await sleep(budget, finished.signal);
    throw new PalisadeError({
      code: 'PALISADE-A103',
      where: event.LogicalResourceId,
      problem: `the operation did not finish within ${budget} ms`,
      fix: 'look for a slow or unreachable service in the function log, then deploy again',
    });
  };
  try {
    // The operation starts in a microtask, so that one which throws before its first await is answered too.
    const result = await Promise.race([Promise.resolve().then(() => operation(request)), tooLate()]);
    return success(event, request, result ?? {});
  } catch (error) {
    log({ requestType: event.RequestType, logicalResourceId: event.LogicalResourceId, error: textOf(error) });
    return failure(event, request, textOf(error));
  } finally {
    finished.abort();
  }
}

function envelope(event: CloudFormationCustomResourceEvent, physicalResourceId: string) {
  return {
    PhysicalResourceId: physicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  };
}

function success(
  event: CloudFormationCustomResourceEvent,
  request: CustomResourceRequest,
  result: CustomResourceResult,
): string {
  const body = JSON.stringify({
    Status: 'SUCCESS',
    ...envelope(event, result.physicalResourceId ?? request.physicalResourceId),
    NoEcho: result.noEcho ?? false,
    Data: result.data ?? {},
  });
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) {
    throw new PalisadeError({
      code: 'PALISADE-A104',
      where: event.LogicalResourceId,
      problem: `the answer has ${Buffer.byteLength(body)} bytes, CloudFormation takes ${MAX_BODY_BYTES}`,
      fix: 'return a reference, such as an ARN or object key, instead of the value',
    });
  }
  return body;
}

/** The answer to a refusal. The reason is cut to what fits, counted in bytes after JSON escaping. */
function failure(event: CloudFormationCustomResourceEvent, request: CustomResourceRequest, reason: string): string {
  const bodyWith = (characters: string[]) =>
    JSON.stringify({
      Status: 'FAILED',
      Reason: characters.join('') || 'see the function log',
      ...envelope(event, request.physicalResourceId),
    });
  const characters = [...reason];
  let fits = 0;
  let tooMany = characters.length + 1;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (Buffer.byteLength(bodyWith(characters.slice(0, middle))) <= MAX_BODY_BYTES) {
      fits = middle;
    } else {
      tooMany = middle;
    }
  }
  return bodyWith(characters.slice(0, fits));
}

function textOf(error: unknown): string {
  if (error instanceof PalisadeError) {
    return error.message;
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function outcomeOf(body: string): { status: string; bytes: number } {
  return { status: JSON.parse(body).Status, bytes: Buffer.byteLength(body) };
}

/** Delivers the answer; each attempt may take half of the time that is left, so that all three fit. */
async function answer(
  event: CloudFormationCustomResourceEvent,
  body: string,
  context: RemainingTime,
  { put, sleep, log }: CustomResourceDependencies,
): Promise<void> {
  for (const wait of [0, ...RETRY_DELAYS_MS]) {
    if (wait > 0) {
      await sleep(wait);
    }
    const timeout = Math.max(1, Math.min(MAX_ATTEMPT_MS, Math.floor(context.getRemainingTimeInMillis() / 2)));
    // An error of the sender may quote the signed URL: only its name is kept.
    const outcome = await put(event.ResponseURL, body, timeout).catch((error: unknown) =>
      error instanceof Error ? error.name : 'error',
    );
    if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) {
      return;
    }
    log({ logicalResourceId: event.LogicalResourceId, answerNotDelivered: outcome });
  }
  throw new PalisadeError({
    code: 'PALISADE-A102',
    where: event.LogicalResourceId,
    problem: `CloudFormation did not take the answer in ${1 + RETRY_DELAYS_MS.length} attempts`,
    fix: 'Lambda delivers the event again; if that fails too, look for a blocked route to Amazon S3',
  });
}
