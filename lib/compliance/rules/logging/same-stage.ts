import type { GraphResource, TemplateGraph } from '../../../analysis';
import { stageOf } from '../../tags';

/** Whether two resources may serve one stage: what dev records proves nothing of prod. One without a tag serves any. */
export function mayShareStage(one: GraphResource, other: GraphResource): boolean {
  const [stage, another] = [stageOf(one), stageOf(other)];
  return stage === undefined || another === undefined || stage === another;
}

/** Computes once for each graph and stage what depends on nothing else of a resource than its stage: `key` names it. */
export function onceByStage<T>(
  key: string,
  compute: (resource: GraphResource, graph: TemplateGraph) => T,
): (resource: GraphResource, graph: TemplateGraph) => T {
  return (resource, graph) => graph.onceFor(key, stageOf(resource), () => compute(resource, graph));
}
