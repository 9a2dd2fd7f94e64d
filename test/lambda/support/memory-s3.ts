import { createHash } from 'node:crypto';
import { NoSuchKey, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly Key?: string;
    readonly Body?: string;
    readonly IfNoneMatch?: string;
    readonly IfMatch?: string;
    readonly Prefix?: string;
    readonly StartAfter?: string;
    readonly MaxKeys?: number;
  };
}

/** A bucket in memory that answers as S3 does: conditional writes, listings in order, an ETag per text. */
export class MemoryS3 {
  readonly objects = new Map<string, string>();
  readonly commands: Command[] = [];
  /** Errors that come before the next answers. */
  readonly failures: Error[] = [];

  readonly client = {
    send: async (command: Command) => {
      this.commands.push(command);
      await Promise.resolve();
      const failure = this.failures.shift();
      if (failure) {
        throw failure;
      }
      return this.answer(command);
    },
  } as unknown as S3Client;

  private answer({ constructor: { name }, input }: Command): unknown {
    const { Key = '', Body = '', Prefix = '', StartAfter = '', MaxKeys = 1000 } = input;
    const stored = this.objects.get(Key);
    switch (name) {
      case 'GetObjectCommand':
        if (stored === undefined) {
          throw new NoSuchKey({ message: 'none', $metadata: { httpStatusCode: 404 } });
        }
        return {
          Body: { transformToString: async () => stored },
          ContentLength: Buffer.byteLength(stored),
          ETag: etagOf(stored),
        };
      case 'PutObjectCommand':
        if (input.IfNoneMatch !== undefined && stored !== undefined) {
          throw failure(412);
        }
        if (input.IfMatch !== undefined && input.IfMatch !== etagOf(stored ?? '')) {
          throw failure(stored === undefined ? 404 : 412);
        }
        this.objects.set(Key, Body);
        return {};
      case 'ListObjectsV2Command':
        return {
          Contents: [...this.objects.keys()]
            .filter((key) => key.startsWith(Prefix) && key > StartAfter)
            .sort()
            .slice(0, MaxKeys)
            .map((name) => ({ Key: name })),
        };
      default:
        throw new Error(`${name} is not expected`);
    }
  }
}

/** What S3 refuses with. */
export function failure(status: number): Error {
  return new S3ServiceException({
    name: `Status${status}`,
    message: 'refused',
    $fault: 'client',
    $metadata: { httpStatusCode: status },
  });
}

function etagOf(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`;
}
