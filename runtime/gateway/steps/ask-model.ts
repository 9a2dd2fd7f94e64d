import { firstSignal } from '../../first-signal';
import { beforeAbort, TimedOut } from '../before-abort';
import type { Exchange, Step } from '../exchange';
import { type Model, ModelRejected, type ServedModel } from '../ports';
import type { AnswerEvent, Chat, Question } from '../question';
import { Refusal } from '../refusal';
import { soundAnswer, soundEvent } from '../soundness';
import { longestAnswer } from './limits';

/**
 * Asks the models in their order, each within its time and behind its circuit breaker, until one answers. A model that refuses the
 * question ends it: the next one would be asked something that is wrong.
 */
export const askModel: Step = {
  name: 'ask-model',
  run: async (exchange) => {
    const { ports, question } = exchange;
    if (ports.models.length === 0) {
      throw new Refusal('PALISADE-W005', 'no model is approved yet');
    }
    if (!question) {
      return;
    }
    let last = new Refusal('PALISADE-W022', 'no model answers: all have failed of late', { retryAfter: 30 });
    for (const served of ports.models) {
      const left = timeLeft(exchange);
      if (left <= 0) {
        throw new Refusal('PALISADE-W020', 'no model answered in time');
      }
      if (!served.breaker.allows()) {
        continue;
      }
      exchange.model = served.model;
      try {
        await ask(exchange, served.model, bounded(question, exchange), left);
        served.breaker.succeeded();
        return;
      } catch (error) {
        last = judged(exchange, served, error);
      }
      exchange.failedOver.push(served.model.name);
    }
    exchange.failedOver.pop();
    throw last;
  },
};

/** Milliseconds in which a model may still answer. */
function timeLeft({ started, settings, ports }: Exchange): number {
  return started + settings.answerWithin - ports.now();
}

/** Ends the call where no other model shall be asked, and else says what to answer if none can be. */
function judged({ call, ports }: Exchange, { breaker }: ServedModel, error: unknown): Refusal {
  if (call.signal?.aborted) {
    breaker.abandoned();
    throw new Refusal('PALISADE-W024', 'the caller went away');
  }
  if (error instanceof ModelRejected) {
    breaker.succeeded();
    ports.report(error);
    throw new Refusal('PALISADE-W021', 'the model refuses the request as it is');
  }
  breaker.failed();
  ports.report(error);
  return error instanceof TimedOut
    ? new Refusal('PALISADE-W020', 'no model answered in time')
    : new Refusal('PALISADE-W006', 'a service behind the gateway failed');
}

/** Nobody gets a longer answer than the gateway allows, which is what the spending limit counts with. */
function bounded(question: Question, { settings }: Exchange): Question {
  return question.kind === 'data'
    ? question
    : { ...question, maximumTokens: longestAnswer(question, settings.maximumTokens) };
}

async function ask(exchange: Exchange, model: Model, question: Question, left: number): Promise<void> {
  const { asked, call, ports, settings } = exchange;
  const within = Math.min(settings.modelTimeout, left);
  // A guardrail that is not the model's own judges whole answers.
  const wholeOnly = ports.outputChecks.needsWhole || (ports.guardrail && !model.guarded);
  const streams = asked?.stream && call.streams && !wholeOnly;
  if (streams && model.stream && question.kind === 'chat') {
    exchange.stream = await opened(exchange, model.stream.bind(model), question, within, left);
    return;
  }
  const signal = ports.timeout(within, call.signal);
  exchange.answer = soundAnswer(await beforeAbort(model.invoke(question, signal), signal));
}

/** Waits for the first piece within the time of an answer, so that another model can still be asked; the rest may take longer. */
async function opened(
  { call, halt, ports }: Exchange,
  stream: NonNullable<Model['stream']>,
  question: Chat,
  within: number,
  left: number,
): Promise<AsyncIterable<AnswerEvent>> {
  const tooSlow = new AbortController();
  const whole = firstSignal(ports.timeout(left, call.signal), tooSlow.signal, halt.signal);
  const events = stream(question, whole)[Symbol.asyncIterator]();
  try {
    const first = await beforeAbort(events.next(), ports.timeout(within, call.signal));
    if (!first.done) {
      soundEvent(first.value);
    }
    return rest(first, events, whole);
  } catch (error) {
    tooSlow.abort();
    throw error;
  }
}

async function* rest(
  first: IteratorResult<AnswerEvent>,
  events: AsyncIterator<AnswerEvent>,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  try {
    for (let next = first; !next.done; next = await beforeAbort(events.next(), signal)) {
      yield soundEvent(next.value);
    }
  } finally {
    // Whoever stops reading stops the model. A model that does not end is not waited for.
    void Promise.resolve(events.return?.()).catch(() => {});
  }
}
