import * as z from 'zod';

/** The stages, in the order in which a change passes through them. */
export const STAGE_NAMES = ['dev', 'staging', 'prod'] as const;
/** Name of a stage. */
export type StageName = (typeof STAGE_NAMES)[number];

/** The impact tiers, from low to high. */
export const IMPACT_TIERS = ['minimal', 'limited', 'high'] as const;
/** How much harm an AI system can do, as `classifyImpact` finds it. */
export type ImpactTier = (typeof IMPACT_TIERS)[number];

/** Levels of residual risk, from low to high. */
export const RISK_LEVELS = ['low', 'medium', 'high'] as const;
/** What remains of a risk after treatment. */
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** Longest period that S3 Object Lock and lifecycle rules take: 100 years (Amazon S3 User Guide, "Object Lock"). */
const MAX_DAYS = 36_500;

/** A name that is safe in every resource name, alias and stack name made from it. */
export const name = () =>
  z
    .string()
    .max(40)
    .regex(
      /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
      'lower-case letters and digits in words joined by hyphens, starting with a letter',
    );

/** Prose. Spaces at the ends do not count. */
export const text = (min: number, max: number) => z.string().trim().min(min).max(max);

/** Only characters that the value of an AWS tag takes as well, since owners end up in tags. */
const EMAIL = /^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}$/;

/** One person, named by an e-mail address. Case does not count. */
export const person = () =>
  z.email({ pattern: EMAIL, error: 'an e-mail address, such as jane@example.com' }).max(254).toLowerCase();

/** A day, `YYYY-MM-DD`. */
export const date = () => z.iso.date('a date, YYYY-MM-DD');

/** A period in days. */
export const days = (min = 1) => z.int().min(min).max(MAX_DAYS);

/** An AWS Region code. */
export const region = () => z.string().regex(/^[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}$/, 'a Region code, such as eu-west-1');

/** Part of a whole, in percent. */
export const percent = () => z.number().min(0).max(100);

/** An extension point: later governance sections live here, and their own checks read them. */
export const governance = () =>
  z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Free-form governance sections; read by the checks that know them, ignored here');
