import type { AnswerEvent, Finish, Question, ToolCall, Usage } from '../question';
import type { Refusal } from '../refusal';

/** One call, as whatever stands in front passes it. */
export interface GatewayCall {
  readonly requestId: string;
  /** ARN or name of the caller, as the front authenticated it. Empty where it did not. */
  readonly caller: string;
  /** In capitals. */
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** Of the body, as its header says. @default - 'application/json' */
  readonly contentType?: string;
  /** What the answer shall be, as the header says. @default - anything */
  readonly accept?: string;
  readonly body: string | Uint8Array | null | undefined;
  /** Goes off when the caller went away. @default - never */
  readonly signal?: AbortSignal;
  /** Whether the front can pass an answer on in pieces. @default false - it gets a stream's text whole */
  readonly streams?: boolean;
}

/** What a body asks. */
export interface Asked {
  readonly question: Question;
  /** Model or AI system that the caller names. @default - whatever the gateway serves */
  readonly model?: string;
  /** Whether the answer shall come in pieces. @default false */
  readonly stream?: boolean;
  /** Whether a stream ends with the tokens used. @default false */
  readonly streamUsage?: boolean;
}

/** A checked answer, as a protocol draws it. */
export interface Answer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: Finish;
  readonly usage: Usage;
  /** Of data. @default - text */
  readonly contentType?: string;
}

/** What a protocol may say about the call beside the answer. */
export interface About {
  readonly requestId: string;
  /** The model as the caller named it, or as it is called. */
  readonly model: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** From the start until now. */
  readonly milliseconds: number;
  /** Whether the caller waits for an answer in pieces. */
  readonly stream: boolean;
  readonly streamUsage: boolean;
}

/** What goes back over HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In pieces only where the front streams. */
  readonly body: string | AsyncIterable<string>;
}

/** How one kind of client asks and is answered. */
export interface Protocol {
  readonly name: 'palisade' | 'invocations' | 'openai' | 'converse';
  /**
   * Reads a body that is within bounds. Throws a Refusal.
   *
   * @param takes what the served model takes
   */
  read(body: string, call: GatewayCall, takes: Question['kind']): Asked;
  /** Draws an answer. */
  answer(answer: Answer, about: About): Reply;
  /** Draws a refusal, with its code. */
  refuse(refusal: Refusal, about: About): Reply;
  /** Draws an answer in pieces, a refusal in the middle too. @default - the protocol knows no streams */
  readonly stream?: {
    readonly contentType: string;
    draw(events: AsyncIterable<AnswerEvent>, about: About): AsyncIterable<string>;
  };
}

/** Headers that all replies have. Nothing between gateway and caller may keep an answer. */
export function headersOf(contentType: string, about: About, refusal?: Refusal): Record<string, string> {
  return {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': about.requestId,
    ...(refusal && { 'x-palisade-code': refusal.code }),
    ...(refusal?.retryAfter !== undefined && { 'retry-after': String(refusal.retryAfter) }),
  };
}
