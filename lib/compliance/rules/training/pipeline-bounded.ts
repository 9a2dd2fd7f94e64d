import { rule } from '../../define-rule';
import { isBetween } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { type JobParameter, type JobParameters, judgeJobs } from './job-parameters';
import { PIPELINE_BODY } from './pipeline-definition';
import { pipeline } from './samples';

const STEPS_AT_ONCE = isBetween('ParallelismConfiguration.MaxParallelExecutionSteps', { min: 1 });
const TIME_LIMIT: JobParameter = { path: 'StoppingCondition.MaxRuntimeInSeconds', expected: 'a value' };

/** A transform job knows no time limit. */
const ASKED: JobParameters = {
  TrainingJob: [TIME_LIMIT],
  HyperParameterTuningJob: [TIME_LIMIT],
  ProcessingJob: [TIME_LIMIT],
};

/** A pipeline bounds how many steps run at once, and how long each of its jobs may run. */
export const sageMakerPipelineBounded = rule({
  id: 'SageMakerPipelineBounded',
  appliesTo: ['AWS::SageMaker::Pipeline'],
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-5', 'SC-6'], owasp: ['LLM10:2025'] },
  why: 'A faulty or hijacked run takes every instance of the account, and its bill, until somebody notices.',
  fix: 'Set ParallelismConfiguration.MaxParallelExecutionSteps, and StoppingCondition.MaxRuntimeInSeconds of each job.',
  claims: ['ParallelismConfiguration.MaxParallelExecutionSteps', `${PIPELINE_BODY}.MaxRuntimeInSeconds`],
  beyondGuard: 'job definitions stand as text inside the definition',
  check: (resource) => [...STEPS_AT_ONCE.judge(resource.properties, ''), ...(judgeJobs(resource, ASKED) ?? [])],
  compliant: bounded({ MaxParallelExecutionSteps: 4 }, { StoppingCondition: { MaxRuntimeInSeconds: 3600 } }),
  nonCompliant: bounded({}, {}),
});

function bounded(ParallelismConfiguration: object, Arguments: object) {
  const { Pipeline } = pipeline({ Name: 'Train', Type: 'Training', Arguments });
  return { Pipeline: { ...Pipeline, Properties: { ...Pipeline.Properties, ParallelismConfiguration } } };
}
