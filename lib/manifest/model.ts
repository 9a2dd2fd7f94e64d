import * as z from 'zod';
import { PII_TYPES } from '../../constructs/model-guardrail/pii-types';
import { date, days, name, percent, region, text } from './fields';

const instanceType = () =>
  z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'a SageMaker instance type, such as ml.m5.xlarge');

/** A repository of the own account, or an image in any registry, by tag or digest. What moves (`latest`) is refused. */
const IMAGE =
  /^(?:[a-z0-9.-]+\.[a-z]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-][a-z0-9]+)*(?::(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})?$/;

const trained = z.strictObject({
  source: z.literal('trained').describe('Trained in the platform, from the datasets below'),
  images: z
    .array(
      z
        .string()
        .max(512, { abort: true })
        .regex(IMAGE, 'an ECR repository, or an image URI with a tag other than latest or a digest'),
    )
    .min(1)
    .describe('Images that may train and serve: a repository of the own account, or a full image URI'),
  instanceTypes: z.array(instanceType()).min(1).describe('Instance types that training may use'),
  evaluation: z
    .array(
      z.strictObject({
        metric: z.string().regex(/^[A-Za-z][A-Za-z0-9_:-]{0,63}$/, 'the name of a metric'),
        minimum: z.number().optional(),
        maximum: z.number().optional(),
      }),
    )
    .min(1)
    .describe('What the evaluation must reach before a model is registered'),
  hyperparameters: z
    .record(z.string().max(256), z.union([z.string().max(2500), z.number(), z.boolean()]))
    .optional()
    .describe('Passed to the training container as they stand'),
  pretrained: z
    .array(
      z.strictObject({
        name: text(1, 256).describe('Path of its file in the dataset, below pretrained/'),
        version: text(1, 64).describe('As its publisher names it'),
        sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in small hexadecimal digits'),
        source: z
          .string()
          .max(2048)
          .regex(/^https:\/\/\S+$/, 'an https URL')
          .describe('Where it was fetched from'),
        licence: text(1, 64).describe('SPDX identifier, such as Apache-2.0'),
      }),
    )
    .optional()
    .describe('Models of others that a dataset may hold, each accepted by its digest alone; default: none'),
});

const bedrock = z.strictObject({
  source: z.literal('bedrock').describe('A foundation model of Amazon Bedrock'),
  modelId: z
    .string()
    .max(140, { abort: true })
    .regex(/^[a-z0-9-]+\.[a-z0-9][a-z0-9.:-]*$/, 'a Bedrock model id, such as amazon.nova-lite-v1:0')
    .describe('The foundation model'),
  inferenceProfile: z
    .strictObject({
      id: text(1, 140).describe('A system-defined profile of the same model, such as eu.amazon.nova-lite-v1:0'),
      regions: z
        .array(region())
        .min(1)
        .describe(
          'Every Region that Bedrock may route to (Bedrock User Guide, "Supported Regions ... inference profiles")',
        ),
    })
    .optional()
    .describe('Cross-Region inference; default: the model is called in the Region of the stage'),
});

/** Schema of an AI system's `model`. */
export const modelSchema = z.discriminatedUnion('source', [trained, bedrock]);

/** Bedrock takes thresholds from 0 to 0.99; 1 would block everything (Bedrock User Guide, "Contextual grounding check"). */
const threshold = () => z.number().min(0).max(0.99);

const capacity = {
  minCapacity: z.int().min(1).max(100).describe('Instances that always run'),
  maxCapacity: z.int().min(1).max(100).describe('Instances that scaling may reach'),
};

/** SageMaker's words (API Reference, ModelQualityAppSpecification). */
const PROBLEM_TYPES = ['BinaryClassification', 'MulticlassClassification', 'Regression'] as const;

const monitoring = z.strictObject({
  outcomes: z
    .strictObject({
      problemType: z.enum(PROBLEM_TYPES).describe('What the model predicts'),
      probabilityThreshold: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe('Probability from which a binary answer is positive; default: the model answers with the class'),
      delayDays: z.int().min(1).max(88).describe('Days until what came true is known; captures are kept for 90'),
    })
    .optional()
    .describe('How answers are compared with what came true; needed for high impact'),
});

const sagemakerEndpoint = z.strictObject({
  kind: z.literal('sagemaker-endpoint').describe('A SageMaker endpoint behind a private API'),
  instanceType: instanceType(),
  ...capacity,
  minCapacity: z.int().min(2).max(100).describe('Instances that always run; a canary needs one beside it'),
  captureSamplingPercent: z.int().min(1).max(100).describe('Share of requests that data capture records'),
  monitoring: monitoring
    .optional()
    .describe('Daily SageMaker Model Monitor jobs in prod; AWS takes no new customers for it; default: none'),
});

const bedrockServing = z.strictObject({
  kind: z.literal('bedrock').describe('Bedrock behind a private API, with a guardrail'),
  guardrail: z.strictObject({
    grounding: z.strictObject({
      groundingThreshold: threshold().describe('Answers less supported by the source than this are blocked'),
      relevanceThreshold: threshold().describe('Answers less relevant to the question than this are blocked'),
    }),
    pii: z.strictObject({
      block: z.array(z.enum(PII_TYPES)).describe('Types that block the message'),
      anonymize: z.array(z.enum(PII_TYPES)).describe('Types that are masked'),
    }),
  }),
});

/** An ECR repository of the own account and a digest: what builds an image that is measured cannot move. */
const PINNED_IMAGE = /^[a-z0-9]+(?:[._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$/;

const enclaveImage = z.strictObject({
  source: z
    .string()
    .regex(/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/, 'a relative path')
    .describe('Folder with the Dockerfile of the enclave, below `enclave/` beside the manifests'),
  builder: z
    .string()
    .regex(PINNED_IMAGE, 'a repository of the own account with a digest')
    .describe('Image made from enclave/pipeline/builder.Dockerfile, in which images are built'),
  baseImages: z
    .array(z.string().regex(/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/, 'an ECR repository'))
    .describe('Repositories of the own account that the Dockerfile takes images from'),
});

const enclave = z.strictObject({
  kind: z.literal('enclave').describe('A fleet of Nitro enclaves that prove what they run, behind a private API'),
  instanceType: z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9]+$/, 'an EC2 instance type, such as m6i.xlarge'),
  ...capacity,
  enclaveCpus: z
    .int()
    .min(2)
    .max(256)
    .multipleOf(2)
    .describe('vCPUs given to the enclave: whole cores, so an even number'),
  enclaveMemoryMiB: z.int().min(64).max(1_048_576).describe('Memory given to the enclave'),
  image: enclaveImage.describe('How the enclave image is built'),
});

/** Schema of an AI system's `serving`. */
export const servingSchema = z.discriminatedUnion('kind', [sagemakerEndpoint, bedrockServing, enclave]);

/** Schema of one dataset. */
export const datasetSchema = z.strictObject({
  name: name().describe('Name of the dataset, unique in the AI system'),
  source: text(3, 300).describe('Where the data comes from'),
  licence: text(2, 100).describe('SPDX id, contract or statute that allows the use'),
  acquiredOn: date().describe('When the data was acquired'),
  legalBasis: z
    .enum([
      'consent',
      'contract',
      'legal-obligation',
      'vital-interests',
      'public-task',
      'legitimate-interests',
      'no-personal-data',
    ])
    .describe('GDPR, Article 6(1), or that the data is about nobody'),
  retentionDays: days().describe('How long the dataset is kept'),
  quality: z
    .strictObject({
      minimumRows: z.int().min(1),
      maximumMissingPercent: percent(),
      maximumDuplicatePercent: percent(),
    })
    .describe('What the data must meet before it is sealed'),
});
