import { PalisadeError } from '../errors';
import { MerkleRoot } from '../integrity';
import { type Checkpoint, isSignedBy, readCheckpoint } from './checkpoint';
import { entryHash, genesisOf, type LedgerEntry, readEntry } from './entry';
import { fault } from './fault';
import { type Head, headOf } from './head';
import { toHex } from './hex';
import { checkpointName, entryName, LAYOUT } from './layout';
import type { CheckpointVerifier } from './signer';

/** A text and the name that it is stored under. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What to verify. */
export interface LedgerCopy {
  /** In the order of their names. */
  readonly entries: Iterable<NamedText> | AsyncIterable<NamedText>;
  /** In the order of their names. */
  readonly checkpoints: readonly NamedText[];
  /** `head.json`. It is not signed: it finds an accident to the last entries, and no forger. @default - none */
  readonly head?: NamedText;
  /** A checkpoint that somebody kept elsewhere: it finds a ledger that was cut off or written anew. @default - none */
  readonly witnessed?: NamedText;
  /** The key of the ledger. @default - signatures are not looked at */
  readonly verifier?: CheckpointVerifier;
  /** @default - what the first entry says */
  readonly ledger?: string;
}

/** What is wrong, and where it was found first. */
export interface LedgerFault {
  /** Sequence of the entry; undefined where a checkpoint is wrong. */
  readonly entry?: number;
  readonly code: string;
  readonly where: string;
  readonly problem: string;
}

/** What verification says of a ledger. */
export interface LedgerReport {
  readonly valid: boolean;
  readonly ledger?: string;
  /** Entries that were in order. */
  readonly entries: number;
  /** Hash of the last of them. */
  readonly head?: string;
  /** Entries under the last checkpoint that holds. */
  readonly covered: number;
  /** Entries that no checkpoint covers yet: they could still be cut off without a trace. */
  readonly beyond: number;
  /** Whether a key was given, and signed every checkpoint. */
  readonly signed: boolean;
  readonly fault?: LedgerFault;
}

/**
 * Verifies a copy of a ledger without a network: that every entry follows the one before it, and that every checkpoint is over just these
 * entries and signed. Stops at the first fault and names it.
 *
 * Codes: PALISADE-L002 an entry is altered beyond form, L003 it does not follow, L006 a checkpoint is none, L007 another key signed it,
 * L005 the head is none, L008 an entry is missing, or it or a checkpoint has another's name, L009 a request was recorded twice, L010
 * entries are not those that were signed, L011 the ledger was cut off, L013 the head names another entry than there is,
 * L016 a key was given and nothing is signed.
 */
export async function verifyLedger(copy: LedgerCopy): Promise<LedgerReport> {
  const walk = new Walk(copy);
  try {
    await walk.readSigned();
    for await (const { name, text } of copy.entries) {
      walk.take(name, text);
    }
    walk.end();
    return walk.report();
  } catch (error) {
    if (error instanceof PalisadeError) {
      return walk.report(error);
    }
    throw error;
  }
}

const UNSIGNED =
  'take a later copy where the ledger is younger than the first checkpoint; else find out who took the checkpoints away';

class Walk {
  private readonly tree = new MerkleRoot();
  private readonly requests = new Set<string>();
  private readonly checkpoints: { readonly name: string; readonly checkpoint: Checkpoint }[] = [];
  /** The first checkpoint that has not been compared. */
  private next = 0;
  private size = 0;
  private covered = 0;
  private ledger?: string;
  private head?: string;
  /** What is looked at: an entry, or a checkpoint. */
  private atEntry = false;

  private noted?: Head;
  /** Hash of an entry that does not follow the one before it: what comes next tells which of the two was altered. */
  private doubt?: string;
  /** Name of a checkpoint that is over other entries: what comes next tells which. */
  private unsigned?: string;

  constructor(private readonly copy: LedgerCopy) {
    this.ledger = copy.ledger;
  }

  /** Form and signature first: what is not signed proves nothing. */
  async readSigned(): Promise<void> {
    const { checkpoints, witnessed, verifier } = this.copy;
    for (const { name, text } of [...checkpoints, ...(witnessed ? [witnessed] : [])]) {
      const checkpoint = readCheckpoint(text, name);
      if (name !== checkpointName(checkpoint.content.size) && name !== witnessed?.name) {
        throw fault('L008', name, `is the checkpoint over ${checkpoint.content.size} entries under another name`);
      }
      if (verifier && !(await isSignedBy(checkpoint, verifier))) {
        throw fault('L007', name, 'is not signed by the key that was given');
      }
      this.checkpoints.push({ name, checkpoint });
    }
    const { head } = this.copy;
    this.noted = head && headOf(head.text, head.name);
    this.checkpoints.sort((one, other) => one.checkpoint.content.size - other.checkpoint.content.size);
  }

  take(name: string, text: string): void {
    this.atEntry = true;
    if (this.doubt) {
      throw this.altered(previousOf(text));
    }
    if (this.unsigned) {
      throw this.rewritten(this.unsigned, previousOf(text));
    }
    if (name !== entryName(this.size)) {
      throw fault('L008', name, `stands where ${entryName(this.size)} is expected`);
    }
    const entry = readEntry(text, name);
    const hash = entryHash(text);
    if (!this.follows(entry, name)) {
      this.doubt = toHex(hash);
      return;
    }
    this.tree.append(hash);
    this.head = toHex(hash);
    this.size += 1;
    this.compareHead(name);
    this.compareCheckpoints();
    this.atEntry = false;
  }

  end(): void {
    if (this.doubt) {
      throw this.altered(this.noted?.sequence === this.size ? this.noted.hash : '');
    }
    if (this.unsigned) {
      throw this.rewritten(this.unsigned, this.head);
    }
    if (this.copy.verifier && this.checkpoints.length === 0 && this.size > 0) {
      throw fault(
        'L016',
        LAYOUT.checkpoints,
        'holds no checkpoint: nothing is signed by the key that was given',
        UNSIGNED,
      );
    }
    this.atEntry = true;
    if (this.noted && this.noted.sequence >= this.size) {
      throw fault('L011', 'head.json', `${this.noted.sequence + 1} entries were written, and there are ${this.size}`);
    }
    const ahead = this.checkpoints.find(({ checkpoint }) => checkpoint.content.size > this.size);
    if (ahead) {
      const { size } = ahead.checkpoint.content;
      throw fault('L011', ahead.name, `${size} entries were signed, and there are ${this.size}`);
    }
  }

  report(error?: PalisadeError): LedgerReport {
    return {
      valid: error === undefined,
      ...(this.ledger !== undefined && { ledger: this.ledger }),
      entries: this.size,
      ...(this.head !== undefined && { head: this.head }),
      covered: this.covered,
      beyond: this.size - this.covered,
      signed: this.copy.verifier !== undefined && this.checkpoints.length > 0 && error === undefined,
      ...(error && { fault: this.faultOf(error) }),
    };
  }

  private faultOf({ code, where, problem }: PalisadeError): LedgerFault {
    return { ...(this.atEntry && { entry: this.size }), code, where, problem };
  }

  /** Whether an entry names the one before it. Throws where it is of another place or ledger, or follows and was there already. */
  private follows(entry: LedgerEntry, name: string): boolean {
    this.ledger ??= entry.ledger;
    if (entry.ledger !== this.ledger) {
      throw fault('L003', name, `is of the ledger ${entry.ledger}, not of ${this.ledger}`);
    }
    if (entry.sequence !== this.size) {
      throw fault('L003', name, `says that it is entry ${entry.sequence}`);
    }
    if (entry.previous !== (this.head ?? genesisOf(this.ledger))) {
      return false;
    }
    const request = `${entry.system} ${entry.request}`;
    if (this.requests.has(request)) {
      throw fault('L009', name, `records the request ${entry.request} of ${entry.system} a second time`);
    }
    this.requests.add(request);
    return true;
  }

  /** Of two entries that do not fit together, the one that what follows does not name was altered. */
  private altered(named: string): PalisadeError {
    if (named === this.doubt && this.size > 0) {
      this.size -= 1;
      return fault('L003', entryName(this.size), 'is not the entry that the next one names');
    }
    return fault('L003', entryName(this.size), 'does not follow the entry before it');
  }

  /** Entries that a checkpoint does not sign: the last of them where the next one does not name it, else all since the last that does. */
  private rewritten(checkpoint: string, named: string | undefined): PalisadeError {
    const signed = this.size;
    this.size = named === this.head ? this.covered : this.size - 1;
    this.atEntry = true;
    return fault('L010', checkpoint, `the first ${signed} entries are not those that were signed`);
  }

  /** Compared as soon as it can be, so that the entry is named. */
  private compareHead(name: string): void {
    if (this.noted?.sequence === this.size - 1 && this.noted.hash !== this.head) {
      this.size -= 1;
      throw fault('L013', name, 'is not the entry that the head names');
    }
  }

  private compareCheckpoints(): void {
    for (; this.checkpoints[this.next]?.checkpoint.content.size === this.size; this.next += 1) {
      const { name, checkpoint } = this.checkpoints[this.next];
      const { root, head, ledger } = checkpoint.content;
      if (root !== toHex(this.tree.digest()) || head !== this.head || ledger !== this.ledger) {
        this.unsigned ??= name;
        return;
      }
      this.covered = this.size;
    }
  }
}

/** What an entry says of the one before; nothing where it is no entry. */
function previousOf(text: string): string {
  try {
    return readEntry(text, '').previous;
  } catch {
    return '';
  }
}
