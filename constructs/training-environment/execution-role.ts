import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SageMakerRole, type SageMakerRoleProps } from '../workload';
import type { ITrainingDataSource } from './contracts';

/** Prefix of everything that training jobs write: `runs/<job>/output/`. */
export const RUNS = 'runs';

/** Properties of an execution role. */
export interface ExecutionRoleProps extends Omit<SageMakerRoleProps, 'description'> {
  readonly vault: ITrainingDataSource;
  /** Bucket that takes artifacts. */
  readonly bucket: s3.IBucket;
}

/**
 * The role that SageMaker assumes to run a job: beside what every container needs, it reads data sealed for training and
 * writes artifacts and logs. It cannot start anything.
 */
export class ExecutionRole extends SageMakerRole {
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id, { ...props, description: 'Runs training jobs' });
    props.vault.grantRead(this, { purpose: 'training' });
    this.allow(['s3:AbortMultipartUpload', 's3:PutObject'], [props.bucket.arnForObjects(`${RUNS}/*`)]);
    props.encryptionKey.grant(this, 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey');
    this.writeLogs();
  }

  private writeLogs(): void {
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    const groups = ['TrainingJobs', 'ProcessingJobs'].map((name) =>
      Arn.format(
        { service: 'logs', resource: 'log-group', resourceName: `/aws/sagemaker/${name}:*`, arnFormat },
        Stack.of(this),
      ),
    );
    this.allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], groups);
  }
}
