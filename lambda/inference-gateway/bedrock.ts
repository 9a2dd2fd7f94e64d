import {
  ApplyGuardrailCommand,
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type GuardrailContentBlock,
} from '@aws-sdk/client-bedrock-runtime';
import type { InferenceRequest, Model, Screen } from '../../runtime/gateway';

const TIMEOUT_MS = 20_000;

/** A guardrail and its version. */
export interface GuardrailReference {
  readonly identifier: string;
  readonly version: string;
}

/** A Bedrock model that is never called without its guardrail. */
export function bedrockModel(client: BedrockRuntimeClient, modelId: string, guardrail: GuardrailReference): Model {
  return {
    invoke: async (request) => {
      const { output, stopReason } = await client.send(
        new ConverseCommand({
          modelId,
          messages: [{ role: 'user', content: contentOf(request) }],
          guardrailConfig: { guardrailIdentifier: guardrail.identifier, guardrailVersion: guardrail.version },
        }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      const text = (output?.message?.content ?? []).map((block) => block.text ?? '').join('');
      return { output: text, blocked: stopReason === 'guardrail_intervened' };
    },
  };
}

/** Marks the context as the source to be grounded in, and the input as the question (Bedrock User Guide, "Contextual grounding check"). */
function contentOf({ input, context }: InferenceRequest): ContentBlock[] {
  if (context === undefined) {
    return [{ text: input }];
  }
  return [
    { guardContent: { text: { text: context, qualifiers: ['grounding_source'] } } },
    { guardContent: { text: { text: input, qualifiers: ['query'] } } },
  ];
}

/** A guardrail for a model that knows none. */
export function guardrailScreen(client: BedrockRuntimeClient, guardrail: GuardrailReference): Screen {
  return {
    apply: async (source, text) => {
      const content: GuardrailContentBlock[] = [{ text: { text } }];
      const { action, outputs, assessments } = await client.send(
        new ApplyGuardrailCommand({
          guardrailIdentifier: guardrail.identifier,
          guardrailVersion: guardrail.version,
          source,
          content,
        }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      const masked = (assessments ?? []).every(onlyAnonymized);
      return {
        blocked: action === 'GUARDRAIL_INTERVENED' && !masked,
        text: outputs?.map((output) => output.text ?? '').join('') || text,
      };
    },
  };
}

/** Whether nothing but masking of personal data happened. */
function onlyAnonymized(assessment: object): boolean {
  return !JSON.stringify(assessment).includes('"action":"BLOCKED"');
}
