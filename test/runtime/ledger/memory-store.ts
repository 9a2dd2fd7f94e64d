import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { CheckpointSigner, LedgerEvent, LedgerStore, NamedText, StoredText } from '../../../runtime/ledger';

/** A bucket in memory. Each call lets others go first, and can be made to fail before or after it did its work. */
export class MemoryStore implements LedgerStore {
  readonly texts = new Map<string, string>();
  calls = 0;
  /** Resolves when a call may go on. @default - at the next turn of the event loop */
  turn: () => Promise<unknown> = () => Promise.resolve();
  /** The call that fails. @default - none */
  crash?: { readonly call: number; readonly done: boolean };

  create(name: string, text: string): Promise<boolean> {
    return this.call(() => !this.texts.has(name) && Boolean(this.texts.set(name, text)));
  }

  read(name: string): Promise<StoredText | undefined> {
    return this.call(() => {
      const text = this.texts.get(name);
      return text === undefined ? undefined : { text, tag: tagOf(text) };
    });
  }

  replace(name: string, text: string, tag: string): Promise<boolean> {
    return this.call(() => tagOf(this.texts.get(name) ?? '') === tag && Boolean(this.texts.set(name, text)));
  }

  last(prefix: string): Promise<string | undefined> {
    return this.call(() => this.names(prefix).at(-1));
  }

  names(prefix: string): string[] {
    return [...this.texts.keys()].filter((name) => name.startsWith(prefix)).sort();
  }

  copy(prefix: string): NamedText[] {
    return this.names(prefix).map((name) => ({ name, text: this.texts.get(name) as string }));
  }

  private async call<T>(act: () => T): Promise<T> {
    const call = this.calls;
    this.calls += 1;
    await this.turn();
    if (this.crash?.call === call && !this.crash.done) {
      throw new Error('crashed before');
    }
    const result = act();
    if (this.crash?.call === call) {
      throw new Error('crashed after');
    }
    return result;
  }
}

function tagOf(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** Signs messages with a key in memory, as KMS does with theirs. */
export class LocalKey implements CheckpointSigner {
  readonly keyId = 'arn:aws:kms:eu-west-1:111122223333:key/ledger';
  readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });

  async sign(message: Uint8Array): Promise<Uint8Array> {
    return sign('sha384', message, this.pair.privateKey);
  }

  async verify(message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    return verify('sha384', message, this.pair.publicKey, signature);
  }
}

export const NOW = Date.parse('2026-11-26T12:00:00Z');

/** The event of a request. */
export function eventOf(request: string, changes: Partial<LedgerEvent> = {}): LedgerEvent {
  return {
    kind: 'seal',
    system: 'credit-scoring',
    stage: 'prod',
    subject: 'loan-performance/2026-10',
    outcome: 'sealed',
    digest: createHash('sha256').update(request).digest('hex'),
    request,
    ...changes,
  };
}
