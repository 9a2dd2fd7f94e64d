/** What a ledger needs of where it is kept: an S3 bucket, or memory in a test. */
export interface LedgerStore {
  /** Stores a new text. False where there is one of that name: S3's `If-None-Match: *`. */
  create(name: string, text: string): Promise<boolean>;
  /** Undefined where there is none. */
  read(name: string): Promise<StoredText | undefined>;
  /** Stores over the text that has this tag. False where it is another by now: S3's `If-Match`. */
  replace(name: string, text: string, tag: string): Promise<boolean>;
  /** The last name under a prefix; undefined where there is none. */
  last(prefix: string): Promise<string | undefined>;
}

/** A text, and what `replace` compares. */
export interface StoredText {
  readonly text: string;
  readonly tag: string;
}
