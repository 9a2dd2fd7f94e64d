import type { Exchange, Step } from '../exchange';
import { estimatedTokens, type Question, textsOf } from '../question';
import { Refusal } from '../refusal';

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Counts requests a minute and tokens a day for each principal. Tokens are taken before the call, as many as it can use, and what
 * was not used is given back at its end: callers who come all at once cannot spend more than there is.
 */
export const limits: Step = {
  name: 'limits',
  run: async (exchange) => {
    const { settings, ports } = exchange;
    if (!settings.limits) {
      return;
    }
    if (!ports.limits) {
      throw new Error('limits are set, and there is no store for them');
    }
    const { requestsPerMinute, tokensPerDay } = settings.limits;
    const minute = windowOf(exchange, MINUTE);
    if (!(await ports.limits.take(minute.counter('requests'), 1, requestsPerMinute, minute.expires))) {
      throw new Refusal('PALISADE-W016', `more than ${requestsPerMinute} requests in a minute`, {
        retryAfter: minute.secondsLeft,
      });
    }
    const day = windowOf(exchange, DAY);
    const reserved = mostTokens(exchange);
    if (!(await ports.limits.take(day.counter('tokens'), reserved, tokensPerDay, day.expires))) {
      throw new Refusal('PALISADE-W017', `more than ${tokensPerDay} tokens in a day`, { retryAfter: day.secondsLeft });
    }
    exchange.atEnd(async (usage) => {
      const used = usage ? usage.inputTokens + usage.outputTokens : 0;
      if (used !== reserved) {
        await ports.limits?.correct(day.counter('tokens'), used - reserved);
      }
    });
  },
};

/** A fixed window of the clock. Its counter is no more needed when the next but one begins. */
function windowOf({ settings, principal, started }: Exchange, length: number) {
  const begins = Math.floor(started / length) * length;
  const ends = begins + length;
  return {
    counter: (of: string) => `${settings.system}#${principal}#${of}#${new Date(begins).toISOString()}`,
    expires: new Date(ends + length),
    secondsLeft: Math.ceil((ends - started) / 1000),
  };
}

function mostTokens({ question, settings }: Exchange): number {
  if (!question) {
    return 0;
  }
  return question.kind === 'data'
    ? estimatedTokens(question.body)
    : inputTokens(question) + longestAnswer(question, settings.maximumTokens);
}

/** Tokens that a question is at least not far below. */
export function inputTokens(question: Question): number {
  const texts =
    question.kind === 'data' ? [question.body] : [...question.system, ...textsOf(question).map(({ text }) => text)];
  return texts.reduce((sum, text) => sum + estimatedTokens(text), 0);
}

/** What a caller asks for, within what the gateway allows. */
export function longestAnswer(
  { maximumTokens: asked = Infinity }: { readonly maximumTokens?: number },
  allowed: number,
): number {
  return Math.min(asked, allowed);
}
