import { JOB_STARTERS } from '../../../analysis';
import { rule } from '../../define-rule';
import { ERROR_FROM_LIMITED } from '../../rule';
import { inDefinitions, judgeJobs } from './job-parameters';
import { machine } from './samples';

/** Nobody opens a shell in a training container: the job does not enable remote debugging, which is off by default. */
export const sageMakerTrainingNoRemoteDebug = rule({
  id: 'SageMakerTrainingNoRemoteDebug',
  appliesTo: JOB_STARTERS,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.1.3'],
  crosswalk: { nist80053: ['AC-17', 'CM-7'] },
  why: 'A shell through Systems Manager reads the data of the job and changes the model while it is trained.',
  fix: 'Leave RemoteDebugConfig out, or set its EnableRemoteDebug to false.',
  claims: inDefinitions('EnableRemoteDebug'),
  beyondGuard: 'job definitions stand as text inside the definition',
  check: (resource) =>
    judgeJobs(resource, { TrainingJob: [{ path: 'RemoteDebugConfig.EnableRemoteDebug', expected: 'not true' }] }),
  compliant: machine({}),
  nonCompliant: machine({ RemoteDebugConfig: { EnableRemoteDebug: true } }),
});
