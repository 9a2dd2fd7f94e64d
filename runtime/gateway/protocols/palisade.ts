import { readJson } from '../json';
import type { Schema } from '../schema';
import { type Asked, headersOf, type Protocol } from './protocol';

/** What a caller asks. */
interface InferenceRequest {
  /** The user's message to a language model, or one or more CSV lines for a tabular one. At most 32,768 characters. */
  readonly input: string;
  /** Text that the answer must be grounded in. At most 32,768 characters. */
  readonly context?: string;
}

/** Longest input, in characters. */
export const MAXIMUM_INPUT = 32_768;
/** Longest context, in characters. */
export const MAXIMUM_CONTEXT = 32_768;

/** JSON Schema of a request, for API Gateway's validator too. */
export const REQUEST_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['input'],
  properties: {
    input: { type: 'string', minLength: 1, maxLength: MAXIMUM_INPUT },
    context: { type: 'string', minLength: 1, maxLength: MAXIMUM_CONTEXT },
  },
} as const satisfies Schema;

const JSON_TYPE = 'application/json';

/** `POST /invoke`: one text in, one text out. A tabular model takes the text as CSV. */
export const PALISADE: Protocol = {
  name: 'palisade',
  read: (body, _call, takes) => askedFor(readJson(body, REQUEST_SCHEMA), takes),
  answer: ({ text }, about) => ({
    status: 200,
    headers: headersOf(JSON_TYPE, about),
    body: JSON.stringify({ output: text }),
  }),
  refuse: (refusal, about) => ({
    status: refusal.status,
    headers: headersOf(JSON_TYPE, about, refusal),
    body: JSON.stringify({ code: refusal.code, message: refusal.message }),
  }),
};

function askedFor({ input, context }: InferenceRequest, takes: 'chat' | 'data'): Asked {
  if (takes === 'data') {
    return { question: { kind: 'data', contentType: 'text/csv', accept: 'text/csv', body: input } };
  }
  const document = context === undefined ? [] : [{ kind: 'text', text: context, provenance: 'document' } as const];
  const parts = [...document, { kind: 'text', text: input, provenance: 'user' } as const];
  return { question: { kind: 'chat', system: [], turns: [{ role: 'user', parts }] } };
}
