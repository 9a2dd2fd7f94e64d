import type { Exchange, Step } from '../exchange';
import { type Side, textsOf, withTexts } from '../question';
import { Refusal } from '../refusal';

/** Texts that one call may have judged at the same time: Bedrock counts text units a second. */
const TOGETHER = 4;

/**
 * Has the guardrail judge what goes in: everything where the model has no guardrail of its own, and what screening annotated
 * always. Without a guardrail that can be asked, `settings.uncertain` decides what becomes of the latter.
 */
export const inputGuardrail: Step = {
  name: 'input-guardrail',
  run: async (exchange) => {
    const { question, ports, settings, findings } = exchange;
    const annotated = findings.flatMap(({ verdict }, index) => (verdict === 'annotate' ? [index] : []));
    if (!ports.guardrail) {
      if (annotated.length > 0 && settings.uncertain === 'block') {
        throw new Refusal('PALISADE-W003', 'the input is not allowed');
      }
      return;
    }
    if (!question) {
      return;
    }
    const texts = question.kind === 'chat' ? textsOf(question).map(({ text }) => text) : [question.body];
    const judged = guardedByModel(exchange) ? annotated : [...texts.keys()];
    const passed = await judge(exchange, texts, judged);
    if (question.kind === 'data') {
      exchange.question = { ...question, body: passed[0] };
      return;
    }
    exchange.question = withTexts(question, passed);
  },
};

/** Has the guardrail judge what comes out of a model that has none of its own. */
export const outputGuardrail: Step = {
  name: 'output-guardrail',
  run: async (exchange) => {
    const { answer, ports } = exchange;
    if (answer?.blocked) {
      throw notAllowed(exchange, answer.blocked);
    }
    if (!answer || !ports.guardrail || exchange.model?.guarded || answer.text === '') {
      return;
    }
    const { blocked, text } = await ports.guardrail.apply('OUTPUT', answer.text);
    if (blocked) {
      throw notAllowed(exchange, 'OUTPUT');
    }
    exchange.answer = { ...answer, text };
  },
};

/** Whether every model that may answer has a guardrail of its own. */
function guardedByModel({ ports }: Exchange): boolean {
  return ports.models.every(({ model }) => model.guarded);
}

/** What the guardrail stopped, it stopped for all callers alike: they learn no more. */
export function notAllowed({ reasons }: Exchange, side: Side): Refusal {
  reasons.push('guardrail');
  return side === 'INPUT'
    ? new Refusal('PALISADE-W003', 'the input is not allowed')
    : new Refusal('PALISADE-W004', 'the answer is not allowed');
}

async function judge(exchange: Exchange, texts: readonly string[], indices: readonly number[]): Promise<string[]> {
  const passed = [...texts];
  const waiting = indices.filter((index) => texts[index] !== '');
  const worker = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const result = await exchange.ports.guardrail?.apply('INPUT', texts[index]);
      if (!result || result.blocked) {
        throw notAllowed(exchange, 'INPUT');
      }
      passed[index] = result.text;
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
  return passed;
}
