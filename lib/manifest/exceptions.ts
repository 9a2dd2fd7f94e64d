import * as z from 'zod';
import { date, person, RISK_LEVELS, text } from './fields';

const FINDING = /^[A-Za-z0-9][A-Za-z0-9.-]*::[A-Za-z0-9][A-Za-z0-9.-]*(\[.+\])?$/;

/** Forty repeated letters are no reason; eight different words seldom lack one. */
const reasoned = (reason: string) => new Set(reason.toLowerCase().split(/\s+/)).size >= 8;

const exceptionEntry = z.strictObject({
  id: z
    .string()
    .max(60)
    .regex(/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, 'letters and digits in words joined by hyphens')
    .describe('Name of the exception'),
  rules: z
    .array(z.string().max(300).regex(FINDING, 'a finding id, such as AwsSolutions::AwsSolutions-IAM5[Resource::*]'))
    .min(1)
    .describe(
      'Finding ids: pack, rule and, where the rule has them, the finding in brackets; `**` stands for any text',
    ),
  paths: z
    .array(text(1, 300))
    .min(1)
    .describe('Construct paths; `*` stands for anything within one segment, `**` for any number of segments'),
  owner: person().describe('Answers for the exception'),
  approver: person().describe('Accepts the risk; not the owner'),
  reason: text(40, 1000)
    .refine(reasoned, 'a reason in at least eight different words')
    .describe('Why it is acceptable'),
  ticket: text(1, 100).describe('Record of the decision'),
  residualRisk: z.enum(RISK_LEVELS).describe('What remains; bounded by the appetite of the organization'),
  highImpact: z.boolean().default(false).describe('Touches a high-impact AI system: lives at most 90 days'),
  approvedOn: date().describe('When the approver accepted it'),
  expires: date().describe('Last day on which it holds: at most 365 days after approvedOn, 90 if highImpact'),
});

/** Schema of `exceptions.yaml`. */
export const exceptionsSchema = z
  .strictObject({
    exceptions: z.array(exceptionEntry).describe('Accepted findings; an empty list when there are none'),
  })
  .meta({ title: 'Palisade exceptions', description: 'Findings that were accepted, by whom, why and until when' });

/** A finding that was accepted: by whom, why, where and until when. */
export type ExceptionEntry = z.infer<typeof exceptionEntry>;
