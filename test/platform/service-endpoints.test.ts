import * as path from 'node:path';
import {
  bundleOf,
  type GraphResource,
  missingEndpoints,
  servicesCalledBy,
  type TemplateGraph,
} from '../../lib/analysis';
import { evaluate } from '../support/iam';
import { withoutResource } from '../support/mutations';
import { synthesize } from './support';

const { directory, graph, templates } = synthesize(undefined, 'dev');
const production = synthesize(undefined, 'prod');

/** One call of each service that functions in a VPC make, with the role and the resource of one that makes it. */
const CALLS: Readonly<Record<string, readonly [action: string, role: string, resource: string]>> = {
  appconfigdata: [
    'appconfig:GetLatestConfiguration',
    'dev/credit-scoring-inference/Inference/GatewayRole',
    `arn:aws:appconfig:eu-west-1:111122223333:application/${flag('Application')}/environment/${flag('Environment')}/configuration/${flag('Profile')}`,
  ],
  'bedrock-runtime': [
    'bedrock:InvokeModel',
    'dev/support-assistant-inference/Inference/GatewayRole',
    'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0',
  ],
  dynamodb: [
    'dynamodb:UpdateItem',
    'dev/credit-scoring-inference/Inference/GatewayRole',
    'dev/credit-scoring-inference/Inference/Limits/Table',
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
  lambda: [
    'lambda:InvokeFunction',
    'dev/credit-scoring-data/Registry/ApprovalRole',
    of('dev/ledger/Ledger/Writer-credit-scoring'),
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

function flag(part: string): string {
  return graph.atPath(`dev/credit-scoring-inference/Inference/StopFlag/${part}`)[0].name;
}

/** Condition keys of a call, beside those that every call has. */
function contextOf(action: string): Record<string, string> {
  const [version] = graph.ofType('AWS::Bedrock::GuardrailVersion');
  const guardrail = `${of('dev/support-assistant-inference/Guardrail')}:${version.name}.Version`;
  return action.startsWith('bedrock:') ? { 'bedrock:GuardrailIdentifier': guardrail } : {};
}

const functions = inVpc(graph);

function inVpc(judged: TemplateGraph): GraphResource[] {
  return judged.ofType('AWS::Lambda::Function').filter(({ properties }) => properties.VpcConfig !== undefined);
}

/** What a function calls, from the bundle that it is deployed with. Throws for a function without one. */
function servicesOf(fn: GraphResource, assembly = directory): string[] {
  const bundle = bundleOf(fn);
  if (bundle === undefined) {
    throw new Error(`${fn.path} has no bundle`);
  }
  return servicesCalledBy(path.join(assembly, bundle));
}

const missingIn = (judged: TemplateGraph, assembly = directory) =>
  missingEndpoints(judged, (fn) => servicesOf(fn, assembly)).map(
    ({ function: { path }, service }) => `${path}: ${service}`,
  );

test('functions in a VPC are found, and what they call', () => {
  expect(functions.length).toBeGreaterThanOrEqual(9);
  expect(functions.filter((fn) => servicesOf(fn).length === 0)).toEqual([]);
  expect([...new Set(functions.flatMap((fn) => servicesOf(fn)))].sort()).toEqual(Object.keys(CALLS).sort());
});

test('every service that a function in a VPC calls has an endpoint that it reaches', () => {
  expect(missingIn(graph)).toEqual([]);
});

test('so it is in production, whose endpoints are also watched', () => {
  const [monitor, ...more] = inVpc(production.graph).filter(({ path: of }) => of.includes('/CaptureMonitor/'));
  expect(more).toEqual([]);
  expect(servicesOf(monitor, production.directory)).toEqual(['s3']);
  expect(missingIn(production.graph, production.directory)).toEqual([]);
  const without = withoutResource(production.templates, 'prod/inference-network/Network/Endpoint-s3');
  expect(missingIn(without, production.directory)).toContain(`${monitor.path}: s3`);
});

test.each(Object.entries(CALLS))(
  'without the endpoint of %s, the functions that call it are named',
  (service, [, role]) => {
    const network = networkOf(role);
    const expected = functions
      .filter((fn) => networkOf(fn.path) === network && servicesOf(fn).includes(service))
      .map((fn) => `${fn.path}: ${service}`);
    expect(expected).not.toEqual([]);
    expect(missingIn(withoutResource(templates, `${network}/Network/Endpoint-${service}`)).sort()).toEqual(
      expected.sort(),
    );
  },
);

test.each(Object.entries(CALLS))(
  'the endpoint policy of %s lets the call through',
  async (service, [action, principal, resource]) => {
    const through = `${networkOf(principal)}/Network/Endpoint-${service}`;
    const context = contextOf(action);
    expect(await evaluate(graph, { principal, action, resource, through, context })).toBe('allow');
  },
);

test.each(Object.entries(CALLS))(
  'the endpoint policy of %s holds back another account',
  async (service, [action, principal, resource]) => {
    const through = `${networkOf(principal)}/Network/Endpoint-${service}`;
    const context = { ...contextOf(action), 'aws:PrincipalAccount': '999988887777' };
    expect(await evaluate(graph, { principal, action, resource, context })).toBe('allow');
    expect(await evaluate(graph, { principal, action, resource, through, context })).not.toBe('allow');
  },
);

/** The network of a role or function, by its construct path. */
function networkOf(construct: string): string {
  return construct.includes('-inference/') ? 'dev/inference-network' : 'dev/training-network';
}
