import type { GraphResource, TemplateGraph } from '../../../analysis';
import { stageOf } from '../../tags';

/** Whether two resources may serve one stage: what dev records proves nothing of prod. One without a tag serves any. */
export function mayShareStage(one: GraphResource, other: GraphResource): boolean {
  const [stage, another] = [stageOf(one), stageOf(other)];
  return stage === undefined || another === undefined || stage === another;
}

/** Computes once for each graph and stage what depends on nothing else of a resource than its stage. */
export function onceByStage<T>(
  compute: (resource: GraphResource, graph: TemplateGraph) => T,
): (resource: GraphResource, graph: TemplateGraph) => T {
  const known = new WeakMap<TemplateGraph, Map<string | undefined, T>>();
  return (resource, graph) => {
    const values = known.get(graph) ?? new Map<string | undefined, T>();
    known.set(graph, values);
    const stage = stageOf(resource);
    const value = values.has(stage) ? (values.get(stage) as T) : compute(resource, graph);
    values.set(stage, value);
    return value;
  };
}
