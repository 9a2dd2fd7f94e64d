import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ReportStore } from '../../runtime/drift';
import { BucketStore } from '../support/object-store';

/** The bucket of captures, baselines and reports. */
export class CaptureBucket extends BucketStore implements ReportStore {
  constructor(
    private readonly s3: S3Client,
    private readonly name: string,
    private readonly owner: string,
  ) {
    super(s3, name, owner);
  }

  async write(key: string, body: string): Promise<void> {
    await this.s3.send(
      new PutObjectCommand({
        Bucket: this.name,
        Key: key,
        Body: body,
        ContentType: 'application/json',
        ExpectedBucketOwner: this.owner,
      }),
    );
  }
}
