import { BODY_TEXT, readJson } from '../json';
import { type Chat, type Finish, inTurns, type Part, type Tool, type Turn } from '../question';
import { Refusal } from '../refusal';
import type { Schema } from '../schema';
import { type Asked, headersOf, type Protocol } from './protocol';

const TEXT = BODY_TEXT;
const NAME: Schema = { type: 'string', minLength: 1, maxLength: 256 };
const TEXT_BLOCK = object({ text: TEXT }, ['text']);
const EMPTY = object({});

/** Only formats that are text: what cannot be read cannot be screened. */
const DOCUMENT_BLOCK = object(
  {
    document: object(
      {
        format: { enum: ['csv', 'html', 'md', 'txt'] },
        name: NAME,
        source: {
          anyOf: [
            object({ bytes: TEXT }, ['bytes']),
            TEXT_BLOCK,
            object({ content: { type: 'array', minItems: 1, maxItems: 256, items: TEXT_BLOCK } }, ['content']),
          ],
        },
      },
      ['name', 'source'],
    ),
  },
  ['document'],
);

const TOOL_USE_BLOCK = object(
  { toolUse: object({ toolUseId: NAME, name: NAME, input: { type: 'object' } }, ['toolUseId', 'name', 'input']) },
  ['toolUse'],
);

const TOOL_RESULT_BLOCK = object(
  {
    toolResult: object(
      {
        toolUseId: NAME,
        content: {
          type: 'array',
          maxItems: 256,
          items: { anyOf: [TEXT_BLOCK, object({ json: {} }, ['json']), DOCUMENT_BLOCK] },
        },
        status: { enum: ['success', 'error'] },
      },
      ['toolUseId', 'content'],
    ),
  },
  ['toolResult'],
);

const TOOL_CONFIG = object(
  {
    tools: {
      type: 'array',
      minItems: 1,
      maxItems: 64,
      items: object(
        {
          toolSpec: object(
            { name: NAME, description: TEXT, inputSchema: object({ json: { type: 'object' } }, ['json']) },
            ['name', 'inputSchema'],
          ),
        },
        ['toolSpec'],
      ),
    },
    toolChoice: {
      anyOf: [
        object({ auto: EMPTY }, ['auto']),
        object({ any: EMPTY }, ['any']),
        object({ tool: object({ name: NAME }, ['name']) }, ['tool']),
      ],
    },
  },
  ['tools'],
);

/**
 * JSON Schema of a request, for API Gateway's validator too. Not taken: images and other files; `guardContent`, with which a
 * caller could say what the guardrail shall not look at; `guardrailConfig` and `additionalModelRequestFields`.
 *
 * @param tools whether tools may be offered: the schema of a tool's input is an object of any form, and so bounds nothing
 */
export function converseSchema(tools: boolean): Schema {
  const blocks = [TEXT_BLOCK, DOCUMENT_BLOCK, ...(tools ? [TOOL_USE_BLOCK, TOOL_RESULT_BLOCK] : [])];
  return object(
    {
      messages: {
        type: 'array',
        minItems: 1,
        maxItems: 1000,
        items: object(
          {
            role: { enum: ['user', 'assistant'] },
            content: { type: 'array', minItems: 1, maxItems: 256, items: { anyOf: blocks } },
          },
          ['role', 'content'],
        ),
      },
      system: { type: 'array', maxItems: 64, items: TEXT_BLOCK },
      inferenceConfig: object({
        maxTokens: { type: 'integer', minimum: 1, maximum: 1_000_000 },
        temperature: { type: 'number', minimum: 0, maximum: 1 },
        topP: { type: 'number', minimum: 0, maximum: 1 },
        stopSequences: { type: 'array', maxItems: 4, items: NAME },
      }),
      ...(tools && { toolConfig: TOOL_CONFIG }),
    },
    ['messages'],
  );
}

const SCHEMA = converseSchema(true);

function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}

type TextBlock = { readonly text: string };
type Document = {
  readonly document: {
    readonly name: string;
    readonly source: { readonly bytes?: string; readonly text?: string; readonly content?: readonly TextBlock[] };
  };
};
type ToolUse = { readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: unknown } };
type ToolResultBlock = {
  readonly toolResult: {
    readonly toolUseId: string;
    readonly content: readonly (TextBlock | Document | { readonly json: unknown })[];
    readonly status?: 'success' | 'error';
  };
};

interface Conversation {
  readonly messages: readonly {
    readonly role: 'user' | 'assistant';
    readonly content: readonly (TextBlock | Document | ToolUse | ToolResultBlock)[];
  }[];
  readonly system?: readonly TextBlock[];
  readonly inferenceConfig?: { maxTokens?: number; temperature?: number; topP?: number; stopSequences?: string[] };
  readonly toolConfig?: {
    readonly tools: readonly {
      readonly toolSpec: { name: string; description?: string; inputSchema: { readonly json: unknown } };
    }[];
    readonly toolChoice?: { readonly any?: object; readonly tool?: { readonly name: string } };
  };
}

const STOP: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'guardrail_intervened',
};

/** Names of Bedrock's errors by status (Bedrock API Reference, "Converse"). */
const ERRORS: Readonly<Record<number, string>> = {
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  429: 'ThrottlingException',
  499: 'ModelTimeoutException',
  500: 'InternalServerException',
  502: 'ModelErrorException',
  503: 'ServiceUnavailableException',
  504: 'ModelTimeoutException',
};

/** `POST /model/{id}/converse`, as Bedrock's SDKs send it. What is blocked is answered as a guardrail of Bedrock's answers. */
export const CONVERSE: Protocol = {
  name: 'converse',
  read: (body, call, takes) => {
    if (takes !== 'chat') {
      throw new Refusal('PALISADE-W023', 'the model takes no conversations: ask it by /invocations');
    }
    return askedFor(readJson<Conversation>(body, SCHEMA), call.path);
  },
  answer: ({ text, toolCalls, finish, usage }, about) => {
    const content = [
      ...(text === '' ? [] : [{ text }]),
      ...toolCalls.map(({ id, name, input }) => ({ toolUse: { toolUseId: id, name, input } })),
    ];
    return {
      status: 200,
      headers: headersOf('application/json', about),
      body: conversed(content, STOP[finish], usage.inputTokens, usage.outputTokens, about.milliseconds),
    };
  },
  refuse: (refusal, about) =>
    refusal.decision === 'input-blocked' || refusal.decision === 'output-blocked'
      ? {
          status: 200,
          headers: headersOf('application/json', about, refusal),
          body: conversed([{ text: refusal.message }], 'guardrail_intervened', 0, 0, about.milliseconds),
        }
      : {
          status: refusal.status,
          headers: {
            ...headersOf('application/json', about, refusal),
            'x-amzn-errortype': ERRORS[refusal.status] ?? 'ValidationException',
          },
          body: JSON.stringify({ code: refusal.code, message: refusal.message }),
        },
};

function conversed(
  content: object[],
  stopReason: string,
  inputTokens: number,
  outputTokens: number,
  latencyMs: number,
): string {
  return JSON.stringify({
    output: { message: { role: 'assistant', content } },
    stopReason,
    usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
    metrics: { latencyMs },
  });
}

function askedFor(conversation: Conversation, path: string): Asked {
  const { inferenceConfig = {}, toolConfig, system = [] } = conversation;
  const { tools, toolChoice } = toolConfig ?? {};
  const question: Chat = {
    kind: 'chat',
    system: system.map(({ text }) => text),
    turns: inTurns(conversation.messages.map(turnOf)),
    maximumTokens: inferenceConfig.maxTokens,
    temperature: inferenceConfig.temperature,
    topP: inferenceConfig.topP,
    stop: inferenceConfig.stopSequences,
    ...(tools && {
      tools: tools.map(
        ({ toolSpec }): Tool => ({
          name: toolSpec.name,
          description: toolSpec.description,
          parameters: toolSpec.inputSchema.json,
        }),
      ),
      toolChoice: toolChoice?.tool ?? (toolChoice?.any ? 'any' : 'auto'),
    }),
  };
  return { question, model: path.slice('/model/'.length, -'/converse'.length) };
}

function turnOf({ role, content }: Conversation['messages'][number], index: number): Turn {
  return { role, parts: content.map((block, at) => partOf(block, role, `messages[${index}].content[${at}]`)) };
}

function partOf(block: Conversation['messages'][number]['content'][number], role: Turn['role'], where: string): Part {
  if ('text' in block) {
    return { kind: 'text', text: block.text, provenance: role };
  }
  if ('document' in block) {
    return { kind: 'text', text: documentText(block, where), provenance: 'document' };
  }
  if ('toolUse' in block) {
    return { kind: 'tool-call', id: block.toolUse.toolUseId, name: block.toolUse.name, input: block.toolUse.input };
  }
  const { toolUseId, content, status } = block.toolResult;
  const texts = content.map((piece, at) => {
    if ('json' in piece) {
      return JSON.stringify(piece.json);
    }
    return 'text' in piece ? piece.text : documentText(piece, `${where}.toolResult.content[${at}]`);
  });
  return { kind: 'tool-result', id: toolUseId, text: texts.join('\n'), failed: status === 'error' };
}

function documentText({ document: { name, source } }: Document, where: string): string {
  const text = source.text ?? source.content?.map(({ text }) => text).join('\n') ?? decoded(source.bytes ?? '', where);
  return `${name}\n${text}`;
}

function decoded(base64: string, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    throw new Refusal('PALISADE-W019', `${where} is no text in UTF-8, so it cannot be screened`, { where });
  }
}
