import type { Step } from '../exchange';
import { Refusal } from '../refusal';

/** Somebody known calls, for the AI system that this gateway serves. From here on the caller is a pseudonym. */
export const identity: Step = {
  name: 'identity',
  run: async (exchange) => {
    const { call, asked, modelNames, ports, settings } = exchange;
    if (call.caller === '') {
      throw new Refusal('PALISADE-W013', 'nobody vouches for the caller');
    }
    const principal = principalOf(call.caller);
    const [caller, limited] = await Promise.all([
      ports.pseudonym(call.caller),
      settings.limits && principal !== call.caller ? ports.pseudonym(principal) : undefined,
    ]);
    exchange.caller = caller;
    exchange.principal = limited ?? caller;
    if (asked?.model !== undefined && !modelNames.includes(asked.model)) {
      throw new Refusal('PALISADE-W014', 'no such model here: GET /v1/models lists them', { where: 'model' });
    }
  },
};

/**
 * The role of a role's session, and of anybody else what the front says. Whoever assumes a role names the session: limits that
 * counted by it would be as many as there are names.
 */
function principalOf(caller: string): string {
  const [, role] = /^(arn:[a-z-]+:sts::\d{12}:assumed-role\/[^/]{1,64})\/[^/]{1,64}$/.exec(caller) ?? [];
  return role ?? caller;
}
