import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { PalisadeError } from '../../runtime/errors';

/** One object, as a listing gives it. */
export interface ListedObject {
  readonly key: string;
  /** Length in bytes. */
  readonly size: number;
}

/** The checksum that S3 keeps with an object, where the one who wrote it asked for SHA-256. */
export interface StoredChecksum {
  /** Lower-case hexadecimal digits; absent where S3 holds one per part only. */
  readonly sha256?: string;
  /** Whether S3 checked the bytes against a SHA-256 on arrival, as a whole or part by part. */
  readonly checked: boolean;
}

/** Names one version of an object. */
export interface VersionReference {
  readonly key: string;
  readonly versionId: string;
}

/** One version of an object. */
export interface ObjectVersion extends ListedObject, VersionReference, StoredChecksum {}

/** A version that is being read. */
export interface OpenVersion extends ObjectVersion {
  readonly body: AsyncIterable<Uint8Array>;
}

/** What sealing and verifying need of the vault's bucket. Every key that is opened has been listed before. */
export interface VaultStore {
  /** Objects whose key starts with `prefix`. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** The current version, without its bytes. */
  describe(key: string): Promise<ObjectVersion>;
  /** Opens the current version. */
  open(key: string): Promise<OpenVersion>;
  /** Copies one version, up to 5 GiB, without its tags. S3 computes the SHA-256 of what it wrote. */
  copy(source: VersionReference, key: string): Promise<{ versionId: string; sha256?: string }>;
  /** Writes a text, unless there is an object of that key already; then gives false. */
  writeOnce(key: string, text: string): Promise<boolean>;
  /** Gives one version these tags and no others. */
  tag(version: VersionReference, tags: Record<string, string>): Promise<void>;
}

/** The vault's bucket. Throws PALISADE-D104 when S3 answers without a version or a length. */
export class S3VaultStore implements VaultStore {
  private readonly client: Pick<S3Client, 'send'>;
  private readonly target: { Bucket: string; ExpectedBucketOwner: string };

  /** @param account owner of the bucket; S3 refuses a bucket of the same name that is somebody else's */
  constructor(client: Pick<S3Client, 'send'>, bucket: string, account: string) {
    this.client = client;
    this.target = { Bucket: bucket, ExpectedBucketOwner: account };
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({ ...this.target, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key: key, Size: size } of page.Contents ?? []) {
        if (key !== undefined && size !== undefined) {
          yield { key, size };
        }
      }
      token = page.NextContinuationToken;
    } while (token);
  }

  async describe(key: string): Promise<ObjectVersion> {
    const head = await this.client.send(new HeadObjectCommand({ ...this.target, Key: key, ChecksumMode: 'ENABLED' }));
    return versionOf(key, head);
  }

  async open(key: string): Promise<OpenVersion> {
    const object = await this.client.send(new GetObjectCommand({ ...this.target, Key: key, ChecksumMode: 'ENABLED' }));
    return { ...versionOf(key, object), body: object.Body as AsyncIterable<Uint8Array> };
  }

  async copy(source: VersionReference, key: string): Promise<{ versionId: string; sha256?: string }> {
    const from = source.key.split('/').map(encodeURIComponent).join('/');
    const { VersionId: versionId, CopyObjectResult: result } = await this.client.send(
      new CopyObjectCommand({
        ...this.target,
        ExpectedSourceBucketOwner: this.target.ExpectedBucketOwner,
        CopySource: `${this.target.Bucket}/${from}?versionId=${encodeURIComponent(source.versionId)}`,
        Key: key,
        ChecksumAlgorithm: 'SHA256',
        TaggingDirective: 'REPLACE',
      }),
    );
    if (versionId === undefined) {
      throw unversioned(key);
    }
    return { versionId, sha256: wholeChecksum(result ?? {}) };
  }

  async writeOnce(key: string, text: string): Promise<boolean> {
    try {
      await this.client.send(
        new PutObjectCommand({
          ...this.target,
          Key: key,
          Body: text,
          ContentType: 'application/json',
          ChecksumAlgorithm: 'SHA256',
          IfNoneMatch: '*',
        }),
      );
      return true;
    } catch (error) {
      if (isAlreadyThere(error)) {
        return false;
      }
      throw error;
    }
  }

  async tag({ key, versionId }: VersionReference, tags: Record<string, string>): Promise<void> {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await this.client.send(
      new PutObjectTaggingCommand({ ...this.target, Key: key, VersionId: versionId, Tagging: { TagSet } }),
    );
  }
}

/** What S3 says of a checksum. */
interface ChecksumAnswer {
  readonly ChecksumSHA256?: string;
  readonly ChecksumType?: string;
}

/** What S3 says of a version, in a HEAD as in a GET. */
interface VersionAnswer extends ChecksumAnswer {
  readonly ContentLength?: number;
  readonly VersionId?: string;
}

function versionOf(key: string, answer: VersionAnswer): ObjectVersion {
  const { ContentLength: size, VersionId: versionId } = answer;
  if (size === undefined || versionId === undefined) {
    throw unversioned(key);
  }
  return { key, size, versionId, checked: answer.ChecksumSHA256 !== undefined, sha256: wholeChecksum(answer) };
}

/** The checksum of a multipart upload is a hash over the hashes of its parts, and ends with their number. */
function wholeChecksum({ ChecksumSHA256: checksum, ChecksumType: type }: ChecksumAnswer): string | undefined {
  const whole = checksum !== undefined && type !== 'COMPOSITE' && !checksum.includes('-');
  return whole ? Buffer.from(checksum, 'base64').toString('hex') : undefined;
}

function unversioned(key: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-D104',
    where: key,
    problem: 'S3 gave no length or no version of the object',
    fix: 'keep versioning of the vault on',
  });
}

/** 412: it was there. 409: another write of the same key came first. */
function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && ['PreconditionFailed', 'ConditionalRequestConflict'].includes(error.name);
}
