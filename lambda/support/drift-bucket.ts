import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Versioned } from '../../runtime/drift/monitor';
import { PalisadeError } from '../../runtime/errors';

/** HTTP statuses of S3 for a conditional write that came too late (Amazon S3 User Guide, "Conditional writes"). */
const TOO_LATE = [409, 412];
/** States have some hundred KB at most. */
const MOST_BYTES = 4 * 2 ** 20;

/** The bucket in which the monitor and the rollback keep what they know of one endpoint. */
export class DriftBucket {
  constructor(
    private readonly s3: S3Client,
    private readonly name: string,
    private readonly owner: string,
  ) {}

  /** An object and its version, or undefined. Throws PALISADE-F101 for one that is too long to be theirs. */
  async read(key: string): Promise<Versioned | undefined> {
    try {
      const { Body, ETag, ContentLength = 0 } = await this.s3.send(new GetObjectCommand(this.target(key)));
      if (!Body || ETag === undefined || ContentLength > MOST_BYTES) {
        throw this.refused(key, `an object of ${ContentLength} bytes`);
      }
      return { body: await Body.transformToString(), etag: ETag };
    } catch (error) {
      if (error instanceof NoSuchKey) {
        return undefined;
      }
      throw error;
    }
  }

  /** What lies under a prefix: at most 1,000, the first by name. */
  async list(prefix: string): Promise<{ key: string; written: Date }[]> {
    const { Contents = [] } = await this.s3.send(
      new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, ExpectedBucketOwner: this.owner }),
    );
    return Contents.map(({ Key = '', LastModified = new Date(0) }) => ({ key: Key, written: LastModified }));
  }

  /**
   * Writes an object in place of the version that was read, or of none. Throws PALISADE-F101 if there is another by now: S3 decides,
   * so that of two runs one goes on.
   */
  async replace(key: string, body: string, replacing: string | undefined): Promise<void> {
    const condition = replacing === undefined ? { IfNoneMatch: '*' } : { IfMatch: replacing };
    try {
      await this.put(key, body, 'application/json', condition);
    } catch (error) {
      if (isTooLate(error)) {
        throw this.refused(key, 'another run wrote it first');
      }
      throw error;
    }
  }

  /** Writes an object unless it is there already. Answers with what is there. */
  async writeOnce(key: string, body: string): Promise<string> {
    try {
      await this.put(key, body, 'application/json', { IfNoneMatch: '*' });
      return body;
    } catch (error) {
      if (!isTooLate(error)) {
        throw error;
      }
      return (await this.read(key))?.body ?? body;
    }
  }

  /** Writes an object, or replaces it. */
  async overwrite(key: string, body: string, type: string): Promise<void> {
    await this.put(key, body, type, {});
  }

  private async put(
    key: string,
    body: string,
    type: string,
    condition: { IfMatch?: string; IfNoneMatch?: string },
  ): Promise<void> {
    await this.s3.send(new PutObjectCommand({ ...this.target(key), Body: body, ContentType: type, ...condition }));
  }

  /** A bucket of the same name in another account is refused by S3. */
  private target(key: string): { Bucket: string; Key: string; ExpectedBucketOwner: string } {
    return { Bucket: this.name, Key: key, ExpectedBucketOwner: this.owner };
  }

  private refused(key: string, problem: string): PalisadeError {
    return new PalisadeError({
      code: 'PALISADE-F101',
      where: `${this.name}/${key}`,
      problem,
      fix: 'Lambda repeats the run; if that fails too, the event is in the dead-letter queue',
    });
  }
}

function isTooLate(error: unknown): boolean {
  return error instanceof S3ServiceException && TOO_LATE.includes(error.$metadata.httpStatusCode ?? 0);
}
