import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Tag of endpoint configurations and models; its value is the endpoint that may go back to them. */
export const ROLLBACK_TAG = 'palisade:endpoint';

/**
 * What a rollback does to one endpoint: look, switch, and ask. CloudFormation names configurations and models, so they are told
 * by their tag.
 */
export function endpointPermissions(scope: Construct, endpointName: string): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const arn = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'sagemaker', resource, resourceName });
  const endpoint = arn('endpoint', endpointName);
  const configurations = arn('endpoint-config', '*');
  const ofEndpoint = { StringEquals: { [`aws:ResourceTag/${ROLLBACK_TAG}`]: endpointName } };
  return [
    new iam.PolicyStatement({
      actions: ['sagemaker:DescribeEndpoint', 'sagemaker:InvokeEndpoint', 'sagemaker:UpdateEndpoint'],
      resources: [endpoint],
    }),
    // UpdateEndpoint is authorized on the endpoint and on the configuration (Service Authorization Reference, "SageMaker").
    new iam.PolicyStatement({
      actions: ['sagemaker:DescribeEndpointConfig', 'sagemaker:UpdateEndpoint'],
      resources: [configurations],
      conditions: ofEndpoint,
    }),
    new iam.PolicyStatement({
      actions: ['sagemaker:DescribeModel'],
      resources: [arn('model', '*')],
      conditions: ofEndpoint,
    }),
    // SageMaker looks at the alarms of a canary as whoever updates (Developer Guide, "Auto-Rollback Configuration and Monitoring").
    new iam.PolicyStatement({
      actions: ['cloudwatch:DescribeAlarms'],
      resources: [
        stack.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  ];
}
