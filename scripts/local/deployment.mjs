// What was deployed: the assembly's templates joined with the physical ids that the local AWS gave.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { clientSettings } from './environment.mjs';

/** Reads every deployed stack of an assembly: its template, and its resources by logical id. */
export async function readDeployment(environment, assembly) {
  const client = new CloudFormationClient(clientSettings(environment));
  const { artifacts } = JSON.parse(readFileSync(path.join(assembly, 'manifest.json'), 'utf8'));
  const stacks = Object.values(artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
  const resources = [];
  for (const { properties } of stacks) {
    const template = JSON.parse(readFileSync(path.join(assembly, properties.templateFile), 'utf8'));
    const physicalIds = await physicalIdsOf(client, properties.stackName);
    for (const [logicalId, resource] of Object.entries(template.Resources)) {
      const construct = resource.Metadata?.['aws:cdk:path'] ?? '';
      resources.push({
        ...resource,
        stack: properties.stackName,
        template,
        logicalId,
        construct,
        id: physicalIds.get(logicalId),
      });
    }
  }
  return new Deployment(assembly, resources);
}

class Deployment {
  constructor(assembly, resources) {
    this.assembly = assembly;
    this.resources = resources;
  }

  /** Physical id of the one resource whose construct path ends so. */
  id(suffix) {
    return this.resource(suffix).id;
  }

  /** The one deployed resource whose construct path ends so. */
  resource(suffix) {
    const found = this.resources.filter(({ construct, id }) => construct.endsWith(suffix) && id);
    if (found.length !== 1) {
      throw new Error(`${found.length} deployed resources end in ${suffix}`);
    }
    return found[0];
  }

  /** Folder of the code that a function runs. */
  codeOf(functionName) {
    const found = this.resources.find(({ Type, id }) => Type === 'AWS::Lambda::Function' && id === functionName);
    const key = found?.Properties.Code.S3Key;
    if (!key) {
      throw new Error(`${functionName} is not a deployed function`);
    }
    return path.join(this.assembly, `asset.${path.basename(key, '.zip')}`);
  }
}

async function physicalIdsOf(client, StackName) {
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName }));
  return new Map(StackResourceSummaries.map((summary) => [summary.LogicalResourceId, summary.PhysicalResourceId]));
}
