import type { Exchange, Step } from '../exchange';
import type { AnswerEvent } from '../question';
import { Refusal } from '../refusal';

/** Characters that a stream holds back at least: longer than what is written with blanks inside, as numbers of cards are. */
const HELD_BACK = 128;
/** A stream is checked again each time it has grown by so many characters, or by this share, so that the work stays linear. */
const STEP = 128;
const SHARE = 1 / 16;

const BLANKS = ' \t\r\n';

/**
 * Checks what the model said for secrets, personal data, links and the canary, and encodes it for where it will stand. An answer in
 * pieces is checked as a whole again and again, and lags behind: what has been given is always the beginning of a checked text.
 */
export const outputChecks: Step = {
  name: 'output-checks',
  run: (exchange) => {
    const { answer, question, stream } = exchange;
    if (stream) {
      exchange.stream = checkedStream(stream, (text) => checked(exchange, text));
      return;
    }
    // Figures of a tabular model may look like anything: they are not masked.
    if (answer && question?.kind === 'chat') {
      exchange.answer = {
        ...answer,
        text: checked(exchange, answer.text),
        toolCalls: answer.toolCalls?.map((call) => ({ ...call, input: checkedInput(exchange, call.input) })),
      };
    }
  },
};

function checked({ canary, ports, reasons }: Exchange, text: string): string {
  const result = ports.outputChecks.check(text, canary);
  reasons.push(...result.reasons.filter((reason) => !reasons.includes(reason)));
  if (result.blocked) {
    throw new Refusal('PALISADE-W004', 'the answer is not allowed');
  }
  return result.text;
}

/** What goes to a tool leaves the model too. It is blocked as text is, and never rewritten: a tool needs what was meant. */
function checkedInput(exchange: Exchange, input: unknown): unknown {
  checked(exchange, JSON.stringify(input) ?? '');
  return input;
}

async function* checkedStream(
  events: AsyncIterable<AnswerEvent>,
  check: (text: string) => string,
): AsyncGenerator<AnswerEvent> {
  let text = '';
  let given = '';
  let checkAt = HELD_BACK + STEP;
  const release = (checkedText: string, end: number): AnswerEvent[] => {
    // What was given and is no longer the beginning cannot be taken back.
    if (!checkedText.startsWith(given)) {
      throw new Refusal('PALISADE-W004', 'the answer is not allowed');
    }
    const more = checkedText.slice(given.length, Math.max(end, given.length));
    given += more;
    return more === '' ? [] : [{ kind: 'text', text: more }];
  };
  for await (const event of events) {
    if (event.kind === 'text') {
      text += event.text;
      if (text.length >= checkAt) {
        checkAt = text.length + Math.max(STEP, Math.floor(text.length * SHARE));
        const whole = check(text);
        const tail = text.slice(settledLength(text));
        // Masks and encodings change lengths.
        yield* release(whole, whole.length - Math.max(tail.length, check(tail).length));
      }
      continue;
    }
    if (event.kind === 'tool-call') {
      check(JSON.stringify(event.call.input) ?? '');
    } else if (!event.blocked) {
      const whole = check(text);
      yield* release(whole, whole.length);
    }
    yield event;
  }
}

/** So much of a text that still grows holds nothing whose rest is yet to come: no word, and no key in PEM form. */
function settledLength(text: string): number {
  const key = text.lastIndexOf('-----BEGIN');
  const open = key !== -1 && !text.includes('-----END', key);
  let end = Math.min(text.length - HELD_BACK, open ? key : Infinity);
  while (end > 0 && !BLANKS.includes(text[end - 1])) {
    end -= 1;
  }
  return Math.max(0, end);
}
