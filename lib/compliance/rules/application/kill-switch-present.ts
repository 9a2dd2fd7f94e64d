import { type GraphResource, groupedByEach, type TemplateGraph } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf, violation } from '../../expect';
import { ERROR_FROM_HIGH } from '../../rule';
import { resourceCovers } from '../../statements';
import { tierOf } from '../../tags';
import { actionSet } from '../identity/covering';
import { accessOf, attached, mayCallModels } from './functions';
import { isStoppedByRunbook } from './runbooks';

const ENDPOINT = 'AWS::SageMaker::Endpoint';
const FUNCTION = 'AWS::Lambda::Function';

/**
 * A person can stop what answers for a high-impact system at once, without a deployment. Two forms count: a runbook (an
 * SSM automation or a state machine) that stops the resource, or every function in front of it; or a flag in AppConfig
 * that is set for everyone at once and that every function in front of it may read.
 */
export const killSwitchPresent = rule({
  id: 'KillSwitchPresent',
  scope: 'ai',
  appliesTo: ['AWS::Bedrock::Agent', 'AWS::BedrockAgentCore::Runtime', FUNCTION, ENDPOINT],
  level: ERROR_FROM_HIGH,
  annexA: ['A.9.2', 'A.6.2.6', 'A.8.4'],
  crosswalk: {
    nist80053: ['IR-4', 'SC-7'],
    nistAiRmf: ['MANAGE 2.4'],
    euAiAct: ['Art. 14'],
    owasp: ['LLM06:2025', 'ASI10'],
  },
  why: 'A model that harms people goes on doing so for as long as it takes to find out how to stop it.',
  fix: 'Add an SSM automation that sets the reserved concurrency of the calling functions to 0, or deletes the endpoint.',
  claims: [],
  beyondGuard: 'a switch is a runbook, or a flag and the permission to read it, apart from what it stops',
  check: (resource, graph) => {
    if (!isConcerned(resource, graph)) {
      return undefined;
    }
    return canBeStopped(resource, graph)
      ? []
      : [violation('Tags', 'found no runbook or flag that stops it, which high impact in production asks for')];
  },
  compliant: example('0'),
  nonCompliant: example('100'),
});

/** Only what says that it is of high impact: the rule rests on a classification that somebody made. */
function isConcerned(resource: GraphResource, graph: TemplateGraph): boolean {
  const serves = resource.type !== FUNCTION || mayCallBedrock(resource, graph);
  return tierOf(resource) === 'high' && inProduction.holds(resource) && serves;
}

/** Functions that call an endpoint are judged with it. */
function mayCallBedrock(fn: GraphResource, graph: TemplateGraph): boolean {
  const statements = accessOf(graph, fn.properties.Role)?.onModels ?? [];
  return (
    statements.some(({ actions }) => actions.some((action) => /^bedrock/i.test(action))) &&
    mayCallModels(fn, graph) === true
  );
}

function canBeStopped(resource: GraphResource, graph: TemplateGraph): boolean {
  const callers = resource.type === ENDPOINT ? callersOf(resource, graph) : [];
  const inFront = resource.type === FUNCTION ? [resource] : callers;
  return (
    isStoppedByRunbook(resource, graph) ||
    (inFront.length > 0 && inFront.every((fn) => isStoppedItself(fn, graph) || readsFlag(fn, graph)))
  );
}

/** By a runbook for the function, or for its role. */
function isStoppedItself(fn: GraphResource, graph: TemplateGraph): boolean {
  const role = graph.withArn(fn.properties.Role);
  return isStoppedByRunbook(fn, graph) || (role !== undefined && isStoppedByRunbook(role, graph));
}

/** Functions that may call the endpoint for somebody. */
function callersOf({ arn }: GraphResource, graph: TemplateGraph): readonly GraphResource[] {
  const { exact, wild } = graph.once('callers of endpoints', () => callersByPattern(graph));
  const callers = [
    ...(exact.get(arn) ?? []),
    ...wild.flatMap(([pattern, others]) => (resourceCovers(pattern, arn) ? others : [])),
  ];
  return callers.filter((fn) => !operatesEndpoint(fn, graph));
}

/** A function that may change the endpoint, and that events alone start, tries it for its operators: nobody gets its answers. */
function operatesEndpoint(fn: GraphResource, graph: TemplateGraph): boolean {
  const starters = attached('AWS::Lambda::Permission', fn, graph);
  return (
    starters.length > 0 &&
    starters.every((permission) => propertyOf(permission, 'Principal') === 'events.amazonaws.com') &&
    attached('AWS::Lambda::Url', fn, graph, 'TargetFunctionArn').length === 0 &&
    (accessOf(graph, fn.properties.Role)?.statements ?? []).some(({ actions }) => actions.some(CHANGES_ENDPOINT))
  );
}

/** Functions that may call endpoints, by the ARNs and patterns that the policies of their roles name. */
function callersByPattern(graph: TemplateGraph) {
  const exact = groupedByEach(graph.ofType(FUNCTION), ({ properties: { Role } }) =>
    (accessOf(graph, Role)?.onModels ?? [])
      .filter(({ actions }) => actions.some(CALLS_ENDPOINT))
      .flatMap(({ resources }) => resources),
  );
  return { exact, wild: [...exact].filter(([pattern]) => /[*?]/.test(pattern)) };
}

const CALLS_ENDPOINT = actionSet('sagemaker:InvokeEndpoint');
const CHANGES_ENDPOINT = actionSet('sagemaker:UpdateEndpoint');
const READS_FLAG = actionSet('appconfig:GetLatestConfiguration');

function readsFlag({ properties: { Role } }: GraphResource, graph: TemplateGraph): boolean {
  return (
    graph.ofType('AWS::AppConfig::DeploymentStrategy').some(isInstant) &&
    (accessOf(graph, Role)?.statements ?? []).some(({ actions }) => actions.some(READS_FLAG))
  );
}

/** Everyone gets the flag at once, and nothing waits for it to prove itself. */
function isInstant(strategy: GraphResource): boolean {
  const [growth, duration, bake] = ['GrowthFactor', 'DeploymentDurationInMinutes', 'FinalBakeTimeInMinutes'].map(
    (name) => Number(propertyOf(strategy, name) ?? 0),
  );
  return growth === 100 && duration === 0 && bake === 0;
}

function example(ReservedConcurrentExecutions: string) {
  const Tags = [
    { Key: 'ai:system-id', Value: 'x' },
    { Key: 'ai:impact', Value: 'high' },
  ];
  const stop = {
    Service: 'lambda',
    Api: 'PutFunctionConcurrency',
    FunctionName: 'gateway',
    ReservedConcurrentExecutions,
  };
  const Content = { schemaVersion: '0.3', mainSteps: [{ name: 'stop', action: 'aws:executeAwsApi', inputs: stop }] };
  const Statement = [{ Effect: 'Allow', Action: 'sagemaker:InvokeEndpoint', Resource: { Ref: 'Endpoint' } }];
  return {
    Endpoint: { Type: ENDPOINT, Properties: { Tags } },
    Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement } }] } },
    Gateway: { Type: FUNCTION, Properties: { FunctionName: 'gateway', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    Stop: { Type: 'AWS::SSM::Document', Properties: { DocumentType: 'Automation', Content } },
  };
}
