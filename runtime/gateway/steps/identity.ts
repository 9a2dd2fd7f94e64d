import type { Step } from '../exchange';
import { Refusal } from '../refusal';

/** Somebody known calls, for the AI system that this gateway serves. From here on the caller is a pseudonym. */
export const identity: Step = {
  name: 'identity',
  run: async (exchange) => {
    const { call, asked, modelNames, ports } = exchange;
    if (call.caller === '') {
      throw new Refusal('PALISADE-W013', 'nobody vouches for the caller');
    }
    exchange.caller = await ports.pseudonym(call.caller);
    if (asked?.model !== undefined && !modelNames.includes(asked.model)) {
      throw new Refusal('PALISADE-W014', 'no such model here: GET /v1/models lists them', { where: 'model' });
    }
  },
};
