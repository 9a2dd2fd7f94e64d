/** Where a text comes from. What people and machines outside the application wrote is judged by it. */
export type Provenance = 'system' | 'user' | 'assistant' | 'document' | 'tool';

/** A text of a conversation. */
export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  readonly provenance: Provenance;
}

/** A model's wish to have a tool called. */
export interface ToolCall {
  readonly kind: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON object. */
  readonly input: unknown;
}

/** What a tool gave. */
export interface ToolResult {
  readonly kind: 'tool-result';
  /** Of the call. */
  readonly id: string;
  readonly text: string;
  /** Whether the tool failed. @default false */
  readonly failed?: boolean;
}

/** A piece of one turn. */
export type Part = TextPart | ToolCall | ToolResult;

/** What one side said before the other side spoke. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

/** A tool that the application offers. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the input. */
  readonly parameters: unknown;
}

/** A conversation to be continued, whatever protocol it came in. */
export interface Chat {
  readonly kind: 'chat';
  /** Instructions of the application. */
  readonly system: readonly string[];
  /** In turns: no two of the same role follow each other. */
  readonly turns: readonly Turn[];
  /** Longest answer, in tokens. @default - the gateway's own maximum */
  readonly maximumTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  /** Texts that end the answer. */
  readonly stop?: readonly string[];
  readonly tools?: readonly Tool[];
  /** Which tool must be called. @default 'auto' */
  readonly toolChoice?: 'auto' | 'any' | { readonly name: string };
}

/** Bytes for a model that is no language model, passed as they came. */
export interface Data {
  readonly kind: 'data';
  readonly contentType: string;
  /** Of the answer. @default - the model's own */
  readonly accept?: string;
  readonly body: string;
}

/** What a model is asked. */
export type Question = Chat | Data;

/** Tokens of one call, as the model counts them; estimated where it does not. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Why an answer ended. */
export type Finish = 'stop' | 'length' | 'tool-calls' | 'content-filter';

/** What goes into a model, or what comes out. */
export type Side = 'INPUT' | 'OUTPUT';

/** What a model said. */
export interface ModelAnswer {
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly finish?: Finish;
  /** @default - the model does not count */
  readonly usage?: Usage;
  /** Of data. @default - text */
  readonly contentType?: string;
  /** What the model's own guardrail stopped, if anything; `text` is then its message. */
  readonly blocked?: Side;
}

/** A piece of an answer that comes in pieces. The last one is `end`. */
export type AnswerEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool-call'; readonly call: ToolCall }
  | { readonly kind: 'end'; readonly finish: Finish; readonly usage?: Usage; readonly blocked?: Side };

/** Whether the application itself did not write the text. */
export function isUntrusted(provenance: Provenance): boolean {
  return provenance === 'document' || provenance === 'tool';
}

/** Joins neighbouring turns of one role, and leaves out empty ones: models refuse both. */
export function inTurns(turns: readonly Turn[]): Turn[] {
  const joined: { role: Turn['role']; parts: Part[] }[] = [];
  for (const { role, parts } of turns.filter((turn) => turn.parts.length > 0)) {
    const last = joined.at(-1);
    if (last?.role === role) {
      last.parts.push(...parts);
    } else {
      joined.push({ role, parts: [...parts] });
    }
  }
  return joined;
}

/** The chat with each text of its turns replaced; instructions of the application stay as they are. */
export function mapTexts(chat: Chat, change: (text: string, provenance: Provenance) => string): Chat {
  const part = (part: Part): Part => {
    if (part.kind === 'tool-call') {
      return part;
    }
    return { ...part, text: change(part.text, part.kind === 'text' ? part.provenance : 'tool') };
  };
  return { ...chat, turns: chat.turns.map((turn) => ({ ...turn, parts: turn.parts.map(part) })) };
}

/** The chat with its texts replaced, one for each that `textsOf` gives. Inputs of tool calls stay as they are. */
export function withTexts(chat: Chat, texts: readonly string[]): Chat {
  let next = 0;
  const part = (part: Part): Part => {
    const text = texts[next];
    next += 1;
    return part.kind === 'tool-call' ? part : { ...part, text };
  };
  return { ...chat, turns: chat.turns.map((turn) => ({ ...turn, parts: turn.parts.map(part) })) };
}

/** A text with where it comes from. */
export interface Said {
  readonly text: string;
  readonly provenance: Provenance;
}

/** The texts of the turns, in order. Inputs of tool calls are those that the caller says the model wished. */
export function textsOf(chat: Chat): Said[] {
  return chat.turns.flatMap(({ parts }) =>
    parts.map((part): Said => {
      switch (part.kind) {
        case 'text':
          return part;
        case 'tool-result':
          return { text: part.text, provenance: 'tool' };
        default:
          return { text: JSON.stringify(part.input), provenance: 'assistant' };
      }
    }),
  );
}

/**
 * Tokens that a text is at least not far below: a token of the usual vocabularies is about four bytes of English, and fewer
 * of most else, so three bytes a token errs on the side of more.
 */
export function estimatedTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}
