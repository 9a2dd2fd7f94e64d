import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { EndpointService, HandlerFunction, IsolatedNetwork, KeyRing, Purpose } from '../../../constructs';
import { bundleOf, type GraphResource, missingEndpoints, servicesCalledBy, TemplateGraph } from '../../../lib/analysis';
import { graphFrom } from '../../support/graph';

/** The function that verifies datasets, which calls KMS and S3, in a network with endpoints for these services. */
function missing(...services: EndpointService[]): string[] {
  const app = new App();
  const stack = new Stack(app, 'S', { env: { region: 'eu-west-1' } });
  const encryptionKey = new KeyRing(stack, 'Keys', { system: 'a', stage: 'dev', purposes: [Purpose.LOGS] }).key(
    Purpose.LOGS,
  );
  const network = new IsolatedNetwork(stack, 'Network', { tiers: ['jobs'], services, encryptionKey });
  new HandlerFunction(stack, 'Verify', {
    handler: 'dataset-verify',
    description: 'Verifies',
    encryptionKey,
    network: network.functionNetwork('jobs'),
  });
  const { directory } = app.synth();
  const bundle = (fn: GraphResource) => path.join(directory, bundleOf(fn) ?? 'none', 'index.js');
  const called = (fn: GraphResource) => (fs.existsSync(bundle(fn)) ? servicesCalledBy(bundle(fn)) : []);
  return missingEndpoints(TemplateGraph.fromAssembly(directory), called).map(({ service }) => service);
}

test('a function whose services all have endpoints lacks nothing', () => {
  expect(missing(EndpointService.KMS, EndpointService.S3, EndpointService.LOGS)).toEqual([]);
});

test('a service without an endpoint is named', () => {
  expect(missing(EndpointService.S3, EndpointService.LOGS)).toEqual(['kms']);
});

describe('an endpoint counts only where it can be reached', () => {
  const network = (port: number) =>
    graphFrom({
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
        Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
        Sender: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: { SecurityGroupEgress: [{ IpProtocol: '-1', DestinationSecurityGroupId: { Ref: 'Receiver' } }] },
        },
        Receiver: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: {
            SecurityGroupIngress: [
              { IpProtocol: 'tcp', FromPort: port, ToPort: port, SourceSecurityGroupId: { Ref: 'Sender' } },
            ],
          },
        },
        Kms: {
          Type: 'AWS::EC2::VPCEndpoint',
          Properties: {
            ServiceName: 'com.amazonaws.eu-west-1.kms',
            SubnetIds: [{ Ref: 'Subnet' }],
            SecurityGroupIds: [{ Ref: 'Receiver' }],
          },
        },
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: { VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ Ref: 'Sender' }] } },
        },
        Outside: { Type: 'AWS::Lambda::Function', Properties: {} },
      },
    });

  test.each([
    [443, []],
    [80, ['kms']],
  ])('with port %i open, missing: %j', (port, expected) => {
    expect(missingEndpoints(network(port), () => ['kms']).map(({ service }) => service)).toEqual(expected);
  });
});
