import {
  type GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** S3 with these objects, by `bucket/key`, and conditional writes as it has them. */
export function memoryBucket(objects: Map<string, string>) {
  const etags = new Map<string, string>();
  let writes = 0;
  const etag = (name: string) => etags.get(name) ?? '"0"';
  const put = (name: string, { Body, IfMatch, IfNoneMatch }: PutObjectCommand['input']) => {
    const there = objects.has(name);
    if ((IfNoneMatch === '*' && there) || (IfMatch !== undefined && (!there || etag(name) !== IfMatch))) {
      throw new S3ServiceException({
        name: 'PreconditionFailed',
        $fault: 'client',
        $metadata: { httpStatusCode: 412 },
        message: 'At least one of the pre-conditions you specified did not hold',
      });
    }
    objects.set(name, String(Body));
    writes += 1;
    etags.set(name, `"${writes}"`);
    return { ETag: etag(name) };
  };
  const answers = async (command: unknown) => {
    if (command instanceof ListObjectsV2Command) {
      const start = `${command.input.Bucket}/`;
      const keys = [...objects.keys()].filter((name) => name.startsWith(`${start}${command.input.Prefix}`)).sort();
      return {
        Contents: keys.map((name, index) => ({
          Key: name.slice(start.length),
          Size: objects.get(name)?.length,
          LastModified: new Date(index),
        })),
      };
    }
    const { input } = command as PutObjectCommand | GetObjectCommand;
    const name = `${input.Bucket}/${input.Key}`;
    if (command instanceof PutObjectCommand) {
      return put(name, command.input);
    }
    const body = objects.get(name);
    if (body === undefined) {
      throw new NoSuchKey({ $metadata: { httpStatusCode: 404 }, message: 'no such key' });
    }
    if (command instanceof HeadObjectCommand) {
      return { VersionId: 'v1' };
    }
    const content = Buffer.from(body);
    return {
      ContentLength: content.length,
      ETag: etag(name),
      Body: Object.assign([content], { transformToString: async () => body }),
    };
  };
  return jest.spyOn(S3Client.prototype, 'send').mockImplementation(answers as never);
}
