import { BODY_TEXT, readJson } from '../json';
import {
  type AnswerEvent,
  type Chat,
  type Finish,
  inTurns,
  type Part,
  type Tool,
  type ToolCall,
  type Turn,
  type Usage,
} from '../question';
import { Refusal } from '../refusal';
import type { Schema } from '../schema';
import { type About, type Asked, headersOf, type Protocol, type Reply } from './protocol';

const TEXT = BODY_TEXT;
const NAME: Schema = { type: 'string', minLength: 1, maxLength: 256 };

/** Images, sound and files are not there: what cannot be read cannot be screened. */
const CONTENT: Schema = {
  anyOf: [
    TEXT,
    {
      type: 'array',
      minItems: 1,
      maxItems: 256,
      items: object({ type: { enum: ['text'] }, text: TEXT }, ['type', 'text']),
    },
  ],
};

const TOOL_CALL = object(
  {
    id: NAME,
    type: { enum: ['function'] },
    function: object({ name: NAME, arguments: TEXT }, ['name', 'arguments']),
  },
  ['id', 'type', 'function'],
);

/** What `choices[0].message` of an answer has besides: clients append it to the conversation as it is. */
const ECHOED: Record<string, Schema> = {
  refusal: { type: 'null' },
  annotations: { type: 'array', maxItems: 0 },
  audio: { type: 'null' },
  function_call: { type: 'null' },
};

const MESSAGE: Schema = {
  anyOf: [
    object({ role: { enum: ['system', 'developer'] }, content: CONTENT, name: NAME }, ['role', 'content']),
    object({ role: { enum: ['user'] }, content: CONTENT, name: NAME }, ['role', 'content']),
    object({ role: { enum: ['tool'] }, content: CONTENT, tool_call_id: NAME }, ['role', 'content', 'tool_call_id']),
    object(
      {
        role: { enum: ['assistant'] },
        content: { anyOf: [{ type: 'null' }, ...(CONTENT.anyOf ?? [])] },
        name: NAME,
        tool_calls: { type: 'array', minItems: 1, maxItems: 64, items: TOOL_CALL },
        ...ECHOED,
      },
      ['role'],
    ),
  ],
};

const TOOL = object(
  {
    type: { enum: ['function'] },
    function: object(
      {
        name: NAME,
        description: TEXT,
        parameters: { type: 'object' },
        strict: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
      },
      ['name'],
    ),
  },
  ['type', 'function'],
);

const TOOLS: Record<string, Schema> = {
  tools: { type: 'array', minItems: 1, maxItems: 64, items: TOOL },
  tool_choice: {
    anyOf: [
      { enum: ['none', 'auto', 'required'] },
      object({ type: { enum: ['function'] }, function: object({ name: NAME }, ['name']) }, ['type', 'function']),
    ],
  },
};

/** What frameworks send by habit: it asks for nothing that is not done anyway. */
const DEFAULTS: Record<string, Schema> = {
  frequency_penalty: { enum: [0, null] },
  presence_penalty: { enum: [0, null] },
  logprobs: { enum: [false, null] },
  parallel_tool_calls: { enum: [true] },
  store: { enum: [false, null] },
};

/**
 * JSON Schema of a request, for API Gateway's validator too. A field that no model behind the gateway would heed is refused.
 *
 * @param tools whether tools may be offered: the schema of a tool's input is an object of any form, and so bounds nothing
 */
export function chatCompletionSchema(tools: boolean): Schema {
  const or = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
  return object(
    {
      model: NAME,
      messages: { type: 'array', minItems: 1, maxItems: 1000, items: MESSAGE },
      stream: or({ type: 'boolean' }),
      stream_options: or(object({ include_usage: { type: 'boolean' } })),
      max_tokens: or({ type: 'integer', minimum: 1, maximum: 1_000_000 }),
      max_completion_tokens: or({ type: 'integer', minimum: 1, maximum: 1_000_000 }),
      temperature: or({ type: 'number', minimum: 0, maximum: 2 }),
      top_p: or({ type: 'number', minimum: 0, maximum: 1 }),
      n: or({ type: 'integer', minimum: 1, maximum: 1 }),
      stop: { anyOf: [NAME, { type: 'array', minItems: 1, maxItems: 4, items: NAME }, { type: 'null' }] },
      response_format: object({ type: { enum: ['text'] } }, ['type']),
      // Taken and not passed on: who asks is for the gateway to know.
      user: TEXT,
      ...DEFAULTS,
      ...(tools && TOOLS),
    },
    ['model', 'messages'],
  );
}

const SCHEMA = chatCompletionSchema(true);

function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}

type Content = string | readonly { readonly text: string }[];

interface Message {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content?: Content | null;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

interface Completion {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean } | null;
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly tools?: readonly { readonly function: { name: string; description?: string; parameters?: unknown } }[];
  readonly tool_choice?: 'none' | 'auto' | 'required' | { readonly function: { readonly name: string } };
}

const EVENTS = 'text/event-stream';
const DONE = 'data: [DONE]\n\n';
const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };

const FINISH: Readonly<Record<Finish, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};

/**
 * `POST /v1/chat/completions`, as the `openai` client sends it. A blocked input is an error with the code `content_filter`; a
 * blocked answer is an answer without content whose `finish_reason` is `content_filter`.
 */
export const OPENAI: Protocol = {
  name: 'openai',
  read: (body, _call, takes) => {
    if (takes !== 'chat') {
      throw new Refusal('PALISADE-W023', 'the model takes no conversations: ask it by /invocations');
    }
    return askedFor(readJson<Completion>(body, SCHEMA));
  },
  answer: ({ text, toolCalls, finish, usage }, about) => completion(about, text, toolCalls, finish, usage),
  refuse: (refusal, about) =>
    refusal.decision === 'output-blocked'
      ? filtered(refusal, about)
      : {
          status: refusal.decision === 'input-blocked' ? 400 : refusal.status,
          headers: {
            ...headersOf('application/json', about, refusal),
            // The client would ask again where that helps nobody.
            ...(isFinal(refusal) && { 'x-should-retry': 'false' }),
          },
          body: JSON.stringify({ error: errorOf(refusal) }),
        },
  stream: { contentType: EVENTS, draw },
};

/** An answer that was kept back, in the form in which the caller waits for one. */
function filtered(refusal: Refusal, about: About): Reply {
  if (!about.stream) {
    return completion(about, '', [], 'content-filter', NOTHING, refusal);
  }
  const body = `${chunk(about, { role: 'assistant', content: '' })}${chunk(about, {}, 'content-filter')}${DONE}`;
  return { status: 200, headers: headersOf(EVENTS, about, refusal), body };
}

function isFinal({ code }: Refusal): boolean {
  return code === 'PALISADE-W005' || code === 'PALISADE-W007' || code === 'PALISADE-W015' || code === 'PALISADE-W017';
}

function errorOf(refusal: Refusal) {
  const { status, code, message, where } = refusal;
  return {
    message,
    type: typeOf(status),
    param: where || null,
    code: refusal.decision === 'input-blocked' ? 'content_filter' : code,
  };
}

/** Kinds of errors of the protocol. */
function typeOf(status: number): string {
  if (status === 429) {
    return 'rate_limit_error';
  }
  if (status === 403) {
    return 'permission_error';
  }
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function completion(
  about: About,
  text: string,
  toolCalls: readonly ToolCall[],
  finish: Finish,
  usage: Usage,
  refusal?: Refusal,
): Reply {
  const message = {
    role: 'assistant',
    content: text === '' && toolCalls.length > 0 ? null : text,
    refusal: refusal ? refusal.message : null,
    ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(drawnCall) }),
  };
  return {
    status: 200,
    headers: headersOf('application/json', about, refusal),
    body: JSON.stringify({
      ...head(about, 'chat.completion'),
      choices: [{ index: 0, message, logprobs: null, finish_reason: FINISH[finish] }],
      usage: drawnUsage(usage),
    }),
  };
}

async function* draw(events: AsyncIterable<AnswerEvent>, about: About): AsyncGenerator<string> {
  let calls = 0;
  yield chunk(about, { role: 'assistant', content: '' });
  try {
    for await (const piece of events) {
      if (piece.kind === 'text') {
        yield chunk(about, { content: piece.text });
      } else if (piece.kind === 'tool-call') {
        yield chunk(about, { tool_calls: [{ index: calls, ...drawnCall(piece.call) }] });
        calls += 1;
      } else {
        yield chunk(about, {}, piece.finish);
        if (about.streamUsage) {
          yield event({
            ...head(about, 'chat.completion.chunk'),
            choices: [],
            usage: drawnUsage(piece.usage ?? NOTHING),
          });
        }
      }
    }
    yield DONE;
  } catch (error) {
    // The status is sent long since: the client raises what it finds here.
    yield event({ error: errorOf(error as Refusal) });
  }
}

function chunk(about: About, delta: object, finish?: Finish): string {
  const choice = { index: 0, delta, logprobs: null, finish_reason: finish ? FINISH[finish] : null };
  return event({ ...head(about, 'chat.completion.chunk'), choices: [choice] });
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function head({ requestId, model, started }: About, object: string) {
  return { id: `chatcmpl-${requestId}`, object, created: Math.floor(started / 1000), model, system_fingerprint: null };
}

function drawnCall({ id, name, input }: ToolCall) {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input) } };
}

function drawnUsage({ inputTokens, outputTokens }: Usage) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

/** The list of models that `GET /v1/models` gives. */
export function modelList(names: readonly string[], about: About): Reply {
  const data = names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'palisade' }));
  return { status: 200, headers: headersOf('application/json', about), body: JSON.stringify({ object: 'list', data }) };
}

function askedFor(request: Completion): Asked {
  return {
    question: chatOf(request),
    model: request.model,
    stream: request.stream ?? false,
    streamUsage: request.stream_options?.include_usage ?? false,
  };
}

function chatOf(request: Completion): Chat {
  const instructs = ({ role }: Message) => role === 'system' || role === 'developer';
  const turns = inTurns(
    request.messages.flatMap((message, index) => (instructs(message) ? [] : [turnOf(message, index)])),
  );
  if (turns.length === 0) {
    throw new Refusal('PALISADE-W002', 'messages has nothing to answer', { where: 'messages' });
  }
  const { tool_choice: choice, stop } = request;
  return {
    kind: 'chat',
    system: request.messages.filter(instructs).map(({ content }) => textOf(content)),
    turns,
    maximumTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    temperature: request.temperature ?? undefined,
    topP: request.top_p ?? undefined,
    stop: typeof stop === 'string' ? [stop] : (stop ?? undefined),
    ...(choice !== 'none' && request.tools && { tools: request.tools.map(toolOf), toolChoice: choiceOf(choice) }),
  };
}

function turnOf(message: Message, index: number): Turn {
  const text = textOf(message.content);
  switch (message.role) {
    case 'tool':
      return { role: 'user', parts: [{ kind: 'tool-result', id: message.tool_call_id ?? '', text }] };
    case 'assistant': {
      const said: Part[] = text === '' ? [] : [{ kind: 'text', text, provenance: 'assistant' }];
      const calls = (message.tool_calls ?? []).map(
        (call, at): ToolCall => ({
          kind: 'tool-call',
          id: call.id,
          name: call.function.name,
          input: argumentsOf(call.function.arguments, `messages[${index}].tool_calls[${at}].function.arguments`),
        }),
      );
      return { role: 'assistant', parts: [...said, ...calls] };
    }
    default:
      return { role: 'user', parts: [{ kind: 'text', text, provenance: 'user' }] };
  }
}

function textOf(content: Content | null | undefined): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('\n');
}

function argumentsOf(json: string, where: string): unknown {
  try {
    return readJson(json === '' ? '{}' : json, { type: 'object' });
  } catch {
    throw new Refusal('PALISADE-W002', `${where} is no JSON object`, { where });
  }
}

function toolOf({ function: { name, description, parameters } }: NonNullable<Completion['tools']>[number]): Tool {
  return { name, description, parameters: parameters ?? { type: 'object', properties: {} } };
}

function choiceOf(choice: Completion['tool_choice']): Chat['toolChoice'] {
  if (typeof choice === 'object') {
    return { name: choice.function.name };
  }
  return choice === 'required' ? 'any' : 'auto';
}
