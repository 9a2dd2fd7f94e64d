import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SageMakerRole, type SageMakerRoleProps } from '../workload';

/** Prefix of what SageMaker captures. */
export const CAPTURES = 'captures';

/** Properties of an endpoint role. */
interface EndpointRoleProps extends Omit<SageMakerRoleProps, 'description'> {
  readonly captures: s3.IBucket;
  readonly logGroup: logs.ILogGroup;
}

/**
 * The role that SageMaker assumes to serve a model: beside what every container needs, it writes captures and logs. What
 * it may read of the model is granted by whoever keeps the artifacts.
 */
export class EndpointRole extends SageMakerRole {
  constructor(scope: Construct, id: string, props: EndpointRoleProps) {
    super(scope, id, { ...props, description: 'Serves the model' });
    this.allow(['s3:PutObject'], [props.captures.arnForObjects(`${CAPTURES}/*`)]);
    props.encryptionKey.grant(this, 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey');
    props.logGroup.grant(this, 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents');
  }
}
