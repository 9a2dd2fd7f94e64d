import { rule } from '../../define-rule';
import { isOwnKey, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { INLINE_JOB, JOB_DEFINITIONS, SCHEDULE } from './monitoring-jobs';
import { isOwnVolumeKey } from './volume-key';

/** What monitoring reads and what it reports are encrypted with a key of the owner. */
export const sageMakerMonitoringCmk = rule({
  id: 'SageMakerMonitoringCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'], owasp: ['LLM02:2025'] },
  why: 'Volumes of monitoring jobs hold captured requests, and reports quote them, outside the key that protects the capture itself.',
  fix: 'Set VolumeKmsKeyId of the cluster, where its instances take a key, and KmsKeyId of the output configuration.',
  requires: {
    ...Object.fromEntries(
      Object.entries(JOB_DEFINITIONS).map(([type, kind]) => [
        type,
        encrypted('JobResources.ClusterConfig', `${kind}JobOutputConfig`),
      ]),
    ),
    [SCHEDULE]: [
      whenSet(
        INLINE_JOB,
        encrypted(`${INLINE_JOB}.MonitoringResources.ClusterConfig`, `${INLINE_JOB}.MonitoringOutputConfig`),
      ),
    ],
  },
  compliant: {
    Job: {
      Type: 'AWS::SageMaker::DataQualityJobDefinition',
      Properties: {
        JobResources: { ClusterConfig: { VolumeKmsKeyId: 'key' } },
        DataQualityJobOutputConfig: { KmsKeyId: 'key' },
      },
    },
  },
  nonCompliant: {
    Job: {
      Type: 'AWS::SageMaker::DataQualityJobDefinition',
      Properties: { JobResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 } } },
    },
  },
});

function encrypted(cluster: string, output: string) {
  return [isOwnVolumeKey(`${cluster}.VolumeKmsKeyId`, `${cluster}.InstanceType`), isOwnKey(`${output}.KmsKeyId`)];
}
