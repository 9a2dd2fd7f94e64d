import { rule } from '../../define-rule';
import { is, isSet, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { inside } from '../structure';
import { INLINE_JOB, JOB_DEFINITIONS, SCHEDULE } from './monitoring-jobs';

/** Explanations need answers from a shadow endpoint, so isolation must be off there (Developer Guide, "Give Clarify jobs access to resources in your VPC"). */
const ASKS_MODEL = 'AWS::SageMaker::ModelExplainabilityJobDefinition';

/** Monitoring jobs see every captured request: they run isolated and in the owner's VPC, and encrypt what they exchange. */
export const sageMakerMonitoringIsolated = rule({
  id: 'SageMakerMonitoringIsolated',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: {
    securityHub: [9, 10, 11, 12, 13, 14, 15, 22, 25].map((number) => `SageMaker.${number}`),
    nist80053: ['SC-7', 'SC-8'],
    atlas: ['AML.T0024'],
  },
  why: 'A monitoring container reads all captured requests and answers, and with a network it can send them out.',
  fix: 'Set NetworkConfig with EnableNetworkIsolation, EnableInterContainerTrafficEncryption and VpcConfig; explainability jobs ask the model, so they take the VPC alone.',
  requires: {
    ...Object.fromEntries(Object.keys(JOB_DEFINITIONS).map((type) => [type, isolated('', type !== ASKS_MODEL)])),
    [SCHEDULE]: [whenSet(INLINE_JOB, isolated(`${INLINE_JOB}.`, true))],
  },
  configRules: [
    'SAGEMAKER_DATA_QUALITY_JOB_ENCRYPT_IN_TRANSIT',
    'SAGEMAKER_DATA_QUALITY_JOB_ISOLATION',
    'SAGEMAKER_MODEL_BIAS_JOB_ENCRYPT_IN_TRANSIT',
    'SAGEMAKER_MODEL_BIAS_JOB_ISOLATION',
    'SAGEMAKER_MODEL_EXPLAINABILITY_JOB_ENCRYPT_IN_TRANSIT',
    'SAGEMAKER_MODEL_QUALITY_JOB_DEFINITION_ISOLATION',
    'SAGEMAKER_MODEL_QUALITY_JOB_ENCRYPT_IN_TRANSIT',
    'SAGEMAKER_MONITORING_SCHEDULE_ISOLATION',
    'SAGEMAKER_MONITORING_SCHEDULE_TRAFFIC_ENCRYPTION',
  ],
  compliant: {
    Job: {
      Type: 'AWS::SageMaker::DataQualityJobDefinition',
      Properties: {
        NetworkConfig: {
          EnableNetworkIsolation: true,
          EnableInterContainerTrafficEncryption: true,
          VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        },
      },
    },
  },
  nonCompliant: { Job: { Type: 'AWS::SageMaker::DataQualityJobDefinition', Properties: {} } },
});

function isolated(at: string, withoutNetwork: boolean) {
  return [
    inside(`${at}NetworkConfig`, [
      ...(withoutNetwork ? [is(`${at}NetworkConfig.EnableNetworkIsolation`, true)] : []),
      is(`${at}NetworkConfig.EnableInterContainerTrafficEncryption`, true),
      isSet(`${at}NetworkConfig.VpcConfig.Subnets`),
      isSet(`${at}NetworkConfig.VpcConfig.SecurityGroupIds`),
    ]),
  ];
}
