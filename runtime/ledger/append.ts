import {
  ENTRY_FORMAT,
  entryHash,
  entryText,
  genesisOf,
  isSameEvent,
  isSameRequest,
  type LedgerEntry,
  type LedgerEvent,
  readEntry,
  requireEvent,
} from './entry';
import { fault } from './fault';
import { type Head, headOf, positionIn } from './head';
import { toHex } from './hex';
import { entryName, LAYOUT, requestName } from './layout';
import type { LedgerStore, StoredText } from './store';

/** What is recorded of an event. */
export interface Receipt {
  readonly sequence: number;
  /** Hash of the entry, in hexadecimal. */
  readonly hash: string;
}

/** Most entries that others may write while one is waiting for its turn. */
const MAXIMUM_TURNS = 1000;

/**
 * Writes entries into one chain, whoever else writes at the same time.
 *
 * An entry is created under the number that follows the last; only one writer can create a number, so there is one chain. Then the
 * request is noted, then the head moves on. Whoever finds entries beyond the head notes their requests before moving it, so that all
 * entries up to the head are noted: a writer that crashed anywhere left nothing torn, and asking again records nothing twice.
 */
export class Ledger {
  constructor(
    private readonly store: LedgerStore,
    /** Name of the ledger: in every entry. */
    readonly name: string,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {}

  /**
   * Records an event, once. What it resolves to is stored.
   *
   * Rejects with PALISADE-L001 for an event that is not in order, L002 and L003 where the stored chain is not, L004 where others kept
   * writing in between, L014 where the request stands for another event already, and with what the store rejects with. Whoever asks again
   * with the same request gets the entry that there is.
   */
  async append(event: LedgerEvent): Promise<Receipt> {
    const asked = requireEvent(event);
    // The head before the note: a request that is not noted by now comes after this head, and is found on the way from it.
    const stored = await this.store.read(LAYOUT.head);
    const [noted, start] = await Promise.all([this.noted(asked), this.startOf(stored)]);
    if (noted) {
      return noted;
    }
    let head = start;
    for (let turn = 0; turn < MAXIMUM_TURNS; turn += 1) {
      const next = await this.entryAfter(head);
      const text = next ? entryText(next) : this.entryFor(asked, head);
      if (!next && !(await this.store.create(entryName(head.sequence + 1), text))) {
        continue;
      }
      head = { sequence: head.sequence + 1, hash: toHex(entryHash(text)) };
      await this.note(next ?? asked, head);
      if (!next || isSameRequest(next, asked)) {
        await this.moveHead(head, stored);
        return next ? this.receiptOf(next, asked, head) : head;
      }
    }
    // As far as it came: the next one need not come here again.
    await this.moveHead(head, stored);
    throw fault('L004', `ledger ${this.name}`, `${MAXIMUM_TURNS} entries came first`, 'ask again');
  }

  /** Where to look for the end from. A head that is not the place of an entry would leave a gap in the chain, so it counts for nothing. */
  private async startOf(stored: StoredText | undefined): Promise<Head> {
    const head = stored && positionIn(stored.text);
    const entry = head && (await this.store.read(entryName(head.sequence)));
    return entry && toHex(entryHash(entry.text)) === head.hash ? head : { sequence: -1, hash: genesisOf(this.name) };
  }

  /** Of the entry that a request has already. */
  private async noted(asked: LedgerEvent): Promise<Receipt | undefined> {
    const name = requestName(asked);
    const note = await this.store.read(name);
    if (!note) {
      return undefined;
    }
    const place = headOf(note.text, name);
    const stored = await this.store.read(entryName(place.sequence));
    if (!stored || toHex(entryHash(stored.text)) !== place.hash) {
      throw fault('L003', entryName(place.sequence), 'is not the entry that was noted for its request');
    }
    return this.receiptOf(readEntry(stored.text, entryName(place.sequence)), asked, place);
  }

  /** An answer to what was not asked would pass for a record of it. */
  private receiptOf(entry: LedgerEntry, asked: LedgerEvent, { sequence, hash }: Head): Receipt {
    if (!isSameEvent(entry, asked)) {
      throw fault(
        'L014',
        `request ${asked.request} of ${asked.system}`,
        `stands for another event: entry ${sequence}`,
        'name each request once; repeat it as it was',
      );
    }
    return { sequence, hash };
  }

  /** The entry after the head, if somebody has written one. */
  private async entryAfter({ sequence, hash }: Head): Promise<LedgerEntry | undefined> {
    const name = entryName(sequence + 1);
    const stored = await this.store.read(name);
    if (!stored) {
      return undefined;
    }
    const entry = readEntry(stored.text, name);
    if (entry.previous !== hash || entry.ledger !== this.name) {
      throw fault('L003', name, 'does not follow the entry before it');
    }
    return entry;
  }

  private entryFor(event: LedgerEvent, head: Head): string {
    return entryText({
      ...event,
      format: ENTRY_FORMAT,
      ledger: this.name,
      sequence: head.sequence + 1,
      previous: head.hash,
      time: new Date(this.now()).toISOString(),
    });
  }

  private async note(event: LedgerEvent, head: Head): Promise<void> {
    // There already where somebody else noted it: the same note.
    await this.store.create(requestName(event), JSON.stringify(head));
  }

  /** Forwards only: where somebody moved it in between, theirs is as good. */
  private async moveHead(head: Head, stored: StoredText | undefined): Promise<void> {
    const text = JSON.stringify(head);
    await (stored ? this.store.replace(LAYOUT.head, text, stored.tag) : this.store.create(LAYOUT.head, text));
  }
}
