import * as fs from 'node:fs';
import * as path from 'node:path';
import { type GraphResource, servicesCalled, type TemplateGraph } from '../../lib/analysis';
import { evaluate } from '../support/iam';
import { PACKAGE, synthesize } from './support';

const { graph } = synthesize(undefined, 'dev');

/** One call of each service that functions in a VPC make, with the role and the resource of one that makes it. */
const CALLS: Readonly<Record<string, readonly [action: string, role: string, resource: string]>> = {
  'bedrock-runtime': [
    'bedrock:InvokeModel',
    'dev/support-assistant-inference/Inference/GatewayRole',
    'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0',
  ],
  events: [
    'events:PutEvents',
    'dev/credit-scoring-data/Registry/ApprovalRole',
    'arn:aws:events:eu-west-1:111122223333:event-bus/default',
  ],
  kms: [
    'kms:GenerateMac',
    'dev/credit-scoring-inference/Inference/GatewayRole',
    'dev/credit-scoring-data/Keys/Pseudonym',
  ],
  s3: [
    's3:PutObject',
    'dev/credit-scoring-inference/Inference/GatewayRole',
    `${of('dev/foundation/Audit/Evidence')}/records/credit-scoring/1.json`,
  ],
  'sagemaker.api': [
    'sagemaker:DescribeModelPackage',
    'dev/credit-scoring-data/Registry/ApprovalRole',
    'arn:aws:sagemaker:eu-west-1:111122223333:model-package/dev-credit-scoring/1',
  ],
  'sagemaker.runtime': [
    'sagemaker:InvokeEndpoint',
    'dev/credit-scoring-inference/Inference/GatewayRole',
    'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/dev-credit-scoring',
  ],
  ssm: [
    'ssm:PutParameter',
    'dev/credit-scoring-data/Registry/ApprovalRole',
    'arn:aws:ssm:eu-west-1:111122223333:parameter/palisade/dev/credit-scoring/approved-model-package',
  ],
};

function of(construct: string): string {
  return graph.atPath(construct)[0].arn;
}

/** Functions in a VPC, with the services that their bundles call and the network they stand in. */
function functionsInVpc(): { resource: GraphResource; services: string[]; network: string }[] {
  return graph
    .ofType('AWS::Lambda::Function')
    .filter(({ properties }) => properties.VpcConfig !== undefined)
    .map((resource) => ({
      resource,
      services: servicesCalled(fs.readFileSync(bundleOf(resource), 'utf8')),
      network: resource.path.includes('-inference/') ? 'dev/inference-network' : 'dev/training-network',
    }));
}

/** The handler, by the description that its role has (`Runs <handler>`). */
function bundleOf({ stack, properties }: GraphResource): string {
  const role = graph.ofType('AWS::IAM::Role').find(({ arn }) => arn === properties.Role);
  const handler = String(role?.properties.Description).replace('Runs ', '');
  const bundle = path.join(PACKAGE, 'dist', 'lambda', handler, 'index.js');
  if (!fs.existsSync(bundle)) {
    throw new Error(`${stack}: no bundle ${handler}`);
  }
  return bundle;
}

function endpointsOf(inGraph: TemplateGraph, network: string): string[] {
  return inGraph
    .ofType('AWS::EC2::VPCEndpoint')
    .filter(({ path: construct }) => construct.startsWith(`${network}/`))
    .map(({ properties }) => String(properties.ServiceName).replace(/^(cn\.)?com\.amazonaws\.[a-z0-9-]+\./, ''));
}

function missing(endpoints: (network: string) => string[]): string[] {
  return functionsInVpc().flatMap(({ resource, services, network }) =>
    services
      .filter((service) => !endpoints(network).includes(service))
      .map((service) => `${resource.path}: ${service}`),
  );
}

test('functions in a VPC are found, and what they call', () => {
  const called = functionsInVpc().flatMap(({ services }) => services);
  expect([...new Set(called)].sort()).toEqual(Object.keys(CALLS).sort());
});

test('every service that a function in a VPC calls has an endpoint in its network', () => {
  expect(missing((network) => endpointsOf(graph, network))).toEqual([]);
});

test('without the endpoint of KMS, the functions that call it are named', () => {
  const without = missing((network) => endpointsOf(graph, network).filter((service) => service !== 'kms'));
  expect(without).toContain('dev/credit-scoring-inference/Inference/Gateway/Resource: kms');
});

test.each(Object.entries(CALLS))(
  'the endpoint policy of %s lets the call through',
  async (service, [action, principal, resource]) => {
    const network = principal.includes('-inference/') ? 'dev/inference-network' : 'dev/training-network';
    const through = `${network}/Network/Endpoint-${service}`;
    const [version] = graph.ofType('AWS::Bedrock::GuardrailVersion');
    const guardrail = `${of('dev/support-assistant-inference/Guardrail')}:${version.name}.Version`;
    const context = { 'bedrock:GuardrailIdentifier': guardrail };
    expect(await evaluate(graph, { principal, action, resource, through, context })).toBe('allow');
  },
);

test.each(Object.entries(CALLS))(
  'the endpoint policy of %s holds back another account',
  async (service, [action, principal, resource]) => {
    const network = principal.includes('-inference/') ? 'dev/inference-network' : 'dev/training-network';
    const through = `${network}/Network/Endpoint-${service}`;
    const context = { 'aws:PrincipalAccount': '999988887777' };
    expect(await evaluate(graph, { principal, action, resource, through, context })).not.toBe('allow');
  },
);
