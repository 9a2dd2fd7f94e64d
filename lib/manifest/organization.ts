import * as z from 'zod';
import { ANNEX_A, type AnnexAId } from '../compliance/annex-a';
import { date, days, governance, person, RISK_LEVELS, region, text } from './fields';

/**
 * Retention periods that CloudWatch Logs takes, from six months on (PutRetentionPolicy, `retentionInDays`); less would
 * break EU AI Act, Article 26(6): logs are kept at least six months.
 */
const LOG_DAYS = [180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;

const network = z.strictObject({
  trainingCidr: z.string().describe('IPv4 range of the training network: private, /16 to /24'),
  inferenceCidr: z.string().describe('IPv4 range of the inference network: private, /16 to /24'),
});

const stage = z.strictObject({
  region: region().describe('Region that the stage runs in'),
  account: z
    .string()
    .regex(/^\d{12}$/, '12 digits, in quotes')
    .optional()
    .describe('Account that the stage runs in; default: the account of the deploying credentials'),
  availabilityZones: z
    .array(z.string().regex(/^[a-z0-9-]+[a-z]$/, 'the name of an Availability Zone, such as eu-west-1a'))
    .min(2)
    .optional()
    .describe('Availability Zones of the networks; default: the first ones of the Region'),
  objectLock: z
    .strictObject({
      mode: z
        .enum(['governance', 'compliance'])
        .describe('compliance: nobody can shorten the retention or delete, the root user included'),
      days: days().describe('How long each evidence object is locked'),
    })
    .describe('Lock on evidence; prod must use compliance for at least retention.evidenceDays'),
  removal: z
    .enum(['retain', 'destroy'])
    .describe('What happens to data, keys and evidence when a stack is deleted; destroy needs a context switch too'),
  dynamoDbPrefixListId: z
    .string()
    .regex(/^pl-[0-9a-f]{8,17}$/)
    .optional()
    .describe('AWS-managed prefix list of DynamoDB in the Region, where Palisade does not know it (PALISADE-N007)'),
  network,
});

const approvals = (tier: string, floor: number) =>
  z.int().min(floor).max(10).describe(`Approvals that a ${tier}-impact AI system needs for prod`);

/** Schema of `organization.yaml`. */
export const organizationSchema = z
  .strictObject({
    name: text(1, 100).describe('Name of the organization'),
    organizationId: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/, 'an AWS Organizations id, such as o-a1b2c3d4e5')
      .optional()
      .describe('AWS Organizations id that bounds the data perimeter; default: the account alone'),
    policy: z
      .strictObject({
        uri: z.url().describe('Where the AI policy is published'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'a SHA-256 in 64 lower-case hexadecimal digits')
          .describe('SHA-256 of the published document'),
        version: text(1, 40).describe('Version of the document, in quotes'),
        nextReview: date().describe('When the policy is reviewed next'),
      })
      .describe('The AI policy (ISO/IEC 42001 A.2.2)'),
    roles: z
      .strictObject({
        accountableExecutive: person().describe('Answers for AI to the board'),
        riskOwner: person().describe('Owns the AI risk register'),
        securityOfficer: person().describe('Owns the security controls'),
        aiApprover: person().describe('Approves AI systems for production'),
        dataProtectionOfficer: person().optional().describe('Advises on personal data'),
      })
      .describe('People who hold a role (ISO/IEC 42001 A.3.2)'),
    committees: z
      .array(
        z.strictObject({
          name: text(1, 100),
          chair: person(),
          reportsTo: text(1, 100).describe('The body above, such as the board'),
          cadenceDays: z.int().min(1).max(366).describe('Longest time between meetings'),
        }),
      )
      .describe('Bodies that oversee AI; a high-impact AI system needs one'),
    allowedRegions: z.array(region()).min(1).describe('Regions that data and models may be in'),
    stages: z
      .strictObject({ dev: stage.optional(), staging: stage.optional(), prod: stage.optional() })
      .describe('The stages and where each runs'),
    retention: z
      .strictObject({
        logDays: z.literal(LOG_DAYS).describe('Log groups; a value that CloudWatch Logs takes, at least six months'),
        evidenceDays: days(180).describe('Trails and evidence'),
        datasetNoncurrentDays: days().describe('Replaced dataset objects'),
        quarantineDays: days().describe('Objects that were not accepted'),
        recordDays: days(180).describe('Governance records; ten years where an AI system is high-impact'),
      })
      .describe('How long each class of data is kept, in days'),
    appetite: z
      .strictObject({
        statement: text(20, 500).describe('The appetite for AI risk, as the board words it'),
        residualRisk: z.strictObject({
          highImpact: z.enum(RISK_LEVELS).describe('Most that an exception touching a high-impact AI system may leave'),
          other: z.enum(RISK_LEVELS).describe('Most that any other exception may leave'),
        }),
      })
      .describe('How much risk the organization accepts'),
    approvalPolicy: z
      .strictObject({
        minimal: approvals('minimal', 0),
        limited: approvals('limited', 1),
        high: approvals('high', 2),
      })
      .describe('How many people approve an AI system for prod, by impact tier'),
    exclusions: z
      .array(
        z.strictObject({
          control: z
            .enum(Object.keys(ANNEX_A) as [AnnexAId, ...AnnexAId[]])
            .describe('Control of ISO/IEC 42001 Annex A'),
          reason: text(40, 1000).describe('Why it does not apply'),
          owner: person().describe('Answers for leaving it out'),
          approver: person().describe('Accepted it; not the owner'),
        }),
      )
      .default([])
      .describe('Controls of Annex A that do not apply: the Statement of Applicability lists them with their reason'),
    governance: governance(),
  })
  .meta({ title: 'Palisade organization', description: 'What holds for every AI system: people, places, periods' });

/** What holds for every AI system: people, places, periods. Field by field in docs/manifests.md. */
export type Organization = z.infer<typeof organizationSchema>;
/** Where one stage runs and how it keeps what it stores. */
export type Stage = z.infer<typeof stage>;

/** Names under which checks report about a stage's network ranges. */
export const NETWORK_KEYS = Object.keys(network.shape) as (keyof typeof network.shape)[];
