// Answers custom resources, because moto would run their functions in Docker. Palisade's own handlers run for real;
// those that ship in the CDK are answered with success.
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { clientSettings } from './environment.mjs';
import { invoke } from './invoke.mjs';
import { resolveProperties } from './resolve-properties.mjs';

const CDK_OWN = ['Custom::VpcRestrictDefaultSG'];

/**
 * Answers every custom resource that `answered` does not name yet, and adds it there. moto completes a stack without
 * waiting for them, so this runs after each deployment.
 */
export async function answerCustomResources(environment, deployment, answered) {
  const client = new CloudFormationClient(clientSettings(environment));
  for (const resource of deployment.resources.filter(({ Type, id }) => Type.startsWith('Custom::') && id)) {
    const key = `${resource.stack}/${resource.logicalId}`;
    if (!answered.has(key)) {
      await answer(client, environment, deployment, resource);
      answered.add(key);
    }
  }
}

async function answer(client, environment, deployment, { stack, template, logicalId, Type, Properties }) {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const { StackId, Parameters = [] } = Stacks[0];
  const own = deployment.resources.filter((resource) => resource.stack === stack);
  const resolve = resolveProperties({
    client,
    template,
    environment,
    physicalIds: new Map(own.map((resource) => [resource.logicalId, resource.id])),
    parameters: new Map(Parameters.map((p) => [p.ParameterKey, p.ResolvedValue ?? p.ParameterValue])),
  });
  const event = {
    RequestType: 'Create',
    RequestId: `local-${logicalId}`,
    ResponseURL: `${environment.AWS_ENDPOINT_URL}/cloudformation_${environment.AWS_REGION}/cfnresponse?stack=${StackId}`,
    StackId,
    LogicalResourceId: logicalId,
    ResourceType: Type,
    ResourceProperties: await resolve(Properties),
  };
  if (!CDK_OWN.includes(Type)) {
    await invoke(environment, deployment, event.ResourceProperties.ServiceToken.split(':').at(-1), event);
  }
}
