import type * as bedrock from 'aws-cdk-lib/aws-bedrock';
import { PalisadeError } from '../../runtime/errors';
import { PII_TYPES } from './pii-types';

/** A subject that the model must not talk about. */
export interface DeniedTopic {
  /** Letters, digits, spaces and `- _ ! ? .`, at most 100 characters. */
  readonly name: string;
  /** What belongs to the topic, at most 200 characters. */
  readonly definition: string;
  /** Prompts that belong to it: at most 5 of 100 characters. @default - none */
  readonly examples?: string[];
}

/** Text of one form that is stopped or masked, such as the numbers of an organization's customers. */
export interface SensitivePattern {
  /** What the form is called, at most 100 characters. It stands in for what is masked. */
  readonly name: string;
  /** Regular expression, at most 500 characters, without lookaround. */
  readonly pattern: string;
  /** Stops the message instead of masking the text. @default false */
  readonly block?: boolean;
}

/** Secrets that Bedrock knows no type for: PEM (RFC 7468) and JSON Web Tokens (RFC 7519). */
const SECRETS: readonly SensitivePattern[] = [
  { name: 'PRIVATE_KEY', pattern: '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----', block: true },
  { name: 'TOKEN', pattern: 'eyJ[A-Za-z0-9_-]+\\.eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+' },
];

/** Limits of Amazon Bedrock (API Reference, GuardrailTopicConfig and GuardrailRegexConfig; quotas of guardrails). */
const LIMITS = { topics: 30, name: 100, definition: 200, examples: 5, example: 100, patterns: 10, pattern: 500 };
const LOOKAROUND = /\(\?<?[=!]/;
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

/**
 * Personal data and secrets that stop a message, and those which are masked. Throws PALISADE-G004 where one type shall
 * do both, and for a type or a pattern that Bedrock would refuse.
 */
export function sensitiveInformationPolicy(
  where: string,
  block: readonly string[],
  anonymize: readonly string[],
  patterns: readonly SensitivePattern[],
): bedrock.CfnGuardrail.SensitiveInformationPolicyConfigProperty {
  const entities = [
    ...block.map((type) => ({ type, action: 'BLOCK' })),
    ...anonymize.map((type) => ({ type, action: 'ANONYMIZE' })),
  ];
  // CDK's own validation only warns of an unknown type.
  const unknown = entities.find(({ type }) => !(PII_TYPES as readonly string[]).includes(type));
  if (unknown) {
    throw unfit(
      where,
      `'${unknown.type.slice(0, 40)}' is no type of personal data`,
      `name one of ${PII_TYPES.join(', ')}`,
    );
  }
  const repeated = entities.find(({ type }, index) => entities.some((other, at) => at < index && other.type === type));
  if (repeated) {
    throw unfit(
      where,
      `${repeated.type} is named twice in piiBlock and piiAnonymize`,
      'name each type of personal data once; a type of the other default moves by giving both props',
    );
  }
  requirePatterns(where, patterns);
  return {
    ...(entities.length > 0 && { piiEntitiesConfig: entities }),
    regexesConfig: [...SECRETS, ...patterns].map(({ name, pattern, block: stops }) => ({
      name,
      pattern,
      action: stops ? 'BLOCK' : 'ANONYMIZE',
    })),
  };
}

function requirePatterns(where: string, patterns: readonly SensitivePattern[]): void {
  const most = LIMITS.patterns - SECRETS.length;
  const refusePattern = (problem: string) =>
    unfit(where, problem, `give at most ${most} patterns of ${LIMITS.pattern} characters, without lookaround`);
  if (patterns.length > most) {
    throw refusePattern(`${patterns.length} patterns, at most ${most}`);
  }
  const names = new Set(SECRETS.map(({ name }) => name));
  for (const { name, pattern } of patterns) {
    if (!isText(name, LIMITS.name) || !isText(pattern, LIMITS.pattern) || LOOKAROUND.test(pattern)) {
      throw refusePattern(`pattern '${name.slice(0, 40)}' is empty, too long, or looks around`);
    }
    if (names.has(name)) {
      throw refusePattern(`two patterns are called '${name}'`);
    }
    names.add(name);
  }
}

function isText(text: string, maximum: number): boolean {
  return text.length > 0 && text.length <= maximum;
}

/** How well an answer must be supported by its source. Throws PALISADE-G003 outside of 0 to 0.99. */
export function groundingPolicy(
  where: string,
  grounding: number,
  relevance: number,
): bedrock.CfnGuardrail.ContextualGroundingPolicyConfigProperty {
  for (const threshold of [grounding, relevance]) {
    if (!(threshold >= 0 && threshold <= 0.99)) {
      throw outside(
        where,
        `threshold ${threshold} is not from 0 to 0.99`,
        'use one from 0 (nothing is blocked) to 0.99',
      );
    }
  }
  return {
    filtersConfig: [
      { type: 'GROUNDING', threshold: grounding },
      { type: 'RELEVANCE', threshold: relevance },
    ],
  };
}

/** Throws PALISADE-G003 for a share that no alarm would reach, or that every call does. */
export function requireAlarmShare(where: string, percent: number): void {
  if (!(percent > 0 && percent < 100)) {
    throw outside(
      where,
      `interventionAlarmPercent ${percent} is not between 0 and 100`,
      'use a share between 0 and 100',
    );
  }
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

function unfit(where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: 'PALISADE-G004', where, problem, fix });
}

function outside(where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: 'PALISADE-G003', where, problem, fix });
}

function refused(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-G001',
    where,
    problem,
    fix: 'shorten or split the topic: Bedrock takes 30 topics, names of 100, definitions of 200, 5 examples of 100 characters',
  });
}
