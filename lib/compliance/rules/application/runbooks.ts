import { type GraphResource, Opaque, type TemplateGraph, textOf, valueOfJson } from '../../../analysis';
import { asList, valueAt } from '../../expect';
import { tasksOf } from './states';

/** A call of an AWS API that a runbook makes. */
interface ApiCall {
  /** `service:operation`, in small letters and without hyphens. */
  readonly operation: string;
  readonly parameters: unknown;
}

/** Calls that stop something at once: the parameter that names it, and what else the call must say. */
const STOPS: Readonly<Record<string, { readonly target: string; readonly when?: (parameters: unknown) => boolean }>> = {
  'lambda:putfunctionconcurrency': {
    target: 'FunctionName',
    when: (parameters) => textOf(valueAt(parameters, 'ReservedConcurrentExecutions')) === '0',
  },
  'iam:attachrolepolicy': {
    target: 'RoleName',
    when: (parameters) => /\/AWSDenyAll$/.test(textOf(valueAt(parameters, 'PolicyArn'))),
  },
  'sagemaker:deleteendpoint': { target: 'EndpointName' },
  'bedrockagent:deleteagent': { target: 'agentId' },
  'bedrockagent:deleteagentalias': { target: 'agentId' },
  'bedrockagentcorecontrol:deleteagentruntime': { target: 'agentRuntimeId' },
  'bedrockagentcorecontrol:deleteagentruntimeendpoint': { target: 'agentRuntimeId' },
};

/** Whether a runbook of the assembly, an automation or a state machine, stops the resource. */
export function isStoppedByRunbook({ name, arn }: GraphResource, graph: TemplateGraph): boolean {
  const stopped = graph.once('what runbooks stop', () => new Set(callsOf(graph).flatMap(targetOf)));
  return stopped.has(name) || stopped.has(arn);
}

/** The name before a dot: an attribute of the resource that nobody else has. */
function targetOf({ operation, parameters }: ApiCall): string[] {
  const stop = Object.hasOwn(STOPS, operation) ? STOPS[operation] : undefined;
  const [target, upper] = stop ? [stop.target, stop.target[0].toUpperCase() + stop.target.slice(1)] : [];
  if (!stop || target === undefined || (stop.when && !stop.when(parameters))) {
    return [];
  }
  const found = textOf(valueAt(parameters, target) ?? valueAt(parameters, textOf(upper)));
  return [found, found.replace(/\.\w+$/, '')];
}

function callsOf(graph: TemplateGraph): ApiCall[] {
  return [
    ...graph.ofType('AWS::SSM::Document').flatMap(automationCalls),
    ...graph.ofType('AWS::StepFunctions::StateMachine').flatMap(machineCalls),
  ];
}

function automationCalls({ properties: { Content, DocumentType } }: GraphResource): ApiCall[] {
  return DocumentType === 'Automation'
    ? asList(valueAt(valueOfJson(Content), 'mainSteps'))
        .filter((step) => valueAt(step, 'action') === 'aws:executeAwsApi')
        .map((step) => valueAt(step, 'inputs'))
        .map((inputs) => apiCall(textOf(valueAt(inputs, 'Service')), textOf(valueAt(inputs, 'Api')), inputs))
    : [];
}

function machineCalls(machine: GraphResource): ApiCall[] {
  const tasks = tasksOf(machine);
  return tasks instanceof Opaque
    ? []
    : tasks.flatMap(({ integration, parameters }) => {
        const [, service, operation] = /:::aws-sdk:(\w+):(\w+)/.exec(integration) ?? [];
        return service === undefined ? [] : [apiCall(service, operation, parameters)];
      });
}

function apiCall(service: string, operation: string, parameters: unknown): ApiCall {
  return { operation: `${service}:${operation}`.replaceAll('-', '').toLowerCase(), parameters };
}
