import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, valueAt, violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';

const ALARM = 'AWS::CloudWatch::Alarm';
const OBJECTIVE = 'AWS::ApplicationSignals::ServiceLevelObjective';

/** For each type: what must be watched, and the metrics that tell (CloudWatch metrics of SageMaker and of Bedrock Guardrails). */
const OBJECTIVES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'AWS::Bedrock::Guardrail': { interventions: ['InvocationsIntervened'] },
  'AWS::SageMaker::Endpoint': {
    errors: ['Invocation5XXErrors', 'Invocation4XXErrors', 'InvocationModelErrors'],
    latency: ['ModelLatency', 'OverheadLatency'],
  },
};

/** Somebody is told when what serves in production gets slow, fails, or stops too much. */
export const sloDefined = rule({
  id: 'SloDefined',
  detects: true,
  appliesTo: Object.keys(OBJECTIVES),
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6', 'A.6.1.2'],
  crosswalk: { nist80053: ['AU-6', 'SI-4'], nistAiRmf: ['MEASURE 2.4', 'MANAGE 4.1'], euAiAct: ['Art. 15', 'Art. 72'] },
  why: 'A model that times out, or a guardrail that stops every second call, is found by the people it fails.',
  fix: 'Add a CloudWatch alarm or a service level objective on errors and latency, and on interventions of a guardrail.',
  claims: [],
  beyondGuard: 'the alarm names what it watches, not the other way round',
  check: (resource, graph) => {
    if (!inProduction.holds(resource)) {
      return undefined;
    }
    const watched = metricsOf(resource, graph);
    const missing = Object.entries(OBJECTIVES[resource.type])
      .filter(([, metrics]) => !metrics.some((metric) => watched.has(metric)))
      .map(([what]) => what);
    return missing.length > 0 ? [violation('Tags', `found no alarm or objective on ${missing.join(' and ')}`)] : [];
  },
  compliant: example('ModelLatency', 'Invocation5XXErrors'),
  nonCompliant: example('CPUUtilization', 'MemoryUtilization'),
});

/** Metrics of the resource that some alarm or objective watches. */
function metricsOf({ name, arn }: GraphResource, graph: TemplateGraph): ReadonlySet<string> {
  const watched = watchedMetrics(graph);
  return new Set([name, arn].flatMap((id) => [...(watched.get(id) ?? [])]));
}

/** Names of watched metrics, by each value of their dimensions. */
function watchedMetrics(graph: TemplateGraph): ReadonlyMap<string, ReadonlySet<string>> {
  return graph.once('watched metrics', () => collect(graph));
}

function collect(graph: TemplateGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const watched = new Map<string, Set<string>>();
  for (const metric of graph.ofType(ALARM, OBJECTIVE).flatMap(({ properties }) => metricsIn(properties, 0))) {
    for (const dimension of asList(valueAt(metric, 'Dimensions'))) {
      const id = textOf(valueAt(dimension, 'Value'));
      const metrics = watched.get(id) ?? new Set();
      watched.set(id, metrics.add(textOf(valueAt(metric, 'MetricName'))));
    }
  }
  return watched;
}

/** Deep enough for an objective's Sli.SliMetric.MetricDataQueries.0.MetricStat.Metric. */
const MAX_DEPTH = 12;

/** Objects that hold a metric's name and dimensions: an alarm itself, or a part of metric mathematics. */
function metricsIn(value: unknown, depth: number): object[] {
  if (value === null || typeof value !== 'object' || value instanceof Opaque || depth > MAX_DEPTH) {
    return [];
  }
  const nested = Object.values(value).flatMap((item) => metricsIn(item, depth + 1));
  return valueAt(value, 'MetricName') === undefined ? nested : [value, ...nested];
}

function example(...metrics: string[]) {
  const Dimensions = [{ Name: 'EndpointName', Value: 'credit' }];
  const alarms = metrics.map((MetricName, index) => [
    `Alarm${index}`,
    { Type: ALARM, Properties: { MetricName, Dimensions } },
  ]);
  return {
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'credit' } },
    ...Object.fromEntries(alarms),
  };
}
