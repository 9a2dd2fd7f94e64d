import type { Step } from '../exchange';
import { MAXIMUM_BODY } from '../json';
import type { GatewayCall } from '../protocols/protocol';
import { Refusal } from '../refusal';

/** Reads the body: within bounds, text, and of the form that its protocol has. What comes after sees a question only. */
export const sizeAndSchema: Step = {
  name: 'size-and-schema',
  run: (exchange) => {
    const { call, route, takes } = exchange;
    if (!route) {
      throw new Refusal('PALISADE-W010', 'there is nothing to call by this method and path');
    }
    if (route.lists) {
      return;
    }
    if (route.protocol.name !== 'invocations' && !isJson(call)) {
      throw new Refusal('PALISADE-W012', 'the content type is not application/json');
    }
    exchange.asked = route.protocol.read(textOf(call.body ?? ''), call, takes);
    exchange.question = exchange.asked.question;
  },
};

function isJson({ contentType = 'application/json' }: GatewayCall): boolean {
  return contentType.split(';')[0].trim().toLowerCase() === 'application/json';
}

function textOf(body: string | Uint8Array): string {
  if (lengthOf(body) > MAXIMUM_BODY) {
    throw new Refusal('PALISADE-W011', `the body has more than ${MAXIMUM_BODY} bytes`);
  }
  if (typeof body === 'string') {
    return body;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Refusal('PALISADE-W001', 'the body is not UTF-8');
  }
}

function lengthOf(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}
