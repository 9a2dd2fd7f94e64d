import { parseJson } from '../json';
import { Refusal } from '../refusal';
import { headersOf, type Protocol } from './protocol';

/** What a SageMaker container may be sent through the gateway: text that can be screened. */
export const DATA_TYPES = ['text/csv', 'application/json', 'application/jsonlines', 'text/plain'] as const;

/** Names of SageMaker's errors by status, as its clients look for them (SageMaker Runtime API, "InvokeEndpoint"). */
const ERRORS: Readonly<Record<number, string>> = {
  400: 'ValidationError',
  404: 'ValidationError',
  413: 'ValidationError',
  415: 'ValidationError',
  422: 'ModelError',
  500: 'InternalFailure',
  502: 'ModelError',
  503: 'ServiceUnavailable',
};

/** `POST /invocations`: the body goes to the model as it came, and its answer comes back in the type that it has. */
export const INVOCATIONS: Protocol = {
  name: 'invocations',
  read: (body, call, takes) => {
    if (takes !== 'data') {
      throw new Refusal('PALISADE-W023', 'a language model is asked by /v1/chat/completions or /model/{id}/converse');
    }
    const contentType = (call.contentType ?? '').split(';')[0].trim().toLowerCase();
    if (!DATA_TYPES.some((type) => type === contentType)) {
      throw new Refusal('PALISADE-W012', `the content type is none of ${DATA_TYPES.join(', ')}`);
    }
    if (body === '') {
      throw new Refusal('PALISADE-W002', 'the body is empty');
    }
    if (contentType === 'application/json') {
      parseJson(body);
    }
    if (contentType === 'application/jsonlines') {
      for (const line of body.split('\n').filter((line) => line.trim() !== '')) {
        parseJson(line);
      }
    }
    return { question: { kind: 'data', contentType, accept: acceptOf(call.accept), body } };
  },
  answer: ({ text, contentType }, about) => ({
    status: 200,
    headers: headersOf(contentType ?? 'text/plain', about),
    body: text,
  }),
  refuse: (refusal, about) => ({
    status: refusal.status,
    headers: {
      ...headersOf('application/json', about, refusal),
      'x-amzn-errortype': ERRORS[refusal.status] ?? 'ModelError',
    },
    body: JSON.stringify({ code: refusal.code, message: refusal.message, Message: refusal.message }),
  }),
};

/** One of the known types, or none: what else stands in the header is no matter of the model's. */
function acceptOf(header = ''): string | undefined {
  const accepted = header.split(',').map((type) => type.split(';')[0].trim().toLowerCase());
  return DATA_TYPES.find((type) => accepted.includes(type));
}
