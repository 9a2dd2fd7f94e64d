import type { Exchange, Step } from '../exchange';
import { Origin } from '../origin';
import { type AnswerEvent, type Chat, isUntrusted, type Tool, type ToolCall, textsOf } from '../question';
import { Refusal } from '../refusal';

/**
 * Refuses a model's call of a tool that was not offered, and one with a value that only documents or results of tools name: whom to pay or
 * to write to is for the application and its user to say. The conversation is taken as the model saw it. What the assistant said before
 * counts for neither side.
 */
export const toolCalls: Step = {
  name: 'tool-calls',
  run: (exchange) => {
    const { answer, question, stream } = exchange;
    if (question?.kind !== 'chat') {
      return;
    }
    const judge = judgeOf(exchange, question);
    if (stream) {
      exchange.stream = judged(stream, judge);
    }
    answer?.toolCalls?.forEach(judge);
  },
};

async function* judged(
  events: AsyncIterable<AnswerEvent>,
  judge: (call: ToolCall) => void,
): AsyncGenerator<AnswerEvent> {
  for await (const event of events) {
    if (event.kind === 'tool-call') {
      judge(event.call);
    }
    yield event;
  }
}

/** Throws a Refusal for a call that may not be made. */
function judgeOf({ reasons, settings }: Exchange, chat: Chat): (call: ToolCall) => void {
  const { tools = [] } = chat;
  let origin: Origin | undefined;
  return ({ name, input }) => {
    const tool = tools.find((each) => each.name === name);
    if (!tool) {
      reasons.push('tool-call:not-offered');
      throw new Refusal('PALISADE-W025', 'the model would call a tool that was not offered');
    }
    if (settings.untrustedArguments?.includes(name)) {
      return;
    }
    origin ??= originOf(chat);
    for (const [argument, value] of entriesOf(input)) {
      const place = `${name}.${argument}`;
      if (
        !settings.untrustedArguments?.includes(place) &&
        namedIn(value).some((each) => origin?.isOnlyUntrusted(each))
      ) {
        reasons.push(`tool-call:untrusted:${declares(tool, argument) ? place : name}`);
        throw new Refusal('PALISADE-W025', 'the model would call a tool with what only a document or a tool names');
      }
    }
  };
}

/** Whoever offers the tools names what is in their descriptions. */
function originOf(chat: Chat): Origin {
  const said = textsOf(chat);
  const from = (holds: (provenance: (typeof said)[number]['provenance']) => boolean) =>
    said.filter(({ provenance }) => holds(provenance)).map(({ text }) => text);
  return new Origin(
    [...chat.system, JSON.stringify(chat.tools), ...from((each) => each === 'user')],
    from(isUntrusted),
  );
}

function entriesOf(input: unknown): [string, unknown][] {
  return input !== null && typeof input === 'object' ? Object.entries(input) : [['', input]];
}

/** What a record may name: an argument that the application declares, and no word of the model's. */
function declares({ parameters }: Tool, argument: string): boolean {
  const { properties } = (parameters ?? {}) as { readonly properties?: unknown };
  return properties !== null && typeof properties === 'object' && Object.hasOwn(properties, argument);
}

/** All that a value names: texts and numbers, and the names of fields. */
function namedIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    return [String(value)];
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([name, part]) =>
    Array.isArray(value) ? namedIn(part) : [name, ...namedIn(part)],
  );
}
