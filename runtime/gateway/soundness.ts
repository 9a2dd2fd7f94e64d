import { MAXIMUM_DEPTH } from './json';
import type { AnswerEvent, Finish, ModelAnswer, ToolCall, Usage } from './question';

const FINISHES: Readonly<Record<Finish, true>> = {
  stop: true,
  length: true,
  'tool-calls': true,
  'content-filter': true,
};
/** What a header may hold, and no more than a type is long. */
const CONTENT_TYPE = /^[\x20-\x7e]{1,256}$/;

/** The answer, if it has the form that it claims: everything after a model takes its answer at its word. Throws what counts as its failure. */
export function soundAnswer(answer: ModelAnswer | undefined): ModelAnswer {
  const { text, toolCalls = [], finish = 'stop', usage, contentType = 'text/plain' } = answer ?? {};
  const sound =
    typeof text === 'string' &&
    Array.isArray(toolCalls) &&
    toolCalls.every(isCall) &&
    Object.hasOwn(FINISHES, finish) &&
    isUsage(usage) &&
    CONTENT_TYPE.test(contentType);
  if (!answer || !sound) {
    throw new Error('the model gave an answer of no known form');
  }
  return answer;
}

/** The same for a piece of an answer. */
export function soundEvent(event: AnswerEvent): AnswerEvent {
  const sound =
    (event?.kind === 'text' && typeof event.text === 'string') ||
    (event?.kind === 'tool-call' && isCall(event.call)) ||
    (event?.kind === 'end' && Object.hasOwn(FINISHES, event.finish) && isUsage(event.usage));
  if (!sound) {
    throw new Error('the model gave a piece of no known form');
  }
  return event;
}

function isCall(call: ToolCall | null): boolean {
  return typeof call?.id === 'string' && typeof call.name === 'string' && isJson(call.input, MAXIMUM_DEPTH);
}

function isUsage(usage: Usage | undefined): boolean {
  return usage === undefined || (isCount(usage.inputTokens) && isCount(usage.outputTokens));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Whether a value is what JSON can say, nested no deeper than a body may be. */
function isJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (depth > 0 && Object.values(value).every((part) => isJson(part, depth - 1)));
    default:
      return false;
  }
}
