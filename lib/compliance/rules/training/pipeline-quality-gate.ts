import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';
import { PIPELINE_BODY, type PipelineDefinition, type PipelineStep, pipelineDefinition } from './pipeline-definition';
import { pipeline } from './samples';

const TRAINING_STEPS = ['Training', 'Tuning', 'AutoML'];
const CHECK_STEPS = ['QualityCheck', 'ClarifyCheck'];
const GATE = 'a QualityCheck, a ClarifyCheck or the branch of a Condition';

/**
 * A pipeline trains only after a check of its data, and registers a model only after a check of what it trained. A check
 * is a step that stops the pipeline, or a Condition in one of whose branches the step stands.
 */
export const sageMakerPipelineQualityGate = rule({
  id: 'SageMakerPipelineQualityGate',
  appliesTo: ['AWS::SageMaker::Pipeline'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.4', 'A.7.4'],
  crosswalk: {
    nist80053: ['SI-10', 'SA-11'],
    nistAiRmf: ['MEASURE 2.3'],
    euAiAct: ['Art. 10', 'Art. 15'],
    atlas: ['AML.T0020'],
  },
  why: 'Without a gate a run on poisoned or broken data ends as a registered model that nobody measured.',
  fix: `Put ${GATE} before the training step, and another between training and RegisterModel.`,
  claims: ['QualityCheck', 'ClarifyCheck', 'Condition'].map((step) => `${PIPELINE_BODY}.${step}`),
  beyondGuard: 'the order of the steps follows from references inside the definition',
  check: (resource) => {
    const definition = pipelineDefinition(resource);
    return definition instanceof Opaque ? [unresolved(PIPELINE_BODY, definition)] : judge(definition);
  },
  compliant: pipeline(
    { Name: 'CheckData', Type: 'QualityCheck' },
    { Name: 'Train', Type: 'Training', DependsOn: ['CheckData'] },
    { Name: 'Evaluate', Type: 'Processing', Arguments: { Model: { Get: 'Steps.Train.ModelArtifacts' } } },
    {
      Name: 'GoodEnough',
      Type: 'Condition',
      DependsOn: ['Evaluate'],
      Arguments: { Conditions: [], IfSteps: [{ Name: 'Register', Type: 'RegisterModel' }], ElseSteps: [] },
    },
  ),
  nonCompliant: pipeline(
    { Name: 'Train', Type: 'Training' },
    { Name: 'Register', Type: 'RegisterModel', Arguments: { ModelUrl: { Get: 'Steps.Train.ModelArtifacts' } } },
  ),
});

function judge({ steps }: PipelineDefinition): Verdict {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const before = (step: PipelineStep) => ancestors(step, byName);
  const judged = steps.filter(({ type }) => type === 'RegisterModel' || TRAINING_STEPS.includes(type));
  const ungated = judged.filter((step) => !isGated(step, before));
  return judged.length === 0
    ? undefined
    : ungated.map(({ name, type }) =>
        violation(PIPELINE_BODY, `${name}: found no check before this ${type}, expected ${GATE}`),
      );
}

type Before = (step: PipelineStep) => readonly PipelineStep[];

/** For a model that the pipeline itself trains, a check of the data is no check of the model. */
function isGated(step: PipelineStep, before: Before): boolean {
  const earlier = before(step);
  const gates = gatesOf([step, ...earlier], earlier);
  const needsModel = step.type === 'RegisterModel' && earlier.some(isTraining);
  return needsModel ? gates.some((gate) => before(gate).some(isTraining)) : gates.length > 0;
}

function isTraining({ type }: PipelineStep): boolean {
  return TRAINING_STEPS.includes(type);
}

/** Steps that stop the pipeline, and Conditions that decide whether one of these steps runs at all. */
function gatesOf(path: readonly PipelineStep[], earlier: readonly PipelineStep[]): PipelineStep[] {
  const deciding = new Set(path.flatMap(({ within }) => within));
  return earlier.filter((step) => deciding.has(step.name) || isCheck(step));
}

function isCheck({ type, body }: PipelineStep): boolean {
  return CHECK_STEPS.includes(type) && textOf(body.SkipCheck) !== 'true' && textOf(body.FailOnViolation) !== 'false';
}

/** Every step that has ended when this one starts. */
function ancestors(step: PipelineStep, byName: ReadonlyMap<string, PipelineStep>): PipelineStep[] {
  const found = new Set<PipelineStep>();
  const open = [step];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const name of [...next.after, ...next.within]) {
      const earlier = byName.get(name);
      if (earlier && !found.has(earlier)) {
        found.add(earlier);
        open.push(earlier);
      }
    }
  }
  return [...found];
}
