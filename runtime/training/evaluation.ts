import * as z from 'zod';
import { PalisadeError } from '../errors';
import { decide, type GateDecision, type GateReason } from './gate';

/** Metrics that a training run wrote, by name. Nested objects are joined with dots: `{"fairness": {"gap": 0.1}}` is `fairness.gap`. */
export type EvaluationMetrics = Readonly<Record<string, number>>;

/** The range that one metric must lie in. */
export interface MetricThreshold {
  /** Name of the metric. */
  readonly metric: string;
  /** Least accepted value. @default - none */
  readonly minimum?: number;
  /** Greatest accepted value. @default - none */
  readonly maximum?: number;
}

type MetricTree = { [name: string]: number | MetricTree };

const TREE: z.ZodType<MetricTree> = z.lazy(() => z.record(z.string(), z.union([z.number(), TREE])));

/** Reads metrics from JSON: an object whose leaves are finite numbers. Throws PALISADE-T012 when it is not one. */
export function parseEvaluation(text: string, where: string): EvaluationMetrics {
  try {
    return Object.fromEntries(flatten('', TREE.parse(JSON.parse(text)), 0));
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-T012',
      where,
      problem: `not evaluation metrics: ${error instanceof Error ? error.message : error}`,
      fix: 'write an object of finite numbers to /opt/ml/output/data/evaluation.json',
    });
  }
}

/** Compares metrics with thresholds. A metric that was not reported fails. */
export function judgeEvaluation(metrics: EvaluationMetrics, thresholds: readonly MetricThreshold[]): GateDecision {
  return decide(thresholds.map((threshold) => judgeMetric(metrics, threshold)));
}

function judgeMetric(
  metrics: EvaluationMetrics,
  { metric, minimum, maximum }: MetricThreshold,
): GateReason | undefined {
  const value = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
  if (value === undefined) {
    return { code: 'PALISADE-T030', problem: `${metric} was not reported` };
  }
  if (minimum !== undefined && value < minimum) {
    return { code: 'PALISADE-T031', problem: `${metric} is ${value}, at least ${minimum} is needed` };
  }
  if (maximum !== undefined && value > maximum) {
    return { code: 'PALISADE-T032', problem: `${metric} is ${value}, at most ${maximum} is accepted` };
  }
  return undefined;
}

const MAXIMUM_DEPTH = 8;

function flatten(prefix: string, tree: MetricTree, depth: number): [string, number][] {
  if (depth > MAXIMUM_DEPTH) {
    throw new RangeError(`nested deeper than ${MAXIMUM_DEPTH}`);
  }
  return Object.entries(tree).flatMap(([name, value]): [string, number][] =>
    typeof value === 'number' ? [[prefix + name, value]] : flatten(`${prefix}${name}.`, value, depth + 1),
  );
}
