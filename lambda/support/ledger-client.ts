import { createHash } from 'node:crypto';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { PalisadeError } from '../../runtime/errors';
import type { LedgerEvent, Receipt } from '../../runtime/ledger';

/** For the whole call: others may be writing first. */
const TIMEOUT_MS = 60_000;

/** Records events of one system, through the alias of a ledger's writing function that IAM opened (`GovernanceLedger.writerOf`). */
export class LedgerClient {
  constructor(
    private readonly client: Pick<LambdaClient, 'send'>,
    /** ARN of the alias. */
    private readonly writer: string,
  ) {}

  /**
   * Records an event, once; what it resolves to is stored. Rejects with PALISADE-L104 where it was not recorded, or nobody knows: repeat it
   * with the same `request`.
   */
  async record(event: LedgerEvent): Promise<Receipt> {
    const { FunctionError, Payload } = await this.client.send(
      new InvokeCommand({ FunctionName: this.writer, Payload: Buffer.from(JSON.stringify(event)) }),
      { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
    );
    const answer = Buffer.from(Payload ?? []).toString();
    const receipt = FunctionError === undefined ? receiptIn(answer) : undefined;
    if (!receipt) {
      throw new PalisadeError({
        code: 'PALISADE-L104',
        where: `request ${event.request} of ${event.system}`,
        problem: `was not recorded: ${FunctionError ?? 'no receipt'} ${answer.slice(0, 300)}`,
        fix: 'repeat it with the same request: what was recorded after all is found',
      });
    }
    return receipt;
  }
}

/** What a function says of its own system: which one, and in which stage, its settings say. */
export type OwnEvent = Omit<LedgerEvent, 'system' | 'stage'>;

/**
 * Records events of the function's own system. Undefined where the function's construct was given no ledger.
 *
 * The alias of the writing function is named as the system, which is how the writer knows who speaks.
 */
export function recorder(client: Pick<LambdaClient, 'send'>): ((event: OwnEvent) => Promise<Receipt>) | undefined {
  const { LEDGER_WRITER = '', STAGE = '' } = process.env;
  if (LEDGER_WRITER === '') {
    return undefined;
  }
  const system = LEDGER_WRITER.slice(LEDGER_WRITER.lastIndexOf(':') + 1);
  const ledger = new LedgerClient(client, LEDGER_WRITER);
  return (event) => ledger.record({ ...event, system, stage: STAGE });
}

/** The digest by which an entry names a document: SHA-256, in hexadecimal. */
export function digestOf(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}

function receiptIn(answer: string): Receipt | undefined {
  try {
    const { sequence, hash } = JSON.parse(answer) as Partial<Receipt>;
    return Number.isSafeInteger(sequence) && typeof hash === 'string'
      ? { sequence: Number(sequence), hash }
      : undefined;
  } catch {
    return undefined;
  }
}
