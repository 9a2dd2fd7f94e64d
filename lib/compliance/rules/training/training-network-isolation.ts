import { JOB_STARTERS } from '../../../analysis';
import { rule } from '../../define-rule';
import { ALWAYS_ERROR } from '../../rule';
import { inDefinitions, type JobParameter, type JobParameters, judgeJobs } from './job-parameters';
import { machine, pipeline } from './samples';

const TRAINING = isolated('');

/** A transform job has its network from its model. */
const ASKED: JobParameters = {
  TrainingJob: TRAINING,
  HyperParameterTuningJob: TRAINING,
  ProcessingJob: isolated('NetworkConfig.'),
};

function isolated(holder: string): JobParameter[] {
  return [
    { path: `${holder}EnableNetworkIsolation`, expected: 'true' },
    { path: `${holder}VpcConfig.Subnets`, expected: 'a value' },
    { path: `${holder}VpcConfig.SecurityGroupIds`, expected: 'a value' },
  ];
}

/** Jobs that a state machine or a pipeline starts run in the VPC, in containers without a network of their own. */
export const sageMakerTrainingNetworkIsolation = rule({
  id: 'SageMakerTrainingNetworkIsolation',
  appliesTo: JOB_STARTERS,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.6.1.3'],
  crosswalk: {
    nist80053: ['AC-4', 'SC-7'],
    nistAiRmf: ['MEASURE 2.7'],
    owasp: ['LLM02:2025', 'LLM03:2025'],
    atlas: ['AML.T0010', 'AML.T0025'],
  },
  why: 'A package in a training container that can reach the network sends the data it learns from to its author.',
  fix: 'Give the job EnableNetworkIsolation, and a VpcConfig with isolated subnets and their security groups.',
  claims: inDefinitions('EnableNetworkIsolation', 'VpcConfig'),
  beyondGuard: 'job definitions stand as text inside the definition',
  check: (resource) => judgeJobs(resource, ASKED),
  compliant: {
    ...machine({ EnableNetworkIsolation: true, VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } }),
    ...pipeline({
      Name: 'Prepare',
      Type: 'Processing',
      Arguments: {
        NetworkConfig: {
          EnableNetworkIsolation: true,
          VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        },
      },
    }),
  },
  nonCompliant: {
    ...machine({ VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } }),
    ...pipeline({ Name: 'Prepare', Type: 'Processing', Arguments: {} }),
  },
});
