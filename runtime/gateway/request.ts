import { PalisadeError } from '../errors';

/** What a caller asks. */
export interface InferenceRequest {
  /** The user's message to a language model, or one or more CSV lines for a tabular one. At most 32,768 characters. */
  readonly input: string;
  /** Text that the answer must be grounded in. At most 32,768 characters. */
  readonly context?: string;
}

/** Longest input, in characters. */
export const MAXIMUM_INPUT = 32_768;
/** Longest context, in characters. */
export const MAXIMUM_CONTEXT = 32_768;

const FIELDS: Readonly<Record<keyof InferenceRequest, number>> = { input: MAXIMUM_INPUT, context: MAXIMUM_CONTEXT };

/**
 * JSON Schema of a request, for API Gateway's validator: what it lets through, `parseRequest` accepts, but for an empty
 * body.
 */
export const REQUEST_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['input'],
  properties: {
    input: { type: 'string', minLength: 1, maxLength: MAXIMUM_INPUT },
    context: { type: 'string', minLength: 1, maxLength: MAXIMUM_CONTEXT },
  },
} as const;

/** Reads a request body. Throws PALISADE-W001 for what is not JSON, PALISADE-W002 for what is not a request. */
export function parseRequest(body: string | null | undefined): InferenceRequest {
  const value = parseJson(body ?? '');
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw invalid('the body is not an object');
  }
  for (const [field, text] of Object.entries(value)) {
    if (!Object.hasOwn(FIELDS, field)) {
      throw invalid(`unknown field '${field.slice(0, 40)}'`);
    }
    const maximum = FIELDS[field as keyof InferenceRequest];
    if (typeof text !== 'string' || text.length === 0 || characters(text) > maximum) {
      throw invalid(`'${field}' is not a text of 1 to ${maximum} characters`);
    }
  }
  if (!Object.hasOwn(value, 'input')) {
    throw invalid("'input' is missing");
  }
  return value as InferenceRequest;
}

/** Unicode code points, as JSON Schema counts them. */
function characters(text: string): number {
  return [...text].length;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new PalisadeError({
      code: 'PALISADE-W001',
      where: 'body',
      problem: 'not JSON',
      fix: 'send {"input": "..."} as application/json',
    });
  }
}

function invalid(problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-W002',
    where: 'body',
    problem,
    fix: 'send {"input": "...", "context": "..."}; context may be left out',
  });
}
