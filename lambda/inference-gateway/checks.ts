import { PalisadeError } from '../../runtime/errors';
import type { OutputChecks, Screening } from '../../runtime/gateway';
import { checkOutput, type EncodingContext, encodeFor } from '../../runtime/output-checks';
import { sanitise, screen } from '../../runtime/screening';

/** Looks at what goes in, by the rules and the classifier of `runtime/screening`. */
export const screening: Screening = {
  sanitise: (text) => sanitise(text).text,
  screen: ({ text, provenance }) => {
    // What an assistant said before is what the caller says that it said.
    const fetched = provenance === 'document' || provenance === 'tool';
    const { verdict, score, reasons } = screen({ text, provenance: fetched ? provenance : 'user' });
    return { verdict, score, reasons: reasons.map(({ rule, start, end }) => `${rule}@${start}-${end}`) };
  },
};

/**
 * Looks at what comes out: secrets and the canary block, personal data is masked, and links lead nowhere but to the hosts that
 * are named.
 *
 * @param allowedLinks hosts, as `checkOutput` takes them
 * @param context where callers put answers, for which they are then encoded. @default - answers are text
 */
export function outputChecks(allowedLinks: readonly string[], context?: EncodingContext): OutputChecks {
  return {
    // Only in HTML is the beginning of an encoded text the encoded beginning.
    needsWhole: context !== undefined && context !== 'html',
    check: (text, canary) => {
      const { blocked, text: masked, reasons } = checkOutput(text, { canary, allowedLinks });
      const found = [...new Set(reasons.map(({ check }) => `output:${check}`))];
      if (blocked || context === undefined) {
        return { blocked, text: masked, reasons: found };
      }
      try {
        return { blocked, text: encodeFor(context, masked), reasons: found };
      } catch (error) {
        if (error instanceof PalisadeError) {
          return { blocked: true, text: '', reasons: [...found, `output:${error.code}`] };
        }
        throw error;
      }
    },
  };
}
