import { type CanonicalValue, canonicalJson } from '../integrity/canonical-json';
import { utf8 } from './bytes';
import { fault } from './fault';
import { type Fields, fieldsOf, must, readFields, SHA256, textOf } from './strict-json';
import type { Direction } from './wire';

/** Headers that go in with a request; a caller's credentials do not. */
export const REQUEST_HEADERS = ['accept', 'content-type', 'x-amzn-sagemaker-custom-attributes'] as const;
/** Headers that come out with an answer. */
export const ANSWER_HEADERS = ['content-type', 'x-amzn-sagemaker-custom-attributes', 'x-request-id'] as const;

/** What the model is asked, beside the body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query on the model's server, such as `/invocations`. */
  readonly path: string;
  /** Names in lower case, of `REQUEST_HEADERS`. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256, in hexadecimal, of the attestation document that the client verified. @default - no receipt is wanted */
  readonly attestation?: string;
}

/** What the model says, beside the body. */
export interface AnswerHead {
  /** HTTP status of the model's server, 200 to 599. */
  readonly status: number;
  /** Names in lower case, of `ANSWER_HEADERS`. */
  readonly headers: Readonly<Record<string, string>>;
}

const METHOD = /^(GET|POST|PUT|PATCH|DELETE)$/;
/** No second slash and no backslash at its start: URL parsers would read a host there. */
const PATH = /^\/(?![/\\])[\x21-\x7e]{0,2047}$/;
/** One line of text. SageMaker allows 1,024 characters of custom attributes (API reference, InvokeEndpoint). */
const HEADER = /^[\x20-\x7e]{0,1024}$/;

/** The text of a request's head. Throws PALISADE-E210 for what the other side would not read. */
export function writeRequestHead(head: RequestHead): Uint8Array {
  return write(head, 'request', requestHead);
}

/** Throws PALISADE-E210. */
export function readRequestHead(bytes: Uint8Array): RequestHead {
  return read(bytes, 'request', requestHead);
}

/** The text of an answer's head. Throws PALISADE-E210 for what the other side would not read. */
export function writeAnswerHead(head: AnswerHead): Uint8Array {
  return write(head, 'answer', answerHead);
}

/** Throws PALISADE-E210. */
export function readAnswerHead(bytes: Uint8Array): AnswerHead {
  return read(bytes, 'answer', answerHead);
}

/** What is written is read, so that nobody sends what the other side refuses. */
function write<T extends object>(head: T, direction: Direction, parse: (text: string) => T): Uint8Array {
  return checked(() => {
    const text = canonicalJson({ ...head } as CanonicalValue);
    parse(text);
    return utf8(text);
  }, direction);
}

function read<T>(bytes: Uint8Array, direction: Direction, parse: (text: string) => T): T {
  return checked(() => parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)), direction);
}

function checked<T>(parse: () => T, direction: Direction): T {
  try {
    return parse();
  } catch (error) {
    throw fault('E210', `head of the ${direction}`, (error as Error).message, 'caller');
  }
}

function requestHead(text: string): RequestHead {
  const fields = readFields(text, ['headers', 'method', 'path'], ['attestation']);
  return {
    method: textOf(fields, 'method', METHOD),
    path: textOf(fields, 'path', PATH),
    headers: headersOf(fields, REQUEST_HEADERS),
    ...(fields.attestation !== undefined && { attestation: textOf(fields, 'attestation', SHA256) }),
  };
}

function answerHead(text: string): AnswerHead {
  const fields = readFields(text, ['headers', 'status']);
  const status = fields.status as number;
  must(Number.isInteger(status) && status >= 200 && status <= 599, 'status is not one of 200 to 599');
  return { status, headers: headersOf(fields, ANSWER_HEADERS) };
}

function headersOf(fields: Fields, allowed: readonly string[]): Readonly<Record<string, string>> {
  const headers = fieldsOf(fields.headers, [], allowed);
  return Object.fromEntries(Object.keys(headers).map((name) => [name, textOf(headers, name, HEADER)]));
}

/** Those of `headers` that pass, with their names in lower case. */
export function passing(headers: Iterable<readonly [string, string]>, allowed: readonly string[]) {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [name.toLowerCase(), value]).filter(([name]) => allowed.includes(name)),
  );
}
