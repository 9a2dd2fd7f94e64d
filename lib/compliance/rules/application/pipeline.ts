import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';

/** One action of a CodePipeline pipeline. */
export interface PipelineAction {
  readonly name: string;
  /** Name of its stage. */
  readonly stage: string;
  /** Its turn: actions with a smaller one have finished when it starts. */
  readonly turn: readonly [stage: number, runOrder: number];
  /** `Source`, `Build`, `Test`, `Approval`, `Deploy`, `Invoke` or `Compute`. */
  readonly category: string;
  readonly provider: string;
  readonly configuration: unknown;
}

/** Actions of a pipeline in the order of the template; `Opaque` where only a deployment knows them. */
export function actionsOf({ properties: { Stages } }: GraphResource): PipelineAction[] | Opaque {
  if (Stages instanceof Opaque) {
    return Stages;
  }
  return asList(Stages).flatMap((stage, index) =>
    asList(valueAt(stage, 'Actions')).map((action) => actionOf(action, textOf(valueAt(stage, 'Name')), index)),
  );
}

/** RunOrder is 1 where the template gives none. */
function actionOf(action: unknown, stage: string, index: number): PipelineAction {
  return {
    name: textOf(valueAt(action, 'Name')),
    stage,
    turn: [index, Number(valueAt(action, 'RunOrder') ?? 1)],
    category: textOf(valueAt(action, 'ActionTypeId.Category')),
    provider: textOf(valueAt(action, 'ActionTypeId.Provider')),
    configuration: valueAt(action, 'Configuration'),
  };
}

/** Whether one action has finished before another starts. */
export function precedes(
  { turn: [stage, order] }: PipelineAction,
  { turn: [later, laterOrder] }: PipelineAction,
): boolean {
  return stage < later || (stage === later && order < laterOrder);
}

/** Whether an action changes what runs. Preparing a change set does not. */
export function deploys({ category, configuration }: PipelineAction): boolean {
  return category === 'Deploy' && valueAt(configuration, 'ActionMode') !== 'CHANGE_SET_REPLACE';
}

/** What the project of a build action runs; `Opaque` where that is not in the templates; undefined for other actions. */
export function buildSpecOfAction(
  { provider, configuration }: PipelineAction,
  graph: TemplateGraph,
): string | Opaque | undefined {
  if (provider !== 'CodeBuild') {
    return undefined;
  }
  const project = projectNamed(valueAt(configuration, 'ProjectName'), graph);
  return project ? buildSpecOf(project) : new Opaque('project outside the templates');
}

function projectNamed(name: unknown, graph: TemplateGraph): GraphResource | undefined {
  return graph.withName('AWS::CodeBuild::Project', name) ?? graph.where('AWS::CodeBuild::Project', 'Name', name)[0];
}

/** The build specification of a project, where the template holds it: otherwise it is a file of the source. */
export function buildSpecOf(project: GraphResource): string | Opaque {
  const spec = propertyOf(project, 'Source.BuildSpec');
  if (spec instanceof Opaque) {
    return spec;
  }
  const isFile = spec === undefined || /^\S+\.ya?ml$/.test(textOf(spec));
  return isFile ? new Opaque('build specification in the source') : textOf(spec);
}
