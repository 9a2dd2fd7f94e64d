import { leafHash, MerkleRoot } from '../integrity';

/** What the ledger has of many records. */
export interface RecordDigest {
  /** Root of the RFC 6962 tree whose leaves are the records, in hexadecimal. */
  readonly digest: string;
  /** How many records there are. */
  readonly records: number;
}

/**
 * The digest of records, whole as they are stored and in the order of their names: one record that is changed, added or taken away gives another
 * one. That a single record is among them is shown by an inclusion proof (RFC 6962, section 2.1.1), without the others.
 */
export async function recordDigest(stored: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<RecordDigest> {
  const root = new MerkleRoot();
  let records = 0;
  for await (const record of stored) {
    root.append(leafHash(record));
    records += 1;
  }
  return { digest: Buffer.from(root.digest()).toString('hex'), records };
}
