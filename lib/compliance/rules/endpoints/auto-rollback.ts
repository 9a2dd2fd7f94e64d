import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { isOneOf } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { asOne } from '../structure';
import { configOf, isServerless } from './endpoint-config';
import { nameIn, namesOf } from './same-endpoint';

const ALARM = 'AWS::CloudWatch::Alarm';
const DEPLOYMENT = 'DeploymentConfig';
const ALARMS = 'DeploymentConfig.AutoRollbackConfiguration.Alarms';
const ROLLING = 'DeploymentConfig.RollingUpdatePolicy';
const ROUTING = 'DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.Type';
const IN_STEPS = isOneOf(ROUTING, ['CANARY', 'LINEAR']);

/** In production, an update reaches a part of the traffic first, and an alarm on this very endpoint takes it back. */
export const sageMakerEndpointAutoRollback = rule({
  id: 'SageMakerEndpointAutoRollback',
  appliesTo: ['AWS::SageMaker::Endpoint'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.6', 'A.6.2.5'],
  crosswalk: {
    nist80053: ['CM-3', 'CP-10', 'SI-17'],
    nistAiRmf: ['MANAGE 2.4', 'MANAGE 4.1'],
    euAiAct: ['Art. 9', 'Art. 15'],
  },
  why: 'SageMaker moves all traffic to a new model at once by default, and a faulty one then answers everybody until somebody notices.',
  fix: 'Set DeploymentConfig with CANARY, LINEAR or rolling updates, and AutoRollbackConfiguration with alarms whose dimension EndpointName is this endpoint.',
  appliesWhen: [inProduction],
  claims: [ALARMS, ROUTING],
  beyondGuard: 'an alarm counts only if it watches this endpoint, which its own resource says',
  check: (endpoint, graph) => (isServerless(configOf(endpoint, graph)) ? undefined : judge(endpoint, graph)),
  compliant: withDeployment({
    AutoRollbackConfiguration: { Alarms: [{ AlarmName: { Ref: 'Alarm' } }] },
    BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY' } },
  }),
  nonCompliant: withDeployment({
    BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } },
  }),
});

function judge(endpoint: GraphResource, graph: TemplateGraph): Violation[] {
  const faults = [...judgeRouting(endpoint), ...judgeAlarms(endpoint, graph)];
  return propertyOf(endpoint, DEPLOYMENT) === undefined ? asOne(DEPLOYMENT, faults) : faults;
}

function judgeRouting(endpoint: GraphResource): Violation[] {
  return propertyOf(endpoint, ROLLING) === undefined ? IN_STEPS.judge(endpoint.properties, '') : [];
}

/** One alarm on this endpoint is enough; others may watch what it serves. */
function judgeAlarms(endpoint: GraphResource, graph: TemplateGraph): Violation[] {
  const listed = propertyOf(endpoint, ALARMS);
  const names = asList(listed).map((alarm) => valueAt(alarm, 'AlarmName'));
  if (listed instanceof Opaque || names.length === 0) {
    return [listed instanceof Opaque ? unresolved(ALARMS, listed) : violation(ALARMS, 'found no alarm')];
  }
  const alarms = names.map((name) => alarmOf(name, graph));
  if (alarms.some((alarm) => alarm && watches(alarm, endpoint))) {
    return [];
  }
  const elsewhere = alarms.indexOf(undefined);
  return elsewhere < 0
    ? [violation(ALARMS, `found ${names.map(textOf).join(', ')}, none of which watches this endpoint`)]
    : [
        unresolved(
          `${ALARMS}.${elsewhere}.AlarmName`,
          new Opaque(`alarm ${textOf(names[elsewhere])} of another assembly`),
        ),
      ];
}

function alarmOf(name: unknown, graph: TemplateGraph): GraphResource | undefined {
  return graph.withName(ALARM, name) ?? graph.where(ALARM, 'AlarmName', name)[0];
}

/** An alarm has one metric, or several for an expression. */
function watches(alarm: GraphResource, endpoint: GraphResource): boolean {
  const queries = asList(propertyOf(alarm, 'Metrics')).map((query) => valueAt(query, 'MetricStat.Metric.Dimensions'));
  const dimensions = [propertyOf(alarm, 'Dimensions'), ...queries].flatMap(asList);
  const names = namesOf(endpoint);
  return dimensions.some(
    (dimension) =>
      valueAt(dimension, 'Name') === 'EndpointName' && names.includes(nameIn(alarm, valueAt(dimension, 'Value'))),
  );
}

function withDeployment(DeploymentConfig: object) {
  const Dimensions = [{ Name: 'EndpointName', Value: 'scoring' }];
  return {
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'scoring', DeploymentConfig } },
    Alarm: { Type: ALARM, Properties: { Dimensions } },
  };
}
