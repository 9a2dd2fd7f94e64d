import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { PalisadeError } from '../../runtime/errors';
import type { LedgerStore, StoredText } from '../../runtime/ledger';

/** For each call of S3, its repetitions included. */
const TIMEOUT_MS = 10_000;
/** How often a write is tried that another one of the same name ran into. */
const MAXIMUM_ATTEMPTS = 10;
/** A checkpoint has some 8 KB at most, an entry less than 3. */
const MAXIMUM_BYTES = 65_536;
/** Digits of a number in a name, with what stands around them. */
const NUMBERED = /^(.*?)(\d+)(\D*)$/;

/** HTTP statuses of S3's conditional writes (Amazon S3 API Reference, "PutObject"). */
const STATUS = { absent: 404, conflict: 409, failed: 412 };

/**
 * A ledger's bucket. S3 is strongly consistent, and decides which of several writers of one name was first.
 *
 * Rejects with PALISADE-L100 where S3 would not decide, PALISADE-L101 for an object that a ledger did not write, and with
 * what S3 rejects with.
 */
export class LedgerBucket implements LedgerStore {
  /** @param account owner of the bucket: S3 refuses one of the same name that is somebody else's */
  constructor(
    private readonly client: Pick<S3Client, 'send'>,
    private readonly bucket: string,
    private readonly account: string,
  ) {}

  async create(name: string, text: string): Promise<boolean> {
    return this.put(name, text, { IfNoneMatch: '*' });
  }

  async replace(name: string, text: string, tag: string): Promise<boolean> {
    return this.put(name, text, { IfMatch: tag });
  }

  async read(name: string): Promise<StoredText | undefined> {
    try {
      const { Body, ContentLength, ETag } = await this.client.send(new GetObjectCommand(this.target(name)), within());
      if (!Body || ETag === undefined || ContentLength === undefined || ContentLength > MAXIMUM_BYTES) {
        throw this.refused('L101', name, `an object of ${ContentLength} bytes, written by no ledger`);
      }
      return { text: await Body.transformToString(), tag: ETag };
    } catch (error) {
      if (error instanceof NoSuchKey) {
        return undefined;
      }
      throw error;
    }
  }

  /** Names under a prefix, in order. */
  async *names(prefix: string): AsyncGenerator<string> {
    for (let last: string | undefined; ; ) {
      const page = await this.page(prefix, last, 1000);
      yield* page;
      last = page.at(-1);
      if (last === undefined) {
        return;
      }
    }
  }

  /** S3 lists from the front only, so the last number is closed in on: forty questions, however many names there are. */
  async last(prefix: string): Promise<string | undefined> {
    let [found] = await this.page(prefix, undefined, 1);
    const [, before, digits, after] = NUMBERED.exec(found ?? '') ?? [];
    if (found === undefined || digits === undefined) {
      return found;
    }
    let low = Number(digits);
    let high = 10 ** digits.length - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [next] = await this.page(prefix, `${before}${String(middle).padStart(digits.length, '0')}${after}`, 1);
      const number = Number(NUMBERED.exec(next ?? '')?.[2]);
      if (next !== undefined && number > middle) {
        [found, low] = [next, number];
      } else {
        high = middle;
      }
    }
    return found;
  }

  private async page(prefix: string, after: string | undefined, most: number): Promise<string[]> {
    const { Contents = [] } = await this.client.send(
      new ListObjectsV2Command({
        Bucket: this.bucket,
        ExpectedBucketOwner: this.account,
        Prefix: prefix,
        StartAfter: after,
        MaxKeys: most,
      }),
      within(),
    );
    return Contents.flatMap(({ Key }) => Key ?? []);
  }

  /** A checksum is what a bucket with Object Lock asks of each upload (Amazon S3 User Guide, "Object Lock considerations"). */
  private async put(
    name: string,
    text: string,
    condition: { IfMatch?: string; IfNoneMatch?: string },
  ): Promise<boolean> {
    const command = { ...this.target(name), Body: text, ContentType: 'application/json', ...condition };
    for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt += 1) {
      try {
        await this.client.send(new PutObjectCommand({ ...command, ChecksumAlgorithm: 'SHA256' }), within());
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === STATUS.failed || (status === STATUS.absent && condition.IfMatch !== undefined)) {
          return false;
        }
        if (status !== STATUS.conflict) {
          throw error;
        }
      }
    }
    throw this.refused('L100', name, `${MAXIMUM_ATTEMPTS} writes ran into others`);
  }

  private target(name: string): { Bucket: string; Key: string; ExpectedBucketOwner: string } {
    return { Bucket: this.bucket, Key: name, ExpectedBucketOwner: this.account };
  }

  private refused(code: string, name: string, problem: string): PalisadeError {
    return new PalisadeError({
      code: `PALISADE-${code}`,
      where: `${this.bucket}/${name}`,
      problem,
      fix: 'call again with the same request: what was recorded is found. If it stays so, see who else writes to the bucket',
    });
  }
}

function within(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(TIMEOUT_MS) };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
