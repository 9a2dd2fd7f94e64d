// Answers custom resources while CloudFormation waits for them: moto would run their functions in Docker.
// Palisade's own handlers run for real; those that ship in the CDK are answered with success.
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { invoke } from './invoke.mjs';
import { resolveProperties } from './resolve-properties.mjs';

const POLL_MS = 500;
const CDK_OWN = ['Custom::VpcRestrictDefaultSG', 'Custom::S3BucketNotifications'];

/** Starts answering. The returned function stops it and resolves to what was answered, or rejects with the first failure. */
export function answerCustomResources(environment) {
  const client = new CloudFormationClient({ endpoint: environment.AWS_ENDPOINT_URL, region: environment.AWS_REGION });
  const answered = new Map();
  let failure;
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round
      .then(() => answerWaiting(client, environment, answered))
      .catch((error) => {
        failure ??= error;
      });
  }, POLL_MS);
  return async () => {
    clearInterval(timer);
    await round;
    if (failure) {
      throw failure;
    }
    return [...answered.values()];
  };
}

async function answerWaiting(client, environment, answered) {
  const StackStatusFilter = ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'];
  const { StackSummaries = [] } = await client.send(new ListStacksCommand({ StackStatusFilter }));
  for (const { StackName, StackId } of StackSummaries) {
    await answerStack(client, environment, answered, { StackName, StackId });
  }
}

async function answerStack(client, environment, answered, stack) {
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: stack.StackName }));
  const { StackResourceSummaries = [] } = await client.send(
    new ListStackResourcesCommand({ StackName: stack.StackName }),
  );
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack.StackName }));
  const template = JSON.parse(TemplateBody);
  const physicalIds = new Map(StackResourceSummaries.map((r) => [r.LogicalResourceId, r.PhysicalResourceId]));
  const parameters = new Map(
    (Stacks[0].Parameters ?? []).map((p) => [p.ParameterKey, p.ResolvedValue ?? p.ParameterValue]),
  );
  const resolve = resolveProperties({ client, template, physicalIds, parameters, environment });
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const key = `${stack.StackName}/${logicalId}`;
    if (!isCustom(resource.Type) || answered.has(key) || !physicalIds.has(logicalId)) {
      continue;
    }
    const event = {
      RequestType: 'Create',
      RequestId: `local-${logicalId}`,
      ResponseURL: `${environment.AWS_ENDPOINT_URL}/cloudformation_${environment.AWS_REGION}/cfnresponse?stack=${stack.StackId}`,
      StackId: stack.StackId,
      LogicalResourceId: logicalId,
      ResourceType: resource.Type,
      ResourceProperties: await resolve(resource.Properties),
    };
    answered.set(key, { key, type: resource.Type });
    await (CDK_OWN.includes(resource.Type) ? succeed(event) : invoke(environment, functionOf(event), event));
  }
}

function isCustom(type) {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function functionOf({ ResourceProperties: { ServiceToken } }) {
  return ServiceToken.split(':').at(-1);
}

async function succeed({ ResponseURL, StackId, RequestId, LogicalResourceId }) {
  const body = {
    Status: 'SUCCESS',
    StackId,
    RequestId,
    LogicalResourceId,
    PhysicalResourceId: LogicalResourceId,
    Data: {},
  };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
}
