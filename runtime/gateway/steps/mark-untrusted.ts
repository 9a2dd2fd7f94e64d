import type { Step } from '../exchange';
import { isUntrusted, mapTexts } from '../question';

/** Tells the model which texts are documents or results of tools: matter to work on, and nobody's instructions. */
export const markUntrusted: Step = {
  name: 'mark-untrusted',
  run: (exchange) => {
    if (exchange.question?.kind === 'chat') {
      exchange.question = mapTexts(exchange.question, (text, provenance) =>
        isUntrusted(provenance) ? exchange.ports.screening.markUntrusted(text) : text,
      );
    }
  },
};
