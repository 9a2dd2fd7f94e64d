import type { Step } from '../exchange';
import { mapTexts } from '../question';

/** Takes out what hides words from readers. Data is left alone: it is for no reader, and must not change. */
export const sanitise: Step = {
  name: 'sanitise',
  run: (exchange) => {
    if (exchange.question?.kind === 'chat') {
      exchange.question = mapTexts(exchange.question, (text) => exchange.ports.screening.sanitise(text));
    }
  },
};
