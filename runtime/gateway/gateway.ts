import { CHAIN } from './chain';
import { type Ending, Exchange, type Step } from './exchange';
import type { GatewayPorts, GatewaySettings } from './ports';
import { routeOf } from './protocols';
import { modelList } from './protocols/openai';
import { PALISADE } from './protocols/palisade';
import type { About, Answer, GatewayCall, Protocol, Reply } from './protocols/protocol';
import { type AnswerEvent, estimatedTokens, type ToolCall, type Usage } from './question';
import { recordOf } from './records/keep';
import { type Decision, Refusal } from './refusal';
import { notAllowed } from './steps/guardrail';
import { inputTokens } from './steps/limits';

/**
 * Takes one call through the chain and records it. Never rejects; neither does what a streamed reply's body yields.
 *
 * Fails closed: a call whose record cannot be stored is answered with PALISADE-W007 and no output, so that there is no
 * inference without a record. A stream is recorded before its first word, and again before its end.
 *
 * @param chain other than CHAIN in tests alone
 */
export async function answerCall(
  call: GatewayCall,
  settings: GatewaySettings,
  ports: GatewayPorts,
  chain: readonly Step[] = CHAIN,
): Promise<Reply> {
  const exchange = new Exchange(call, routeOf(call), settings, ports);
  const refusal = await passed(exchange, chain);
  const { answer, stream } = exchange;
  if (stream && !refusal) {
    return await streamed(exchange, stream);
  }
  return await closed(exchange, {
    decision: refusal?.decision ?? 'answered',
    refusal,
    output: answer?.text,
    // What was kept from the caller was used all the same.
    usage: answer && usageOf(exchange, answer.text, answer.toolCalls, answer.usage),
  });
}

/** Runs the chain to its end, or to the step that refuses. */
async function passed(exchange: Exchange, chain: readonly Step[]): Promise<Refusal | undefined> {
  try {
    for (const step of chain) {
      await step.run(exchange);
    }
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) {
      return error;
    }
    exchange.ports.report(error);
    return new Refusal('PALISADE-W006', 'a service behind the gateway failed');
  }
}

/** Records a call that is over, and draws what became of it. */
async function closed(exchange: Exchange, ending: Ending): Promise<Reply> {
  await exchange.end(ending.usage);
  const refusal = (await recorded(exchange, ending)) ?? ending.refusal;
  const protocol = protocolOf(exchange);
  const about = aboutOf(exchange);
  if (refusal) {
    return protocol.refuse(refusal, about);
  }
  return exchange.route?.lists ? modelList(exchange.modelNames, about) : drawn(exchange, ending.usage, protocol, about);
}

/** What goes wrong with the record goes before what else went wrong. */
async function recorded(exchange: Exchange, ending: Ending): Promise<Refusal | undefined> {
  try {
    await recordOf(exchange, ending);
    return undefined;
  } catch (error) {
    exchange.ports.report(error);
    return new Refusal('PALISADE-W007', 'the call could not be recorded');
  }
}

async function drawn(exchange: Exchange, usage: Usage | undefined, protocol: Protocol, about: About): Promise<Reply> {
  const { answer, asked } = exchange;
  const whole: Answer = {
    text: answer?.text ?? '',
    toolCalls: answer?.toolCalls ?? [],
    finish: answer?.finish ?? 'stop',
    usage: usage ?? NOTHING,
    contentType: answer?.contentType,
  };
  if (!asked?.stream || !protocol.stream) {
    return protocol.answer(whole, about);
  }
  // The front cannot stream, or the model: the caller gets the events, and all at once.
  let body = '';
  for await (const piece of protocol.stream.draw(eventsOf(whole), about)) {
    body += piece;
  }
  return { ...protocol.answer(whole, about), body, headers: streamHeaders(protocol, about) };
}

async function* eventsOf({ text, toolCalls, finish, usage }: Answer): AsyncGenerator<AnswerEvent> {
  yield { kind: 'text', text };
  yield* toolCalls.map((call) => ({ kind: 'tool-call', call }) as const);
  yield { kind: 'end', finish, usage };
}

function streamHeaders(protocol: Protocol, about: About): Record<string, string> {
  return {
    ...protocol.answer({ text: '', toolCalls: [], finish: 'stop', usage: NOTHING }, about).headers,
    'content-type': protocol.stream?.contentType ?? 'text/plain',
  };
}

async function streamed(exchange: Exchange, events: AsyncIterable<AnswerEvent>): Promise<Reply> {
  const refusal = await recorded(exchange, { decision: 'opened' });
  const protocol = protocolOf(exchange);
  const about = aboutOf(exchange);
  if (refusal || !protocol.stream) {
    exchange.halt.abort();
    await exchange.end(undefined);
    return protocol.refuse(refusal ?? new Refusal('PALISADE-W002', 'this protocol knows no streams'), about);
  }
  return {
    status: 200,
    headers: streamHeaders(protocol, about),
    body: protocol.stream.draw(untilRecorded(exchange, events), about),
  };
}

/** Passes the pieces on, and records the call before its last piece. Throws nothing but Refusals. */
async function* untilRecorded(exchange: Exchange, events: AsyncIterable<AnswerEvent>): AsyncGenerator<AnswerEvent> {
  let text = '';
  const calls: ToolCall[] = [];
  let over = false;
  const close = async (ending: Omit<Ending, 'output'>, counted?: Usage) => {
    over = true;
    exchange.answer = { text, toolCalls: calls };
    const usage = usageOf(exchange, text, calls, counted);
    await exchange.end(usage);
    const refusal = (await recorded(exchange, { ...ending, output: text, usage })) ?? ending.refusal;
    if (refusal) {
      throw refusal;
    }
    return usage;
  };
  try {
    for await (const event of events) {
      if (event.kind === 'text') {
        text += event.text;
        yield event;
      } else if (event.kind === 'tool-call') {
        calls.push(event.call);
        yield event;
      } else if (event.blocked) {
        const refusal = notAllowed(exchange, event.blocked);
        await close({ decision: refusal.decision, refusal });
      } else {
        const usage = await close({ decision: 'answered' }, event.usage);
        yield { ...event, usage };
        // Whatever a model says after its end is in no record.
        return;
      }
    }
    if (!over) {
      throw new Error('the model ended without an end');
    }
  } catch (error) {
    if (over) {
      throw error;
    }
    await close(endingOf(exchange, error));
  } finally {
    // Whoever reads has stopped: nobody is left to be told.
    if (!over) {
      await close({ decision: 'cancelled', refusal: GONE }).catch(() => {});
    }
  }
}

const GONE = new Refusal('PALISADE-W024', 'the caller went away');

function endingOf({ call, ports }: Exchange, error: unknown): { decision: Decision; refusal: Refusal } {
  if (error instanceof Refusal) {
    return { decision: error.decision, refusal: error };
  }
  if (call.signal?.aborted) {
    return { decision: 'cancelled', refusal: GONE };
  }
  ports.report(error);
  return { decision: 'failed', refusal: new Refusal('PALISADE-W006', 'a service behind the gateway failed') };
}

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };

/** As the model counts; estimated where it does not. */
function usageOf(
  { question }: Exchange,
  text: string,
  toolCalls: readonly ToolCall[] = [],
  counted?: Usage,
): Usage | undefined {
  if (counted) {
    return counted;
  }
  const inputs = toolCalls.map(({ input }) => JSON.stringify(input)).join('');
  return question && { inputTokens: inputTokens(question), outputTokens: estimatedTokens(text + inputs) };
}

/** A call to nowhere is answered in the gateway's own way. */
function protocolOf({ route }: Exchange): Protocol {
  return route?.protocol ?? PALISADE;
}

function aboutOf({ asked, call, model, ports, settings, started }: Exchange): About {
  return {
    requestId: call.requestId,
    model: asked?.model ?? model?.name ?? settings.system,
    started,
    milliseconds: ports.now() - started,
    stream: asked?.stream ?? false,
    streamUsage: asked?.streamUsage ?? false,
  };
}
