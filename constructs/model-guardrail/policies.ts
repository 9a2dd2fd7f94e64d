import type * as bedrock from 'aws-cdk-lib/aws-bedrock';
import { PalisadeError } from '../../runtime/errors';

/** A subject that the model must not talk about. */
export interface DeniedTopic {
  /** Letters, digits, spaces and `- _ ! ? .`, at most 100 characters. */
  readonly name: string;
  /** What belongs to the topic, at most 200 characters. */
  readonly definition: string;
  /** Prompts that belong to it: at most 5 of 100 characters. @default - none */
  readonly examples?: string[];
}

/** Limits of Amazon Bedrock (API Reference, GuardrailTopicConfig; service quotas of guardrails). */
const LIMITS = { topics: 30, name: 100, definition: 200, examples: 5, example: 100 };
const NAME = /^[0-9a-zA-Z\-_ !?.]+$/;

/** Filters for harmful content, and for prompt attacks, which exist on the input only. */
export function contentPolicy(): bedrock.CfnGuardrail.ContentPolicyConfigProperty {
  const harmful = ['HATE', 'INSULTS', 'MISCONDUCT', 'SEXUAL', 'VIOLENCE'];
  return {
    filtersConfig: [
      ...harmful.map((type) => ({ type, inputStrength: 'HIGH', outputStrength: 'HIGH' })),
      { type: 'PROMPT_ATTACK', inputStrength: 'HIGH', outputStrength: 'NONE' },
    ],
  };
}

/** Personal data that stops a message, and that which is masked. Throws PALISADE-G004 where one type shall do both. */
export function personalDataPolicy(
  where: string,
  block: string[],
  anonymize: string[],
): bedrock.CfnGuardrail.SensitiveInformationPolicyConfigProperty | undefined {
  const entities = [
    ...block.map((type) => ({ type, action: 'BLOCK' })),
    ...anonymize.map((type) => ({ type, action: 'ANONYMIZE' })),
  ];
  const repeated = entities.find(({ type }, index) => entities.some((other, at) => at < index && other.type === type));
  if (repeated) {
    throw new PalisadeError({
      code: 'PALISADE-G004',
      where,
      problem: `${repeated.type} is named twice in piiBlock and piiAnonymize`,
      fix: 'name each type of personal data once; a type of the other default moves by giving both props',
    });
  }
  return entities.length > 0 ? { piiEntitiesConfig: entities } : undefined;
}

/** How well an answer must be supported by its source. Throws PALISADE-G003 outside of 0 to 0.99. */
export function groundingPolicy(
  where: string,
  grounding: number,
  relevance: number,
): bedrock.CfnGuardrail.ContextualGroundingPolicyConfigProperty {
  for (const threshold of [grounding, relevance]) {
    if (!(threshold >= 0 && threshold <= 0.99)) {
      throw new PalisadeError({
        code: 'PALISADE-G003',
        where,
        problem: `threshold ${threshold} is not from 0 to 0.99`,
        fix: 'use a threshold from 0 (nothing is blocked) to 0.99',
      });
    }
  }
  return {
    filtersConfig: [
      { type: 'GROUNDING', threshold: grounding },
      { type: 'RELEVANCE', threshold: relevance },
    ],
  };
}

/** Subjects that are denied; undefined when there are none. Throws PALISADE-G001 for what Bedrock would refuse. */
export function topicPolicy(
  where: string,
  topics: readonly DeniedTopic[],
): bedrock.CfnGuardrail.TopicPolicyConfigProperty | undefined {
  if (topics.length > LIMITS.topics) {
    throw refused(where, `${topics.length} topics, at most ${LIMITS.topics}`);
  }
  for (const topic of topics) {
    requireTopic(where, topic);
  }
  const topicsConfig = topics.map(({ name, definition, examples }) => ({
    name,
    definition,
    type: 'DENY',
    ...(examples && examples.length > 0 && { examples }),
  }));
  return topicsConfig.length > 0 ? { topicsConfig } : undefined;
}

function requireTopic(where: string, { name, definition, examples = [] }: DeniedTopic): void {
  if (name.length > LIMITS.name || !NAME.test(name)) {
    throw refused(where, `topic name '${name}' is not 1 to ${LIMITS.name} letters, digits, spaces or - _ ! ? .`);
  }
  if (definition.length === 0 || definition.length > LIMITS.definition) {
    throw refused(
      where,
      `the definition of '${name}' has ${definition.length} characters, at most ${LIMITS.definition}`,
    );
  }
  if (examples.length > LIMITS.examples || examples.some(({ length }) => length === 0 || length > LIMITS.example)) {
    throw refused(
      where,
      `'${name}' has more than ${LIMITS.examples} examples, or one not of 1 to ${LIMITS.example} characters`,
    );
  }
}

function refused(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-G001',
    where,
    problem,
    fix: 'shorten or split the topic: Bedrock takes 30 topics, names of 100, definitions of 200, 5 examples of 100 characters',
  });
}
