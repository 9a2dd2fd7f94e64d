import type { Ending, Exchange } from '../exchange';
import { textsOf } from '../question';
import { type InferenceRecord, type SealedBodies, sha256 } from './record';
import { sealBodies } from './sealed-bodies';

/**
 * Keeps the record of a call: the texts encrypted in one place, who and what in another. Rejects when either is not
 * kept.
 */
export async function recordOf(exchange: Exchange, ending: Ending): Promise<void> {
  const { call, ports } = exchange;
  const time = new Date(exchange.started).toISOString();
  const bodies = await sealedBodies(exchange, ending, time);
  const record: InferenceRecord = {
    requestId: call.requestId,
    system: exchange.settings.system,
    caller: exchange.caller ?? (call.caller === '' ? 'nobody' : await ports.pseudonym(call.caller)),
    ...(exchange.route && { protocol: exchange.route.protocol.name }),
    ...(exchange.model && { model: exchange.model.name }),
    time,
    decision: ending.decision,
    ...(ending.refusal && { code: ending.refusal.code }),
    ...(exchange.reasons.length > 0 && { reasons: exchange.reasons }),
    ...(exchange.failedOver.length > 0 && { failedOver: exchange.failedOver }),
    ...(exchange.toolsWithheld && { toolsWithheld: true }),
    ...ending.usage,
    ...hashes(exchange, ending),
    ...(bodies && { bodiesSha256: sha256(JSON.stringify(bodies)) }),
    milliseconds: ports.now() - exchange.started,
  };
  await Promise.all([bodies && ports.keepBodies?.(bodies), ports.record(record)]);
}

/** Of what was asked, as it was read, and of what was said. */
function hashes({ asked }: Exchange, { output }: Ending) {
  const question = asked?.question;
  const input =
    question?.kind === 'data'
      ? question.body
      : question &&
        textsOf(question)
          .map(({ text }) => text)
          .join('\n');
  return {
    ...(input !== undefined && { inputSha256: sha256(input) }),
    ...(output !== undefined && { outputSha256: sha256(output) }),
  };
}

/** Only of calls that were read: what is no request is nobody's text. A stream's are kept when it ends. */
async function sealedBodies(exchange: Exchange, ending: Ending, time: string): Promise<SealedBodies | undefined> {
  const { call, ports, settings } = exchange;
  if (!ports.dataKey || !exchange.asked || ending.decision === 'opened') {
    return undefined;
  }
  const request = typeof call.body === 'string' ? call.body : Buffer.from(call.body ?? []).toString('utf8');
  const toolCalls = exchange.answer?.toolCalls ?? [];
  const texts = {
    request,
    ...(ending.output !== undefined && { response: ending.output }),
    ...(toolCalls.length > 0 && { toolCalls: JSON.stringify(toolCalls) }),
  };
  const about = { system: settings.system, requestId: call.requestId, time };
  return sealBodies(about, texts, await ports.dataKey(), ports.random);
}
