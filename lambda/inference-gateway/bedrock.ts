import {
  ApplyGuardrailCommand,
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandOutput,
  type GuardrailConverseContentBlock,
} from '@aws-sdk/client-bedrock-runtime';
import type { InferenceRequest, Model, Screen, Side } from '../../runtime/gateway';
import { blocks, onlyMasked } from './only-masked';

/** API Gateway waits 29 seconds; the record has to be written within them too. */
const MODEL_TIMEOUT_MS = 20_000;
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
  /** Longest answer. */
  readonly maximumTokens: number;
}

/** Calls a Bedrock model through its guardrail. */
export function bedrockModel(client: BedrockRuntimeClient, { modelId, guardrail, maximumTokens }: GuardedModel): Model {
  return {
    name: modelId,
    invoke: async (request) => {
      const answer = await client.send(
        new ConverseCommand({
          modelId,
          messages: [{ role: 'user', content: contentOf(request) }],
          inferenceConfig: { maxTokens: maximumTokens },
          guardrailConfig: {
            guardrailIdentifier: guardrail.identifier,
            guardrailVersion: guardrail.version,
            // Without the trace a masked answer looks like a blocked one.
            trace: 'enabled',
          },
        }),
        { abortSignal: AbortSignal.timeout(MODEL_TIMEOUT_MS) },
      );
      const output = (answer.output?.message?.content ?? []).map((block) => block.text ?? '').join('');
      return { output, blocked: stopped(answer) };
    },
  };
}

/** What the guardrail stopped. An intervention that its trace does not explain counts as a stopped output. */
function stopped({ stopReason, trace }: ConverseCommandOutput): Side | undefined {
  const { inputAssessment, outputAssessments } = trace?.guardrail ?? {};
  if (stopReason !== 'guardrail_intervened' || onlyMasked([inputAssessment, outputAssessments])) {
    return undefined;
  }
  return blocks(inputAssessment) ? 'INPUT' : 'OUTPUT';
}

/**
 * Marks the context as the source to be grounded in, and the input as the question. Both are `guard_content` too, or
 * the other policies, prompt attacks among them, would not look at them (Amazon Bedrock User Guide, "Use contextual
 * grounding check to filter hallucinations in responses").
 */
function contentOf({ input, context }: InferenceRequest): ContentBlock[] {
  if (context === undefined) {
    return [{ text: input }];
  }
  return [guarded(context, 'grounding_source'), guarded(input, 'query')];
}

function guarded(text: string, role: 'grounding_source' | 'query'): ContentBlock {
  const guardContent: GuardrailConverseContentBlock = { text: { text, qualifiers: [role, 'guard_content'] } };
  return { guardContent };
}

/** A guardrail for a model that knows none. Rejects when the guardrail did not look at the whole text. */
export function guardrailScreen(client: BedrockRuntimeClient, guardrail: GuardrailReference): Screen {
  return {
    apply: async (source, text) => {
      const { action, outputs, assessments, guardrailCoverage } = await client.send(
        new ApplyGuardrailCommand({
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
