import type { Step } from '../exchange';
import { Refusal } from '../refusal';

/** Lets nothing through while somebody has stopped the AI system. */
export const killSwitch: Step = {
  name: 'kill-switch',
  run: async ({ ports }) => {
    if (await ports.stopped?.()) {
      throw new Refusal('PALISADE-W015', 'the AI system is stopped');
    }
  },
};
