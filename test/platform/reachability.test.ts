import { type Edge, reachability, type StackTemplate, type Template, TemplateGraph } from '../../lib/analysis';
import { synthesize } from './support';

/** The declared edges: by the end of a stack's name, the network whose endpoints its members reach on port 443. */
const DECLARED: Readonly<Record<string, string>> = {
  data: 'training-network',
  training: 'training-network',
  inference: 'inference-network',
};

const { graph, templates } = synthesize();

/** Why an edge is not a declared one; undefined for one that is. */
function undeclared({ from, to, port }: Edge): string | undefined {
  const [stage, stack] = from.resource.path.split('/');
  const network = DECLARED[stack.split('-').at(-1) ?? ''];
  const declared =
    to.kind === 'member' &&
    to.resource?.type === 'AWS::EC2::VPCEndpoint' &&
    to.resource.path.startsWith(`${stage}/${network}/`) &&
    port === 'tcp/443';
  return declared ? undefined : `${from.resource.path} -> ${to.kind} ${to.resource?.path ?? to.name} ${port}`;
}

const faults = (edges: readonly Edge[]) => edges.map(undeclared).filter((fault) => fault !== undefined);

/** The templates with one resource more in the stack whose name ends so. */
function withResource(stack: string, id: string, resource: object): TemplateGraph {
  return new TemplateGraph(
    templates.map((item): StackTemplate => {
      if (!item.stack.endsWith(stack)) {
        return item;
      }
      const Resources = { ...item.template.Resources, [id]: resource } as Template['Resources'];
      return { ...item, template: { ...item.template, Resources } };
    }),
  );
}

test('whatever has a network interface reaches the endpoints of its own network on port 443, and nothing else', () => {
  expect(faults(reachability(graph))).toEqual([]);
});

test('every function in a VPC, every model and every training job is judged', () => {
  const judged = new Set(reachability(graph).map(({ from }) => from.resource.path));
  const inVpc = graph
    .ofType('AWS::Lambda::Function', 'AWS::SageMaker::Model')
    .filter(({ properties }) => properties.VpcConfig !== undefined)
    .map(({ path }) => path);
  expect(inVpc.length).toBeGreaterThanOrEqual(2 * 9);
  expect(inVpc.filter((path) => !judged.has(path))).toEqual([]);
  expect([...judged].filter((path) => path.endsWith('Pipeline/StateMachine'))).toHaveLength(2);
});

test('no edge crosses stages, nor training and inference', () => {
  const crossing = reachability(graph).filter(({ from, to }) => {
    const [stage, stack] = from.resource.path.split('/');
    const [otherStage, otherStack] = (to.resource?.path ?? '').split('/');
    const inference = stack.endsWith('-inference') || stack === 'inference-network';
    return stage !== otherStage || inference !== (otherStack === 'inference-network');
  });
  expect(crossing.map(({ from, to }) => `${from.resource.path} -> ${to.name}`)).toEqual([]);
});

describe('the proof fails when', () => {
  const group = graph
    .ofType('AWS::EC2::SecurityGroup')
    .find(({ path }) => path.startsWith('dev/training-network') && path.includes('operations'));
  const vpc = graph.ofType('AWS::EC2::VPC').find(({ path }) => path.startsWith('dev/training-network'));
  const routeTable = graph.ofType('AWS::EC2::RouteTable').find(({ path }) => path.startsWith('dev/training-network'));

  test('a rule opens a tier to any address', () => {
    const opened = withResource('dev-training-network', 'Open', {
      Type: 'AWS::EC2::SecurityGroupEgress',
      Properties: { GroupId: { 'Fn::GetAtt': [group?.logicalId, 'GroupId'] }, IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
    });
    expect(faults(reachability(opened)).length).toBeGreaterThan(0);
  });

  test('a route leads to an internet gateway, and a rule lets traffic go', () => {
    const routed = new TemplateGraph(
      templates.map((item): StackTemplate => {
        if (!item.stack.endsWith('dev-training-network')) {
          return item;
        }
        const Resources = {
          ...item.template.Resources,
          Gateway: { Type: 'AWS::EC2::InternetGateway' },
          Attachment: {
            Type: 'AWS::EC2::VPCGatewayAttachment',
            Properties: { VpcId: { Ref: vpc?.logicalId }, InternetGatewayId: { Ref: 'Gateway' } },
          },
          Out: {
            Type: 'AWS::EC2::Route',
            Properties: {
              RouteTableId: { Ref: routeTable?.logicalId },
              DestinationCidrBlock: '0.0.0.0/0',
              GatewayId: { Ref: 'Gateway' },
            },
          },
          Open: {
            Type: 'AWS::EC2::SecurityGroupEgress',
            Properties: {
              GroupId: { 'Fn::GetAtt': [group?.logicalId, 'GroupId'] },
              IpProtocol: '-1',
              CidrIp: '0.0.0.0/0',
            },
          },
        } as Template['Resources'];
        return { ...item, template: { ...item.template, Resources } };
      }),
    );
    expect(faults(reachability(routed)).some((fault) => fault?.includes('internet'))).toBe(true);
  });
});
