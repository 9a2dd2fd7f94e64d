import * as z from 'zod';
import { date, governance, name, person, text } from './fields';
import { impactSchema } from './impact';
import { datasetSchema, modelSchema, servingSchema } from './model';

/** Classes of data that an AI system can touch. */
const DATA_CLASSES = ['public', 'internal', 'confidential', 'personal', 'special-category', 'payment'] as const;

/** Within what Bedrock takes as a denied topic (Bedrock API, GuardrailTopicConfig), so that each use can become one. */
const prohibitedUse = z.strictObject({
  topic: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[0-9a-zA-Z\-_ !?.]+$/, 'letters, digits, spaces and - _ ! ? .')
    .describe('Name of the topic'),
  definition: text(1, 200).describe('What the topic covers'),
  examples: z.array(text(1, 100)).max(5).default([]).describe('Prompts that fall under it'),
});

const deployment = z.strictObject({
  approvals: z
    .array(
      z.strictObject({
        approver: person(),
        ticket: text(1, 100).describe('Record of the decision'),
        date: date(),
      }),
    )
    .default([])
    .describe('Who approved the AI system for the stage'),
});

/** Schema of `systems/<id>.yaml`. */
export const systemSchema = z
  .strictObject({
    id: name().describe('Name of the AI system in every resource; equals the file name'),
    name: text(1, 100).describe('Name for people'),
    owner: person().describe('Answers for the AI system'),
    approver: person().describe('Accepts its risks; not the owner'),
    purpose: text(20, 1000).describe('What the AI system is for'),
    intendedUse: text(20, 1000).describe('Who uses it, on whom, under which conditions'),
    prohibitedUses: z.array(prohibitedUse).min(1).max(30).describe('What it must not be used for'),
    impact: impactSchema.describe('Answers that give the impact tier'),
    dataClasses: z.array(z.enum(DATA_CLASSES)).min(1).describe('Classes of data that it touches'),
    datasets: z.array(datasetSchema).describe('Datasets that it learns from or is tested with'),
    model: modelSchema.describe('Where the model comes from'),
    serving: servingSchema.describe('How the model is served'),
    stages: z
      .strictObject({ dev: deployment.optional(), staging: deployment.optional(), prod: deployment.optional() })
      .describe('Stages that it is deployed to; empty: declared only'),
    governance: governance(),
  })
  .meta({
    title: 'Palisade AI system',
    description: 'One AI system: purpose, impact, data, model, serving, approvals',
  });

/** One AI system, as its manifest declares it. Field by field in docs/manifests.md. */
export type AiSystem = z.infer<typeof systemSchema>;

/** How an AI system is served that answers from enclaves. */
export type EnclaveServing = Extract<AiSystem['serving'], { kind: 'enclave' }>;
