import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore, OpenObject, StoredObject } from '../../runtime/training';

/** One S3 bucket of this account. */
export class BucketStore implements ObjectStore {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly account: string,
  ) {}

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({ ...this.target(), Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key: key, Size: bytes } of page.Contents ?? []) {
        if (key !== undefined) {
          yield { key, bytes: bytes ?? 0 };
        }
      }
      token = page.NextContinuationToken;
    } while (token);
  }

  async open(key: string, versionId?: string): Promise<OpenObject | undefined> {
    try {
      const object = await this.client.send(new GetObjectCommand({ ...this.target(), Key: key, VersionId: versionId }));
      return {
        body: object.Body as AsyncIterable<Uint8Array>,
        bytes: object.ContentLength ?? 0,
        versionId: object.VersionId,
      };
    } catch (error) {
      if (error instanceof NoSuchKey) {
        return undefined;
      }
      throw error;
    }
  }

  /** A bucket of the same name in another account is refused by S3. */
  private target(): { Bucket: string; ExpectedBucketOwner: string } {
    return { Bucket: this.bucket, ExpectedBucketOwner: this.account };
  }
}
