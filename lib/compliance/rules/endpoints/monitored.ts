import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { tierOf } from '../../tags';
import { configOf, isRealTime } from './endpoint-config';
import { kindsFor, monitoringOf } from './monitored-endpoints';
import { isReadDaily } from './own-monitor';

const ALL_KINDS = ['DataQuality', 'ModelQuality', 'ModelBias', 'ModelExplainability'];

/** In production, what reaches a model is compared with what it was trained for every day; for high impact, its answers too. */
export const sageMakerEndpointMonitored = rule({
  id: 'SageMakerEndpointMonitored',
  appliesTo: ['AWS::SageMaker::Endpoint'],
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.6'],
  crosswalk: {
    nist80053: ['CA-7', 'SI-4'],
    nistAiRmf: ['MEASURE 2.4', 'MEASURE 3.1', 'MANAGE 4.1'],
    euAiAct: ['Art. 9', 'Art. 15', 'Art. 26', 'Art. 72'],
    atlas: ['AML.T0015', 'AML.T0031'],
  },
  why: 'Inputs drift, or are made to, and an unwatched model keeps answering with confidence while it gets worse or unfair.',
  fix: 'Run a function of your own on a daily schedule that reads what the endpoint captures, or, where SageMaker Model Monitor is open to you, a MonitoringSchedule: DataQuality, and for high impact ModelQuality, ModelBias and ModelExplainability.',
  appliesWhen: [inProduction],
  claims: ['AWS::SageMaker::MonitoringSchedule'],
  beyondGuard: 'the schedules that watch an endpoint are resources of their own',
  check: (endpoint, graph) => (isRealTime(configOf(endpoint, graph)) ? judge(endpoint, graph) : undefined),
  compliant: withInput('scoring'),
  nonCompliant: withInput('another-endpoint'),
});

function judge(endpoint: GraphResource, graph: TemplateGraph): Violation[] {
  const monitoring = monitoringOf(graph);
  const running = kindsFor(endpoint, monitoring);
  const missing = (tierOf(endpoint) === 'high' ? ALL_KINDS : ['DataQuality']).filter((kind) => !running.has(kind));
  const unknown = monitoring.unknown.get(endpoint.stack);
  if (missing.length === 0 || isReadDaily(endpoint, graph)) {
    return [];
  }
  return unknown
    ? [unresolved('EndpointName', new Opaque(`what the schedule ${unknown.logicalId} watches, and when`))]
    : [
        violation(
          'EndpointName',
          `found no schedule that monitors ${missing.join(', ')} of this endpoint at least daily`,
        ),
      ];
}

function withInput(EndpointName: string) {
  const MonitoringScheduleConfig = {
    MonitoringType: 'DataQuality',
    MonitoringJobDefinitionName: { Ref: 'Job' },
    ScheduleConfig: { ScheduleExpression: 'cron(0 * ? * * *)' },
  };
  return {
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'scoring' } },
    Schedule: { Type: 'AWS::SageMaker::MonitoringSchedule', Properties: { MonitoringScheduleConfig } },
    Job: {
      Type: 'AWS::SageMaker::DataQualityJobDefinition',
      Properties: { DataQualityJobInput: { EndpointInput: { EndpointName } } },
    },
  };
}
