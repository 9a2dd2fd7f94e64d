/** One object of a bucket. */
export interface StoredObject {
  readonly key: string;
  /** Length in bytes. */
  readonly bytes: number;
}

/** An object that is being read. */
export interface OpenObject {
  readonly body: AsyncIterable<Uint8Array>;
  /** Length in bytes. */
  readonly bytes: number;
  /** Version that is read; absent where the bucket keeps none. */
  readonly versionId?: string;
}

/** What the gates read from a bucket. The handlers in `lambda/` supply it. */
export interface ObjectStore {
  /** Objects whose key starts with `prefix`, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Opens an object, or gives undefined when there is none. */
  open(key: string, versionId?: string): Promise<OpenObject | undefined>;
}

/**
 * Opens an object that may not be there. To a role that may list a part of a bucket only, S3 answers 403 and not 404 for
 * what is not there: so list first.
 */
export async function openListed(store: ObjectStore, key: string): Promise<OpenObject | undefined> {
  for await (const listed of store.list(key)) {
    if (listed.key === key) {
      return store.open(key);
    }
  }
  return undefined;
}

/** All bytes of a stream. Throws `RangeError` beyond `maximum`. */
export async function readAll(body: AsyncIterable<Uint8Array>, maximum: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of body) {
    held += chunk.length;
    if (held > maximum) {
      throw new RangeError(`more than ${maximum} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
