import type {
  BedrockRuntimeClient,
  ContentBlock,
  ConverseCommandInput,
  GuardrailConverseContentBlock,
  GuardrailTraceAssessment,
  Message,
  ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime';
import {
  type AnswerEvent,
  type Chat,
  type Finish,
  type Guardrail,
  type Model,
  ModelRejected,
  type Part,
  type Question,
  type Side,
  type ToolCall,
  type Turn,
} from '../../runtime/gateway';
import { blocks, onlyMasked } from './only-masked';

/** One text of a guardrail; two follow each other, beside the model, in API Gateway's 29 seconds. */
const SCREEN_TIMEOUT_MS = 4_000;

/** A guardrail and its version. */
export interface GuardrailReference {
  /** ARN, which is also what the role's policy compares with. */
  readonly identifier: string;
  readonly version: string;
}

/** A Bedrock model that is never called without its guardrail. */
export interface GuardedModel {
  /** Id of a foundation model, or of an inference profile. */
  readonly modelId: string;
  readonly guardrail: GuardrailReference;
}

/** The SDK, loaded when the first call needs it, and its client. */
export type Bedrock = () => Promise<{
  readonly client: BedrockRuntimeClient;
  readonly sdk: typeof import('@aws-sdk/client-bedrock-runtime');
}>;

/** Calls a Bedrock model through its guardrail. */
export function bedrockModel(bedrock: Bedrock, { modelId, guardrail }: GuardedModel): Model {
  return {
    name: modelId,
    takes: 'chat',
    guarded: true,
    invoke: async (question, signal) => {
      const { client, sdk } = await bedrock();
      const input = { ...inputOf(modelId, question), guardrailConfig: guardrailConfig(guardrail) };
      const answer = await client
        .send(new sdk.ConverseCommand(input), { abortSignal: signal })
        .catch((error: unknown) => Promise.reject(judged(error)));
      const content = answer.output?.message?.content ?? [];
      return {
        text: content.map((block) => block.text ?? '').join(''),
        toolCalls: content.flatMap(({ toolUse }) =>
          toolUse ? [toolCall(toolUse.toolUseId, toolUse.name, toolUse.input)] : [],
        ),
        finish: finishOf(answer.stopReason),
        usage: usageOf(answer.usage),
        blocked: stopped(answer.stopReason, answer.trace?.guardrail),
      };
    },
    stream: (question, signal) => streamed(bedrock, modelId, guardrail, question, signal),
  };
}

async function* streamed(
  bedrock: Bedrock,
  modelId: string,
  guardrail: GuardrailReference,
  question: Chat,
  abortSignal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const { client, sdk } = await bedrock();
  let stopReason: string | undefined;
  let trace: GuardrailTraceAssessment | undefined;
  let usage: AnswerUsage;
  let call: { id?: string; name?: string; json: string } | undefined;
  try {
    // Held back until the guardrail has judged it: asynchronous, it would let words out before.
    const held = { ...guardrailConfig(guardrail), streamProcessingMode: 'sync' as const };
    const input = { ...inputOf(modelId, question), guardrailConfig: held };
    const { stream } = await client.send(new sdk.ConverseStreamCommand(input), { abortSignal });
    for await (const event of stream ?? []) {
      const { toolUse } = event.contentBlockStart?.start ?? {};
      const { delta } = event.contentBlockDelta ?? {};
      if (toolUse) {
        call = { id: toolUse.toolUseId, name: toolUse.name, json: '' };
      } else if (delta?.text) {
        yield { kind: 'text', text: delta.text };
      } else if (delta?.toolUse && call) {
        call.json += delta.toolUse.input ?? '';
      } else if (event.contentBlockStop && call) {
        yield { kind: 'tool-call', call: toolCall(call.id, call.name, JSON.parse(call.json || '{}')) };
        call = undefined;
      }
      stopReason = event.messageStop?.stopReason ?? stopReason;
      trace = event.metadata?.trace?.guardrail ?? trace;
      usage = event.metadata?.usage ?? usage;
    }
  } catch (error) {
    throw judged(error);
  }
  if (stopReason === undefined) {
    throw new Error('the stream has no end');
  }
  yield {
    kind: 'end',
    finish: finishOf(stopReason),
    usage: usageOf(usage),
    blocked: stopped(stopReason, trace),
  };
}

type AnswerUsage = { readonly inputTokens?: number; readonly outputTokens?: number } | undefined;

function usageOf(usage: AnswerUsage) {
  return usage && { inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0 };
}

function toolCall(id = '', name = '', input: unknown = {}): ToolCall {
  return { kind: 'tool-call', id, name, input };
}

/** What Bedrock finds invalid it will find invalid again. */
function judged(error: unknown): unknown {
  return error instanceof Error && error.name === 'ValidationException'
    ? new ModelRejected(error.name, { cause: error })
    : error;
}

function guardrailConfig({ identifier, version }: GuardrailReference) {
  // Without the trace a masked answer looks like a blocked one.
  return { guardrailIdentifier: identifier, guardrailVersion: version, trace: 'enabled' as const };
}

/** What the guardrail stopped. An intervention that its trace does not explain counts as a stopped output. */
function stopped(stopReason: string | undefined, trace: GuardrailTraceAssessment = {}): Side | undefined {
  const { inputAssessment, outputAssessments } = trace;
  if (stopReason !== 'guardrail_intervened' || onlyMasked([inputAssessment, outputAssessments])) {
    return undefined;
  }
  return blocks(inputAssessment) ? 'INPUT' : 'OUTPUT';
}

function finishOf(stopReason: string | undefined): Finish {
  switch (stopReason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool-calls';
    case 'content_filtered':
      return 'content-filter';
    default:
      return 'stop';
  }
}

function inputOf(modelId: string, question: Question): ConverseCommandInput {
  if (question.kind !== 'chat') {
    throw new ModelRejected('a language model takes no data');
  }
  const { system, maximumTokens, temperature, topP, stop } = question;
  return {
    modelId,
    messages: messagesOf(question),
    ...(system.length > 0 && { system: system.map((text) => ({ text })) }),
    inferenceConfig: {
      maxTokens: maximumTokens,
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
      ...(stop && { stopSequences: [...stop] }),
    },
    ...(question.tools && { toolConfig: toolConfig(question) }),
  };
}

function toolConfig({ tools = [], toolChoice }: Chat): ToolConfiguration {
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      toolSpec: { name, description, inputSchema: { json: parameters as never } },
    })),
    ...(toolChoice === 'any' && { toolChoice: { any: {} } }),
    ...(typeof toolChoice === 'object' && { toolChoice: { tool: { name: toolChoice.name } } }),
  };
}

function messagesOf({ turns, tools }: Chat): Message[] {
  const sourced = turns.some(({ parts }) =>
    parts.some((part) => part.kind === 'text' && part.provenance === 'document'),
  );
  const blockOf = (part: Part): ContentBlock => {
    if (part.kind === 'text') {
      return sourced ? guarded(part.text, part.provenance) : { text: part.text };
    }
    // Bedrock takes calls and results only beside the tools, which screening may have taken away.
    if (!tools) {
      return { text: part.kind === 'tool-call' ? `${part.name} ${JSON.stringify(part.input)}` : part.text };
    }
    return part.kind === 'tool-call'
      ? { toolUse: { toolUseId: part.id, name: part.name, input: part.input as never } }
      : {
          toolResult: { toolUseId: part.id, content: [{ text: part.text }], status: part.failed ? 'error' : 'success' },
        };
  };
  return turns.map(({ role, parts }: Turn) => ({ role, content: parts.map(blockOf) }));
}

/**
 * Marks documents as the source to be grounded in, and what the user says as the question. Both are `guard_content` too, or
 * the other policies, prompt attacks among them, would not look at them (Amazon Bedrock User Guide, "Use contextual
 * grounding check to filter hallucinations in responses").
 */
function guarded(text: string, provenance: string): ContentBlock {
  if (provenance === 'assistant') {
    return { text };
  }
  const role = provenance === 'document' ? 'grounding_source' : 'query';
  const guardContent: GuardrailConverseContentBlock = { text: { text, qualifiers: [role, 'guard_content'] } };
  return { guardContent };
}

/** A guardrail by itself. Rejects when it did not look at the whole text. */
export function bedrockGuardrail(bedrock: Bedrock, guardrail: GuardrailReference): Guardrail {
  return {
    apply: async (source, text) => {
      const { client, sdk } = await bedrock();
      const { action, outputs, assessments, guardrailCoverage } = await client.send(
        new sdk.ApplyGuardrailCommand({
          guardrailIdentifier: guardrail.identifier,
          guardrailVersion: guardrail.version,
          source,
          content: [{ text: { text } }],
        }),
        { abortSignal: AbortSignal.timeout(SCREEN_TIMEOUT_MS) },
      );
      const { guarded: seen = 0, total = 0 } = guardrailCoverage?.textCharacters ?? {};
      if (seen < total) {
        throw new Error(`the guardrail looked at ${seen} of ${total} characters`);
      }
      if (action === 'NONE') {
        return { blocked: false, text };
      }
      const masked = (outputs ?? []).map((output) => output.text ?? '').join('');
      return { blocked: masked === '' || !onlyMasked(assessments), text: masked };
    },
  };
}
