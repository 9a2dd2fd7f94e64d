// Answers custom resources, because moto would run their functions in Docker. Palisade's own handlers run for real;
// those that ship in the CDK are answered with success.
import { createServer } from 'node:http';
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
  if (CDK_OWN.includes(Type)) {
    return;
  }
  const inbox = await openInbox();
  const event = {
    RequestType: 'Create',
    RequestId: `local-${logicalId}`,
    ResponseURL: inbox.url,
    StackId,
    LogicalResourceId: logicalId,
    ResourceType: Type,
    ResourceProperties: await resolve(Properties),
  };
  try {
    await invoke(environment, deployment, event.ResourceProperties.ServiceToken.split(':').at(-1), event);
    const { Status, Reason } = await inbox.answer;
    if (Status !== 'SUCCESS') {
      throw new Error(`${logicalId} answered ${Status}: ${Reason}`);
    }
  } finally {
    inbox.close();
  }
}

/** Stands where CloudFormation would wait for the answer, at a URL on loopback. */
async function openInbox() {
  let deliver;
  const answer = new Promise((resolve) => {
    deliver = resolve;
  });
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    response.end();
    deliver(JSON.parse(Buffer.concat(chunks)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${server.address().port}/`, answer, close: () => server.close() };
}
