import { fault } from './fault';
import { LAYOUT } from './layout';

/** Where the chain ends, as far as somebody has noted, or where a request's entry is. A hint: entries decide. */
export interface Head {
  readonly sequence: number;
  /** Hash of the entry, in hexadecimal. */
  readonly hash: string;
}

/** Reads what the ledger itself wrote. Throws PALISADE-L005. */
export function headOf(text: string, where: string = LAYOUT.head): Head {
  const head = positionIn(text);
  if (!head) {
    throw fault('L005', where, 'is no position in the chain');
  }
  return head;
}

/** Undefined for what is no position. */
export function positionIn(text: string): Head | undefined {
  try {
    const { sequence, hash } = JSON.parse(text) as Head;
    return Number.isSafeInteger(sequence) && sequence >= 0 && /^[0-9a-f]{64}$/.test(hash)
      ? { sequence, hash }
      : undefined;
  } catch {
    return undefined;
  }
}
